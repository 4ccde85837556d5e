"""The checks of the crash run find what they are there for."""

import datetime as dt

import pytest
import time_machine
from django.db.models import QuerySet

from catalog.rules.limits import Step
from hotline.actions.events import record_event
from hotline.actions.handle import reply_as_co_handler, reply_to_ticket, sign_ticket
from hotline.actions.sweep import sweep_clocks
from hotline.models import Assignment, Clock, Event, Notice, Reply, Ticket
from hotline.rules.states import State
from tests.conftest import NOW
from tests.load.invariants import check_everything

LATER = NOW + dt.timedelta(days=30)


@pytest.fixture
def swept(dispatched, clerk, co_clerk):
    """Signed at once, a part of its co-handler; every rung of the handling clock was told."""
    sign_ticket(dispatched, by=clerk, at=NOW)
    reply_as_co_handler(dispatched, text="已配合。", by=co_clerk, at=NOW + dt.timedelta(minutes=1))
    sweep_clocks(now=LATER)
    return dispatched


@pytest.fixture(autouse=True)
def on_that_day():
    """The day is not over: the chains are checked, and no more is asked of the history yet."""
    with time_machine.travel(NOW):
        yield


def faults() -> str:
    return "\n".join(check_everything(now=LATER).faults)


def test_history_written_by_the_actions_holds(swept):
    findings = check_everything(now=LATER)
    assert findings.faults == []
    assert findings.figures["expected"] == findings.figures["found"] > 0


def test_answered_ticket_holds(swept, clerk):
    swept.refresh_from_db()
    reply_to_ticket(swept, text="已修复。", by=clerk, at=LATER)
    assert faults() == ""


def test_rung_that_nobody_was_told_of_is_found(swept):
    Notice.objects.filter(code="handle-summon").delete()
    assert "handle-summon" in faults()
    assert "was never told" in faults()


def test_notice_without_its_event_is_found(swept):
    QuerySet(Event).filter(ticket=swept, data__code="handle-report").delete()
    assert "1 notices, 0 events" in faults()
    assert "末尾的事件被删除" in faults()


def test_rung_told_twice_is_found(swept):
    """A second event; the second notice is refused by the database itself."""
    twice = Event.objects.filter(ticket=swept, kind="notice").latest("sequence").data
    record_event(swept, "notice", by=None, at=LATER, data=twice)
    assert "told 1 times, with 2 events" in faults()


def test_clock_left_behind_is_found(swept):
    Clock.objects.filter(step=Step.HANDLE).update(next_rung_at=NOW)
    assert "left behind" in faults()


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda t: Ticket.objects.filter(pk=t.pk).update(state=State.REPLIED), "its events say"),
        (lambda t: Ticket.objects.filter(pk=t.pk).update(version=9), "version 9"),
        (lambda t: Ticket.objects.filter(pk=t.pk).update(due_at=NOW), "its clocks say"),
        (lambda t: t.clocks.filter(step=Step.HANDLE).update(state="ended"), "clocks [] run"),
        (lambda t: t.clocks.filter(step=Step.SIGN).update(ended_at=LATER), "how it ended"),
        (lambda t: t.assignments.filter(part="lead").update(signed_at=None), "signed at None"),
        (lambda t: t.assignments.filter(part="lead").delete(), "no assignment"),
        (lambda t: Reply.objects.all().delete(), "0 replies as co, 1 events"),
        (lambda t: Assignment.objects.filter(part="co").update(replied_at=LATER), "answered at"),
        (lambda t: Notice.objects.update(sent_at=NOW), "told too early"),
    ],
)
def test_half_a_step_is_found(swept, spoil, what):
    spoil(swept)
    assert what in faults()


def test_notice_after_the_end_of_its_clock_is_found(swept):
    """The step that ended the clock came before, the notice tells of it all the same."""
    Clock.objects.filter(step=Step.HANDLE).update(state="ended", ended_at=NOW, next_rung_at=None)
    assert "told after the clock ended" in faults()
