"""What the caller may do on the progress page, and that nobody else may."""

import datetime as dt

import pytest
import time_machine
from django.core import signing
from django.core.cache import cache
from django.urls import reverse

from hotline.actions.extension import ask_extension, rule_on_extension
from hotline.actions.handle import sign_ticket
from hotline.actions.intake import register_ticket
from hotline.actions.merge import merge_ticket
from hotline.actions.supplement import ask_caller
from hotline.rules.states import State
from tests.conftest import NOW

PHONE = "13800000001"
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def clock(db):
    cache.clear()
    with time_machine.travel(NOW + dt.timedelta(hours=2), tick=False) as traveller:
        yield traveller


@pytest.fixture
def shown(client, clock):
    """The page that the caller of a ticket is shown."""

    def post(ticket):
        answer = client.post(reverse("progress"), {"number": ticket.number, "phone": PHONE})
        assert answer.status_code == 200
        return answer

    return post


@pytest.fixture
def press(client):
    def post(move, token):
        return client.post(reverse("citizen-move", args=[move]), {"token": token})

    return post


def test_caller_urges_once_a_day_and_is_told_why_not_again(shown, press, dispatched):
    token = shown(dispatched).context["token"]
    answer = press("urge", token)
    assert answer.status_code == 200
    assert "已催办" in answer.content.decode()
    assert dispatched.events.get(kind="urge").by is None
    again = press("urge", token)
    assert again.status_code == 409
    assert "一个工作日内只能催办一次" in again.content.decode()
    assert dispatched.events.filter(kind="urge").count() == 1


def test_caller_withdraws_for_good(shown, press, dispatched):
    page = shown(dispatched)
    assert "不能恢复" in page.content.decode()
    answer = press("withdraw", page.context["token"])
    assert answer["Cache-Control"] == "no-store"
    dispatched.refresh_from_db()
    assert dispatched.state == State.WITHDRAWN
    refused = press("urge", page.context["token"])
    assert refused.status_code == 409
    assert "已按您的要求撤回" in refused.content.decode()


def test_page_older_than_half_an_hour_does_nothing(shown, press, clock, dispatched):
    token = shown(dispatched).context["token"]
    clock.shift(dt.timedelta(minutes=31))
    answer = press("withdraw", token)
    assert answer.status_code == 403
    assert "重新查询" in answer.content.decode()
    dispatched.refresh_from_db()
    assert dispatched.state == State.DISPATCHED


def test_acting_does_not_make_the_token_live_longer(shown, press, clock, dispatched):
    token = shown(dispatched).context["token"]
    clock.shift(dt.timedelta(minutes=20))
    assert press("urge", token).context["token"] == token


@pytest.mark.parametrize(
    "token",
    ["", "1", "x:y:z", signing.dumps(1), signing.dumps(1, salt="other")],
    ids=["empty", "number", "no signature", "no salt", "other salt"],
)
def test_token_not_made_by_the_page_does_nothing(press, dispatched, token):
    assert press("withdraw", token).status_code == 403
    dispatched.refresh_from_db()
    assert dispatched.state == State.DISPATCHED


def test_token_holds_no_telephone_and_the_page_no_secret(shown, dispatched):
    page = shown(dispatched)
    assert PHONE not in page.content.decode()
    assert PHONE not in str(signing.loads(page.context["token"], salt="progress"))


def test_other_moves_are_not_the_callers(shown, press, dispatched):
    token = shown(dispatched).context["token"]
    for move in ("close", "change_limit", "nonsense"):
        assert press(move, token).status_code == 404


def test_acting_is_by_post_alone(client, dispatched):
    assert client.get(reverse("citizen-move", args=["urge"])).status_code == 405


def test_paused_and_extended_limits_are_told_in_plain_words(shown, dispatched, clerk, supervisor):
    sign_ticket(dispatched, by=clerk, at=NOW)
    ask_extension(dispatched, days=3, reason="要订灯具", by=clerk, at=LATER)
    assert "热线正在审批" in shown(dispatched).content.decode()
    rule_on_extension(dispatched, granted=True, note="", by=supervisor, at=LATER)
    assert "延长 3 个工作日" in shown(dispatched).content.decode()
    ask_caller(dispatched, question="哪一盏灯", by=clerk, at=LATER)
    page = shown(dispatched)
    assert "暂停计时" in page.content.decode()
    assert [move for move, *_ in page.context["buttons"]] == ["withdraw"]


def test_merged_ticket_tells_the_limit_of_its_master_and_not_its_number(
    shown, dispatched, intake, operator
):
    follower, _ = register_ticket(intake=intake, key="two", by=operator, at=NOW)
    merge_ticket(follower, master=dispatched, by=operator, at=LATER)
    page = shown(follower)
    words = page.content.decode()
    assert "与同一事项的其他诉求一并办理" in words
    assert dispatched.number not in words
    assert page.context["progress"].promised_at is not None
