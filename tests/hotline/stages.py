"""Short ways along a ticket's life, for tests of what comes after."""

from __future__ import annotations

import datetime as dt
from typing import Any

from catalog.models import Staff, Unit
from catalog.rules.limits import Step
from hotline.actions.feedback import check_reply
from hotline.actions.handle import reply_to_ticket, return_ticket, rule_on_return
from hotline.models import Clock, Ticket
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.clocks import ClockState


def unit(code: str) -> Unit:
    return Unit.objects.get(code=code)


def running(ticket: Ticket) -> set[str]:
    """Steps whose clocks run."""
    return set(ticket.clocks.filter(state=ClockState.RUNNING).values_list("step", flat=True))


def clock_of(ticket: Ticket, step: Step = Step.HANDLE) -> Clock:
    """The step's last clock, as the database has it."""
    return ticket.clocks.filter(step=step).latest("id")


def event_of(ticket: Ticket, kind: str) -> dict[str, Any]:
    """What the last event of that kind holds."""
    return ticket.events.filter(kind=kind).latest("sequence").data


def answer(ticket: Ticket, *, by: Staff, at: dt.datetime) -> None:
    reply_to_ticket(ticket, text="已修复。", without="与协办无关", by=by, at=at)


def pass_answer(ticket: Ticket, *, unit_by: Staff, by: Staff, at: dt.datetime) -> None:
    """The unit answers what it handles, and the answer passes."""
    answer(ticket, by=unit_by, at=at)
    check_reply(ticket, verdict=Verdict.APPROVED, note="", by=by, at=at)


def give_back(ticket: Ticket, *, by: Staff, at: dt.datetime) -> None:
    return_ticket(ticket, reason="不归本单位", basis="目录", by=by, at=at)


def take_back(ticket: Ticket, *, by: Staff, at: dt.datetime) -> None:
    rule_on_return(ticket, ruling=Ruling.ACCEPTED, note="同意", by=by, at=at)
