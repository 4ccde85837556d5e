"""The supervisor's page on the router."""

import datetime as dt

import pytest
from django.urls import reverse

from hotline.models import Decision
from hotline.queries.routing_quality import routing_quality
from tests.conftest import NOW


@pytest.fixture
def decisions(dispatched):
    """Ten decisions on one ticket's suggestion in this week, three of them with another item, and
    four in the week before, all as suggested."""
    first = dispatched.decisions.get()
    Decision.objects.filter(pk=first.pk).delete()
    plan = [(NOW, ["item"])] * 3 + [(NOW, [])] * 7 + [(NOW - dt.timedelta(days=7), [])] * 4
    for at, changed in plan:
        row = Decision.objects.create(
            ticket=dispatched,
            suggestion=first.suggestion,
            platform="12345",
            item=first.item,
            region=first.region,
            lead_unit=first.lead_unit,
            handling_class="general",
            changed=changed,
            by=first.by,
        )
        Decision.objects.filter(pk=row.pk).update(made_at=at)
    return dispatched


def test_weeks_and_items(decisions, supervisor):
    quality = routing_quality(supervisor, now=NOW)
    # Nothing was suggested before: those weeks are left out.
    assert len(quality.weeks) == 2
    assert [week.suggestions for week in quality.weeks[-2:]] == [4, 10]
    assert quality.weeks[-1].item_changed == pytest.approx(30.0)
    assert quality.weeks[-2].changed == 0
    item = quality.items[0]
    assert (item.suggestions, item.changed) == (14, 3)
    assert item.rates[-1] == pytest.approx(30.0)
    assert quality.index is None


def test_only_own_tickets_count(decisions, make_staff):
    from catalog.rules.roles import Role

    other = make_staff("other", Role.SUPERVISOR, region="632800")
    assert routing_quality(other, now=NOW).total == 0


def test_page_and_export(decisions, supervisor, client):
    Decision.objects.update(made_at=dt.datetime.now(dt.UTC))
    client.force_login(supervisor)
    page = client.get(reverse("routing-quality")).content.decode()
    assert "polyline" in page
    assert "路灯故障" in page
    file = client.get(reverse("routing-quality"), {"export": "csv"})
    assert file["Content-Type"].startswith("text/csv")
    assert "12345-020602" in file.content.decode()


def test_empty_page_says_what_to_do(supervisor, client):
    client.force_login(supervisor)
    assert "还没有人确认过" in client.get(reverse("routing-quality")).content.decode()


def test_others_are_refused(operator, clerk, client):
    for person in (operator, clerk):
        client.force_login(person)
        assert client.get(reverse("routing-quality")).status_code == 403
