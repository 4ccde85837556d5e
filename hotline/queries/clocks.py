"""Clocks told to people: a sentence and a small calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypedDict

from django.utils import timezone

from catalog.models import Staff
from catalog.rules.limits import HandlingClass, Step
from catalog.snapshot import working_calendar
from hotline.models import Clock, Ticket
from hotline.models.clocks import LIVE
from hotline.queries.policies import region_path_of
from hotline.rules.clocks import ClockState, Pause, number_days, time_stood
from hotline.rules.counting import DayCell, explain_count, weeks_of


@dataclass(frozen=True, slots=True)
class ToldClock:
    """`is_running`: the step is not done, also while the clock stands still. `paused_at`: since when
    it does. `is_own`: the one clock that matters most to who looks."""

    clock: Clock
    sentence: str
    weeks: list[list[DayCell | None]]
    is_late: bool
    is_running: bool
    paused_at: dt.datetime | None
    is_own: bool


class _Ran(TypedDict):
    """How a clock ran, for the rules."""

    step: Step
    handling_class: HandlingClass
    started_at: dt.datetime
    region_path: tuple[str, ...]
    pauses: tuple[Pause, ...]


def clocks_told(ticket: Ticket, *, viewer: Staff, now: dt.datetime) -> list[ToldClock]:
    """Every limit of the ticket: the viewer's own first, then the others that run, what is due first,
    then those that are over."""
    clocks = list(ticket.clocks.select_related("limit", "unit", "region"))
    own = _own(clocks, viewer)
    told = [_tell(clock, clock is own, now) for clock in clocks]
    running = [one for one in told if one.is_running]
    over = [one for one in told if not one.is_running]
    return sorted(running, key=lambda one: (not one.is_own, one.clock.due_at)) + over[::-1]


def nearest(told: list[ToldClock]) -> Clock | None:
    """The clock that runs out next."""
    running = [one.clock for one in told if one.is_running and one.paused_at is None]
    return min(running, key=lambda clock: clock.due_at, default=None)


def _own(clocks: list[Clock], viewer: Staff) -> Clock | None:
    """What binds the viewer's side: the handling before the rest, else what is due first."""
    live = [clock for clock in clocks if clock.state in LIVE]
    side = viewer.unit_id if viewer.works_for_unit else None
    mine = [clock for clock in live if clock.unit_id == side]
    return min(
        mine or live, key=lambda clock: (clock.step != Step.HANDLE, clock.due_at), default=None
    )


def _tell(clock: Clock, is_own: bool, now: dt.datetime) -> ToldClock:
    counted = tuple(dt.date.fromisoformat(day) for day in clock.counted)
    skipped = {dt.date.fromisoformat(row["date"]): row["why"] for row in clock.skipped}
    started = timezone.localtime(clock.started_at)
    ran = _Ran(
        step=Step(clock.step),
        handling_class=HandlingClass(clock.handling_class),
        started_at=started,
        region_path=region_path_of(clock.region),
        pauses=clock.pauses_over,
    )
    stood = time_stood(working_calendar(), **ran)
    numbers = number_days(working_calendar(), counted, days=clock.days + clock.extra_days, **ran)
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
        weeks_of(started.date(), numbers, skipped),
        clock.is_late(now) and clock.state != ClockState.PAUSED,
        clock.state in LIVE,
        dt.datetime.fromisoformat(clock.pauses[-1]["from"])
        if clock.state == ClockState.PAUSED
        else None,
        is_own,
    )
