"""Limits that were counted with a provisional calendar, counted again when the calendar is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from catalog.rules.calendar import Due
from catalog.rules.limits import HandlingClass, Step
from hotline.actions.clocks import COUNT_FIELDS, count_clock, refresh_due, sent_codes, set_count
from hotline.actions.events import record_event
from hotline.models import Clock, Ticket
from hotline.models.clocks import LIVE

BATCH = 500


@dataclass(frozen=True, slots=True)
class Move:
    """A promise that is due at another moment by the calendar as it is now."""

    ticket: str
    step: Step
    handling_class: HandlingClass
    old: dt.datetime
    new: dt.datetime


@dataclass(frozen=True, slots=True)
class Recount:
    """`counted`: provisional clocks that run; `moves`: those that are due at another moment."""

    counted: int
    moves: tuple[Move, ...]


def plan_recount(report: Callable[[int], None] = lambda done: None) -> Recount:
    """What `recount_clocks` would do; changes nothing. `report` is told how many were counted."""
    moves: list[Move] = []
    counted = 0
    for counted, clock in enumerate(_provisional().iterator(BATCH), start=1):
        due = count_clock(clock)
        if due.due_at != clock.due_at:
            moves.append(_move(clock, due))
        if counted % BATCH == 0:
            report(counted)
    return Recount(counted, tuple(moves))


def recount_clocks(
    *, at: dt.datetime, report: Callable[[int], None] = lambda done: None
) -> Recount:
    """Count every running provisional clock again; those that a published calendar settles are
    provisional no more. A promise that moves leaves an event with both moments. A second run finds
    nothing to do. Limits counted with published days alone stay as they were promised.

    One transaction a ticket, so that it never holds one while it waits for another: who answers a
    ticket holds it while taking those merged into it.
    """
    moves: list[Move] = []
    settled: set[int] = set()
    counted = 0
    # Looked at without a lock first: tickets that stay as they are keep nobody waiting.
    for counted, clock in enumerate(_provisional().iterator(BATCH), start=1):
        if _changes(clock, count_clock(clock)):
            settled.add(clock.ticket_id)
        if counted % BATCH == 0:
            report(counted)
    for pk in sorted(settled):
        moves += _recount_ticket(pk, at)
    return Recount(counted, tuple(moves))


@transaction.atomic
def _recount_ticket(pk: int, at: dt.datetime) -> list[Move]:
    # The ticket first, as every step does: nobody ends the clock meanwhile, and none waits for us the
    # other way round.
    ticket = Ticket.objects.select_for_update().get(pk=pk)
    moves = []
    for clock in _provisional().filter(ticket=ticket):
        due = count_clock(clock)
        if due.due_at != clock.due_at:
            moves.append(_move(clock, due))
            record_event(ticket, "clock_moved", by=None, at=at, data=_as_data(clock, due))
        set_count(clock, due, sent_codes(clock))
        clock.save(update_fields=COUNT_FIELDS)
    refresh_due(ticket)
    return moves


def _provisional() -> QuerySet[Clock]:
    return (
        Clock.objects.filter(state__in=LIVE, is_provisional=True)
        .select_related("ticket", "region", "unit")
        .order_by("pk")
    )


def _changes(clock: Clock, due: Due) -> bool:
    return due.due_at != clock.due_at or not due.provisional


def _move(clock: Clock, due: Due) -> Move:
    return Move(
        clock.ticket.number or "",
        Step(clock.step),
        HandlingClass(clock.handling_class),
        clock.due_at,
        due.due_at,
    )


def _as_data(clock: Clock, due: Due) -> dict[str, object]:
    return {
        "clock": clock.pk,
        "step": clock.step,
        "old": timezone.localtime(clock.due_at).isoformat(),
        "new": due.due_at.isoformat(),
    }
