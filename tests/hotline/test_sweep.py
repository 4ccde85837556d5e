"""Notices: each rung once, in office hours, whatever crashes or runs at the same time."""

import datetime as dt
import threading

import pytest
from django.db import connection

from catalog.rules.limits import HandlingClass, Rung, Step
from catalog.rules.roles import Role
from hotline.actions.handle import reply_to_ticket, sign_ticket
from hotline.actions.sweep import sweep_clocks
from hotline.models import Clock, Notice
from hotline.queries.notices import notices_for
from tests.conftest import NOW


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=NOW.tzinfo)


def sent(step=Step.HANDLE):
    return list(
        Notice.objects.filter(clock__step=step).order_by("id").values_list("rung", flat=True)
    )


@pytest.fixture
def handling(dispatched, clerk):
    """Five working days from Friday 20 November: 23, 24, 25, 26, 27 November, due 17:30."""
    sign_ticket(dispatched, by=clerk, at=NOW)
    return dispatched


def test_nothing_is_sent_before_its_time(handling):
    assert sweep_clocks(now=at(25, 23, 59)) == 0


def test_ladder_in_order(handling):
    expected = [
        # Half of five days: the morning after day 3 (Wednesday 25 November).
        (at(26, 9), [Rung.URGE]),
        (at(27, 8, 59), [Rung.URGE]),
        # The last working day begins.
        (at(27, 9), [Rung.URGE] * 2),
        (at(27, 17, 31), [Rung.URGE] * 2),
        # Missed on Friday 17:30: told on Monday 30 November, in office hours.
        (at(30, 9), [Rung.URGE] * 2 + [Rung.SUPERVISE]),
        # Two and five working days after: 1 and 4 December.
        (at(1, 9, month=12), [Rung.URGE] * 2 + [Rung.SUPERVISE, Rung.SUMMON]),
        (at(4, 9, month=12), [Rung.URGE] * 2 + [Rung.SUPERVISE, Rung.SUMMON, Rung.REPORT]),
        (at(20, 9, month=12), [Rung.URGE] * 2 + [Rung.SUPERVISE, Rung.SUMMON, Rung.REPORT]),
    ]
    for moment, rungs in expected:
        sweep_clocks(now=moment)
        assert sent() == rungs, moment


def test_second_sweep_at_the_same_moment_sends_nothing(handling):
    assert sweep_clocks(now=at(30, 9)) == 3
    assert sweep_clocks(now=at(30, 9)) == 0


def test_step_done_in_time_is_not_noticed(handling, clerk):
    reply_to_ticket(handling, text="已修复。", by=clerk, at=at(24, 10))
    sweep_clocks(now=at(20, 9, month=12))
    assert sent() == []


def test_notice_reaches_the_right_people_alone(handling, clerk, leader, stranger, supervisor):
    sweep_clocks(now=at(30, 9))
    assert [notice.rung for notice in notices_for(clerk)] == [Rung.URGE, Rung.URGE]
    assert [notice.rung for notice in notices_for(leader)] == [Rung.SUPERVISE, Rung.URGE, Rung.URGE]
    assert not notices_for(stranger)
    assert not notices_for(supervisor)
    sweep_clocks(now=at(4, 9, month=12))
    assert [notice.audience for notice in notices_for(supervisor)] == [Role.SUPERVISOR]


def test_notices_are_events_of_the_ticket(handling):
    sweep_clocks(now=at(30, 9))
    events = handling.events.filter(kind="notice").order_by("sequence")
    assert [event.data["code"] for event in events] == [
        "handle-urge-half",
        "handle-urge-last",
        "handle-supervise",
    ]


def test_urgent_matter_is_noticed_at_night(registered, choice, operator, clerk):
    import dataclasses

    from hotline.actions.dispatch import dispatch_ticket

    urgent = dataclasses.replace(choice, handling_class=HandlingClass.URGENT)
    dispatch_ticket(registered, choice=urgent, by=operator, at=NOW)
    sign_ticket(registered, by=clerk, at=NOW)
    # Friday 10:00; on a 24-hour footing until the end of Monday 23 November.
    clock = registered.clocks.get(step=Step.HANDLE)
    assert clock.due_at == dt.datetime(2026, 11, 23, 23, 59, 59, tzinfo=NOW.tzinfo)
    sweep_clocks(now=at(24, 0, 1))
    assert Rung.SUPERVISE in sent()


@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_send_each_notice_once(stage, handling):
    ready = threading.Barrier(3)
    errors = []

    def run():
        try:
            ready.wait()
            sweep_clocks(now=at(4, 9, month=12))
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
    assert sent() == [Rung.URGE, Rung.URGE, Rung.SUPERVISE, Rung.SUMMON, Rung.REPORT]


def test_sweep_killed_between_two_notices_leaves_none_out_and_doubles_none(handling, monkeypatch):
    """The process dies while it writes the second notice of a clock: the clock's transaction is
    rolled back whole, and the next sweep sends all."""
    from hotline.actions import sweep

    real = sweep._send_notice
    calls = []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args)

    monkeypatch.setattr(sweep, "_send_notice", dies)
    with pytest.raises(KeyboardInterrupt):
        sweep_clocks(now=at(30, 9))
    monkeypatch.undo()
    assert sent() == []
    sweep_clocks(now=at(30, 9))
    assert sent() == [Rung.URGE, Rung.URGE, Rung.SUPERVISE]


def test_clock_row_tells_when_the_next_rung_comes(handling):
    clock = Clock.objects.get(ticket=handling, step=Step.HANDLE)
    assert clock.next_rung_at == at(26, 9)
    sweep_clocks(now=at(26, 9))
    clock.refresh_from_db()
    assert clock.next_rung_at == at(27, 9)
