"""Who is told what, once, and when."""

import datetime as dt
import threading

import pytest
from django.db import connection

from catalog.models import Region
from catalog.rules.limits import Rung
from catalog.rules.roles import Role
from hotline.actions import outbox
from hotline.actions.delivery import claim_message
from hotline.actions.handle import sign_ticket
from hotline.actions.intake import Intake, register_ticket
from hotline.actions.outbox import tell_caller, tell_notices
from hotline.models import Message, Notice
from hotline.rules.intake import Channel
from hotline.rules.messages import MOST_SINGLE, CallerMessage, MessageState
from tests.conftest import NOW, TEXT
from tests.hotline.conftest import PHONE

# Friday 20 November 2026, 20:00; offices open again on Monday at nine.
EVENING = NOW.replace(hour=20)
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=NOW.tzinfo)


def told():
    """(username, channel, number of notices) of every message that is not cancelled."""
    live = Message.objects.exclude(state=MessageState.CANCELLED).order_by("pk")
    return [(one.staff.username, one.channel, one.notices.count()) for one in live]


def test_each_person_of_the_role_is_told_by_the_way_there_is(
    notify, clerk, leader, stranger, make_staff, give_mobile
):
    give_mobile(clerk)
    with_mail = make_staff("second", Role.UNIT_CLERK, unit="630100-housing")
    with_mail.email = "second@example.com"
    with_mail.save()
    make_staff("third", Role.UNIT_CLERK, unit="630100-housing")  # has the inbox alone
    left = make_staff("left", Role.UNIT_CLERK, unit="630100-housing")
    left.is_active = False
    left.save()
    give_mobile(left)
    for other in (leader, stranger):
        give_mobile(other)
    notify()
    assert tell_notices(now=NOW) == 1
    assert told() == [("clerk", "sms", 1), ("second", "email", 1)]
    assert Notice.objects.get().told_at == NOW


def test_unit_without_a_leader_is_told_through_its_clerks(notify, clerk, give_mobile):
    give_mobile(clerk)
    notify(role=Role.UNIT_LEADER, rung=Rung.SUPERVISE)
    tell_notices(now=NOW)
    assert told() == [("clerk", "sms", 1)]


def test_centre_without_a_supervisor_is_told_through_its_province(
    notify, supervisor, make_staff, give_mobile
):
    give_mobile(supervisor)
    xining = Region.objects.get(code="630100")
    notify(role=Role.SUPERVISOR, center=xining)
    tell_notices(now=NOW)
    assert told() == [("supervisor", "sms", 1)]
    own = make_staff("xining", Role.SUPERVISOR, region="630100")
    give_mobile(own)
    notify(role=Role.SUPERVISOR, center=xining)
    tell_notices(now=NOW)
    assert told()[1:] == [("xining", "sms", 1)]


def test_nobody_to_tell_leaves_the_inbox_and_does_not_come_up_again(notify):
    notify(role=Role.GOVERNMENT)
    assert tell_notices(now=NOW) == 1
    assert tell_notices(now=NOW) == 0
    assert not Message.objects.exists()


def test_notice_waits_for_the_office_and_an_urgent_one_does_not(notify, clerk, give_mobile):
    give_mobile(clerk)
    notify()
    notify(urgent=True)
    tell_notices(now=EVENING)
    normal, urgent = Message.objects.order_by("is_urgent")
    assert (normal.not_before, urgent.not_before) == (MONDAY, EVENING)
    assert claim_message(now=EVENING) == urgent
    assert claim_message(now=EVENING) is None
    assert claim_message(now=MONDAY) is not None


def test_few_are_told_each_and_many_as_one(notify, clerk, leader, give_mobile):
    give_mobile(clerk)
    give_mobile(leader)
    notify(MOST_SINGLE, role=Role.UNIT_LEADER)
    notify(24)
    notify(3, rung=Rung.SUPERVISE)
    tell_notices(now=NOW)
    assert sorted(told()) == [("clerk", "sms", 27)] + [("leader", "sms", 1)] * 3
    digest = Message.objects.get(staff=clerk)
    assert "27 条待办提醒：督办 3、催办 24，最早的时限为11月23日17:30" in digest.text
    assert digest.ticket is None


def test_what_still_waits_is_taken_up_into_one_message(notify, clerk, give_mobile):
    give_mobile(clerk)
    for moment in (EVENING, EVENING, EVENING):
        notify()
        tell_notices(now=moment)
    assert told() == [("clerk", "sms", 3)]
    assert Message.objects.get(state=MessageState.WAITING).not_before == MONDAY
    assert Message.objects.filter(state=MessageState.CANCELLED).count() == 2


