"""Clocks told to people: a sentence and a small calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from catalog.rules.limits import HandlingClass, Step
from catalog.snapshot import working_calendar
from hotline.models import Clock, Ticket
from hotline.models.clocks import LIVE
from hotline.queries.policies import region_path_of
from hotline.rules.clocks import time_stood
from hotline.rules.counting import DayCell, explain_count, weeks_of


@dataclass(frozen=True, slots=True)
class ToldClock:
    clock: Clock
    sentence: str
    weeks: list[list[DayCell | None]]
    is_late: bool
    is_running: bool


def clocks_told(ticket: Ticket, *, now: dt.datetime) -> list[ToldClock]:
    """Every limit of the ticket, the running ones first."""
    clocks = ticket.clocks.select_related("limit", "unit", "region")
    told = [_tell(clock, now) for clock in clocks]
    return sorted(told, key=lambda one: (not one.is_running, -one.clock.pk))


def _tell(clock: Clock, now: dt.datetime) -> ToldClock:
    counted = tuple(dt.date.fromisoformat(day) for day in clock.counted)
    skipped = {dt.date.fromisoformat(row["date"]): row["why"] for row in clock.skipped}
    started = timezone.localtime(clock.started_at)
    stood = time_stood(
        working_calendar(),
        step=Step(clock.step),
        handling_class=HandlingClass(clock.handling_class),
        started_at=started,
        region_path=region_path_of(clock.region),
        pauses=clock.pauses_over,
    )
    due = timezone.localtime(clock.due_at)
    return ToldClock(
        clock,
        explain_count(
            started,
            due,
            counted,
            skipped,
            provisional=clock.is_provisional,
            days=clock.days,
            extra_days=clock.extra_days,
            stood=stood,
        ),
        weeks_of(started.date(), counted, skipped),
        clock.is_late(now),
        clock.state in LIVE,
    )
