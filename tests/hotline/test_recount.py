"""A calendar that becomes known moves the promises that were counted with a provisional one."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.calendar_loading import load_calendar
from catalog.models import CalendarDay, CalendarYear
from catalog.rules.limits import Step
from catalog.snapshot import forget_snapshot
from hotline.actions import recount
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.events import record_event
from hotline.actions.handle import sign_ticket
from hotline.actions.intake import register_ticket
from hotline.actions.sweep import sweep_clocks
from hotline.models import Clock, Event
from hotline.queries.timeline import timeline_of
from hotline.queries.verification import chain_faults
from tests.catalog.spoil import write_rows
from tests.catalog.test_calendar_loading import PUBLISHED
from tests.conftest import NOW

# Monday 28 December 2026: the five days are 29, 30, 31 December, then Monday 4 and Tuesday 5 January
# by the provisional calendar of 2027, which knows nothing but 1 January. `PUBLISHED` is made up: it
# takes Monday 4 January off and works on Saturday 9.
LATE = dt.datetime(2026, 12, 28, 10, 0, tzinfo=NOW.tzinfo)


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "2027.csv"
    write_rows(path, PUBLISHED)
    yield path
    forget_snapshot()


@pytest.fixture
def late(dispatched, choice, operator, clerk, intake):
    """Two tickets that are handled: one due within 2026, one due in 2027."""
    sign_ticket(dispatched, by=clerk, at=NOW)
    ticket, _ = register_ticket(intake=intake, key="two", by=operator, at=LATE)
    dispatch_ticket(ticket, choice=choice, co_units=[], by=operator, at=LATE)
    sign_ticket(ticket, by=clerk, at=LATE)
    return ticket


def handling(ticket) -> Clock:
    return ticket.clocks.get(step=Step.HANDLE)


def due(ticket) -> str:
    return f"{timezone.localtime(handling(ticket).due_at):%Y-%m-%d %H:%M}"


def test_exactly_the_provisional_promise_moves(late, dispatched, notice, capsys):
    before = due(dispatched)
    assert due(late) == "2027-01-05 17:30"
    call_command("load_calendar", notice, year=2027)
    assert due(late) == "2027-01-06 17:30"
    assert due(dispatched) == before
    clock = handling(late)
    assert not clock.is_provisional
    assert clock.counted[-2:] == ["2027-01-05", "2027-01-06"]
    assert {"date": "2027-01-04", "why": "元旦"} in clock.skipped
    late.refresh_from_db()
    assert late.due_at == clock.due_at
    said = capsys.readouterr().out
    assert "时限 1 个，其中已移动 1 个" in said
    assert f"{late.number} 办理（一般）：2027-01-05 17:30 改为 2027-01-06 17:30" in said


def test_the_move_is_told_in_the_history(late, notice, operator):
    call_command("load_calendar", notice, verbosity=0)
    assert [event.ticket for event in Event.objects.filter(kind="clock_moved")] == [late]
    line = timeline_of(late, viewer=operator)[0]
    assert line.title == "放假安排公布，时限重新计算"
    assert line.detail == "办理时限由 1月5日 17:30 改为 1月6日 17:30"
    assert list(chain_faults()) == []


def test_notices_follow_the_moved_promise_and_none_comes_twice(late, notice):
    # The morning after the third day, by both calendars before the notice is known.
    sweep_clocks(now=dt.datetime(2027, 1, 4, 9, 0, tzinfo=NOW.tzinfo))
    sent = set(handling(late).notices.values_list("code", flat=True))
    assert sent
    call_command("load_calendar", notice, verbosity=0)
    clock = handling(late)
    assert clock.next_rung_at == dt.datetime(2027, 1, 6, 9, 0, tzinfo=NOW.tzinfo)
    sweep_clocks(now=dt.datetime(2027, 1, 6, 9, 0, tzinfo=NOW.tzinfo))
    codes = list(handling(late).notices.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) > len(sent)


def test_preview_tells_and_changes_nothing(late, notice, capsys):
    call_command("load_calendar", notice, preview=True)
    said = capsys.readouterr().out
    assert "其中将移动 1 个" in said
    assert "没有载入任何内容" in said
    assert due(late) == "2027-01-05 17:30"
    assert CalendarYear.objects.get(year=2027).is_provisional
    assert not CalendarDay.objects.filter(document="示例通知").exists()
    assert not Event.objects.filter(kind="clock_moved").exists()


def test_second_load_moves_nothing(late, notice, capsys):
    call_command("load_calendar", notice, verbosity=0)
    call_command("load_calendar", notice)
    assert "移动" not in capsys.readouterr().out
    assert Event.objects.filter(kind="clock_moved").count() == 1


def test_wrong_file_changes_nothing(late, tmp_path):
    path = tmp_path / "2027.csv"
    write_rows(path, [*PUBLISHED, ["2027-02-30", "", "0", "春节", "示例通知"]])
    with pytest.raises(CommandError, match="第 5 行"):
        call_command("load_calendar", path)
    assert due(late) == "2027-01-05 17:30"
    assert CalendarYear.objects.get(year=2027).is_provisional


def test_ended_promise_stays_as_it_was(late, notice):
    Clock.objects.filter(pk=handling(late).pk).update(state="ended", ended_at=LATE)
    call_command("load_calendar", notice, verbosity=0)
    assert due(late) == "2027-01-05 17:30"


def test_each_ticket_is_counted_in_a_transaction_of_its_own(
    late, notice, operator, clerk, choice, intake, monkeypatch
):
    """A run that fails half way keeps what it has done, and the next goes on from there."""
    other, _ = register_ticket(intake=intake, key="three", by=operator, at=LATE)
    dispatch_ticket(other, choice=choice, co_units=[], by=operator, at=LATE)
    load_calendar(notice, year=2027)
    forget_snapshot()

    def fail_on_the_second(ticket, *args, **kwargs):
        if ticket == other:
            raise RuntimeError("half way")
        return record_event(ticket, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(recount, "record_event", fail_on_the_second)
        with pytest.raises(RuntimeError):
            recount.recount_clocks(at=LATE)
    assert (due(late), due(other)) == ("2027-01-06 17:30", "2027-01-05 17:30")
    recount.recount_clocks(at=LATE)
    assert due(other) == "2027-01-06 17:30"