def test_reminder_of_a_step_done_meanwhile_is_not_sent(notify, dispatched, clerk, give_mobile):
    give_mobile(clerk)
    notify()
    tell_notices(now=EVENING)
    sign_ticket(dispatched, by=clerk, at=EVENING)
    assert claim_message(now=MONDAY) is None
    message = Message.objects.get()
    assert message.state == MessageState.CANCELLED
    assert "已办理" in message.last_error


def test_missed_limit_is_told_although_the_step_was_done_late(
    notify, dispatched, clerk, give_mobile
):
    give_mobile(clerk)
    notify()
    notify(rung=Rung.SUMMON)
    tell_notices(now=EVENING)
    sign_ticket(dispatched, by=clerk, at=EVENING)
    told = claim_message(now=MONDAY)
    assert [notice.rung for notice in told.notices.all()] == [Rung.SUMMON]
    assert claim_message(now=MONDAY) is None


def test_message_in_a_workers_hand_is_not_taken_up(notify, clerk, give_mobile):
    give_mobile(clerk)
    notify()
    tell_notices(now=NOW)
    claim_message(now=NOW)
    notify()
    tell_notices(now=NOW)
    assert told() == [("clerk", "sms", 1)] * 2


def test_run_killed_half_way_loses_nothing_and_doubles_nothing(
    notify, clerk, leader, give_mobile, monkeypatch
):
    give_mobile(clerk)
    give_mobile(leader)
    notify()
    notify(role=Role.UNIT_LEADER)
    real = outbox._tell_person
    calls = []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(outbox, "_tell_person", dies)
    with pytest.raises(KeyboardInterrupt):
        tell_notices(now=NOW)
    monkeypatch.undo()
    assert told() == []
    assert tell_notices(now=NOW) == 2
    assert sorted(told()) == [("clerk", "sms", 1), ("leader", "sms", 1)]


@pytest.mark.django_db(transaction=True)
def test_three_runs_at_once_tell_each_notice_once(stage, notify, clerk, leader, give_mobile):
    give_mobile(clerk)
    give_mobile(leader)
    notify(12)
    notify(2, role=Role.UNIT_LEADER)
    ready = threading.Barrier(3)
    errors = []

    def run():
        try:
            ready.wait()
            tell_notices(now=NOW, batch=4)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    tell_notices(now=NOW, batch=4)  # rows that every run found locked by another
    live = Message.objects.exclude(state=MessageState.CANCELLED)
    for notice in Notice.objects.all():
        assert live.filter(notices=notice).count() == 1
    # Whoever came later took up what the others had written.
    assert live.filter(staff=clerk).count() == 1


def test_same_key_again_is_the_same_message(registered):
    first = tell_caller(registered, CallerMessage.REGISTERED, NOW)
    assert tell_caller(registered, CallerMessage.REGISTERED, NOW) == first
    assert tell_caller(registered, CallerMessage.WITHDRAWN, NOW) != first
    assert Message.objects.count() == 2


def test_caller_is_told_of_the_end_by_day_alone(registered):
    at_once = tell_caller(registered, CallerMessage.REGISTERED, NOW.replace(hour=23))
    later = tell_caller(registered, CallerMessage.ANSWERED, NOW.replace(hour=23))
    assert at_once.not_before == NOW.replace(hour=23)
    assert later.not_before == NOW.replace(day=21, hour=8)


@pytest.mark.parametrize(
    ("phone", "channel"),
    [("", Channel.PHONE), ("0971-6000000", Channel.PHONE), ("13800000001", Channel.POLICE)],
)
def test_who_cannot_or_must_not_be_told_is_not(operator, phone, channel):
    intake = Intake(content=TEXT, channel=channel, phone=phone)
    ticket, _ = register_ticket(intake=intake, key="k", by=operator, at=NOW)
    assert tell_caller(ticket, CallerMessage.REGISTERED, NOW) is None
    assert not Message.objects.exists()


def test_rows_of_the_outbox_hold_no_personal_data(notify, clerk, registered, give_mobile):
    give_mobile(clerk)
    notify()
    tell_notices(now=NOW)
    for kind in CallerMessage:
        tell_caller(registered, kind, NOW)
    kept = str(list(Message.objects.values()))
    for private in ("13800000001", PHONE, "示例人", "路灯", "不应出现的文字"):
        assert private not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile FROM hotline_staffcontact")
        assert PHONE not in cursor.fetchone()[0]
