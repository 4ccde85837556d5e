"""The page of the thresholds: defaults told, the zones kept in order, every process told."""

import pytest
from django.urls import reverse

from catalog.models import Staff
from catalog.rules.roles import Role
from routing.models import Threshold
from routing.policies import current_thresholds, forget_thresholds
from routing.rules.confidence import Thresholds

pytestmark = pytest.mark.django_db
ADD = "admin:routing_threshold_add"


@pytest.fixture
def boss(client):
    client.force_login(
        Staff.objects.create_superuser("boss", password="only-for-tests", role=Role.ADMINISTRATOR),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    yield client
    forget_thresholds()


def test_a_threshold_set_here_is_in_force_and_its_deletion_brings_the_default_back(boss):
    answer = boss.post(reverse(ADD), {"name": "automatic", "value": "0.97"})
    assert answer.status_code == 302
    assert current_thresholds().automatic == 0.97
    row = Threshold.objects.get()
    assert "0.97" in boss.get(reverse("admin:routing_threshold_changelist")).content.decode()
    boss.post(reverse("admin:routing_threshold_delete", args=[row.pk]), {"post": "yes"})
    assert current_thresholds() == Thresholds()
    assert [entry.history_type for entry in Threshold.history.all()] == ["-", "+"]


def test_zones_out_of_order_are_refused_with_both_numbers(boss):
    page = boss.post(reverse(ADD), {"name": "suggestion", "value": "0.96"}).content.decode()
    assert "不能高于“直接采用”的下限（0.93）" in page
    assert not Threshold.objects.exists()


def test_a_value_that_is_no_probability_is_refused(boss):
    page = boss.post(reverse(ADD), {"name": "urgent", "value": "1.5"}).content.decode()
    assert "小于或等于" in page
    assert not Threshold.objects.exists()


def test_every_threshold_can_be_set():
    names = {name for name, _ in Threshold._meta.get_field("name").choices}
    assert names == set(Thresholds.__dataclass_fields__)
