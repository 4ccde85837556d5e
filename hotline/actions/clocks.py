"""Clocks: when a step's limit starts, ends, falls away or goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Min
from django.utils import timezone

from catalog.models import Staff, TimeLimit, Unit
from catalog.rules.calendar import Due
from catalog.rules.limits import UNIT_STEPS, HandlingClass, Step
from catalog.snapshot import time_limit, working_calendar
from hotline.actions.errors import WrongInput
from hotline.models import Clock, Ticket
from hotline.models.clocks import LIVE
from hotline.queries.policies import ladder_on, region_path_of
from hotline.rules.clocks import (
    ClockState,
    DaysOutOfRange,
    Limit,
    choose_days,
    count_limit,
)
from hotline.rules.escalation import PlannedRung, plan_rungs


def start_clock(
    ticket: Ticket,
    step: Step,
    *,
    at: dt.datetime,
    days: int | None = None,
    unit: Unit | None = None,
) -> Clock:
    """Start the step's limit: its policy row, the working days counted from `at` by the calendar of
    the place that must act, and the ladder planned. `days` None: the policy's default. `unit`: who
    must act, when it is not the lead unit.

    Raises WrongInput when `days` is outside the policy row.
    """
    handling_class = HandlingClass(ticket.handling_class)
    row, days = limit_of(step, handling_class, at, days)
    acting = (unit or ticket.lead_unit) if step in UNIT_STEPS else None
    clock = Clock(
        ticket=ticket,
        step=step,
        limit=row,
        handling_class=handling_class,
        unit=acting,
        region=acting.region if acting else ticket.center,
        days=days,
        started_at=at,
    )
    set_count(clock, count_clock(clock))
    clock.save()
    refresh_due(ticket)
    return clock


def limit_of(
    step: Step, handling_class: HandlingClass, at: dt.datetime, days: int | None
) -> tuple[TimeLimit, int]:
    """The policy row that holds at `at`, and the days by it: `days`, or its default. Raises WrongInput
    when `days` is outside the row."""
    row = time_limit(step, handling_class, timezone.localdate(at))
    try:
        return row, choose_days(_as_limit(row), days)
    except DaysOutOfRange as error:
        raise WrongInput("days", str(error)) from error


def count_clock(clock: Clock) -> Due:
    """When the clock's days are over by the calendar as it is now, with the extension granted and
    without the time in which it stood still."""
    return count_limit(
        working_calendar(),
        step=Step(clock.step),
        handling_class=HandlingClass(clock.handling_class),
        days=clock.days,
        started_at=timezone.localtime(clock.started_at),
        region_path=region_path_of(clock.region),
        extra_days=clock.extra_days,
        pauses=clock.pauses_over,
    )


# What a count decides of a clock.
COUNT_FIELDS = ("due_at", "counted", "skipped", "is_provisional", "rungs", "next_rung_at")


def set_count(clock: Clock, due: Due, sent: Collection[str] = ()) -> None:
    """Write a count into a clock, unsaved, with the ladder of the day on which it started; `sent` are
    the codes of the rungs that were noticed. A clock that stands still or is held has no next one."""
    rungs = plan_rungs(
        ladder_on(timezone.localdate(clock.started_at)),
        step=Step(clock.step),
        handling_class=HandlingClass(clock.handling_class),
        due=due,
        calendar=working_calendar(),
        region_path=region_path_of(clock.region),
    )
    clock.due_at = due.due_at
    clock.counted = [day.isoformat() for day in due.counted]
    clock.skipped = [{"date": day.isoformat(), "why": why} for day, why in due.skipped]
    clock.is_provisional = due.provisional
    quiet = {rung["code"] for rung in clock.rungs if rung.get("quiet")}
    clock.rungs = [_as_json(rung, quiet=rung.code in quiet) for rung in rungs]
    _set_next_rung(clock, sent)


def recount_clock(clock: Clock) -> None:
    """Count the clock anew and save it, whatever of it was changed."""
    set_count(clock, count_clock(clock), sent_codes(clock))
    clock.save()


def keep_limit(clock: Clock) -> None:
    """Save the clock with its limit as it was promised, whatever the calendar is by now, and with the
    rung that comes next."""
    _set_next_rung(clock, sent_codes(clock))
    clock.save()


def end_clock(ticket: Ticket, step: Step, *, at: dt.datetime, unit: Unit | None = None) -> None:
    """The step was done at `at`, by `unit` alone if one is named. Without effect when no such clock
    runs."""
    _stop(ticket, step, ClockState.ENDED, at, unit)


def drop_clock(ticket: Ticket, step: Step, *, at: dt.datetime) -> None:
    """The step fell away. Without effect when no such clock runs."""
    _stop(ticket, step, ClockState.DROPPED, at)


def pause_clock(ticket: Ticket, step: Step, *, at: dt.datetime) -> None:
    """The time stands still from `at` on: nothing is due and nobody is told."""
    clock = ticket.clocks.get(step=step, state=ClockState.RUNNING)
    clock.state = ClockState.PAUSED
    clock.pauses = [*clock.pauses, {"from": at.isoformat(), "to": None}]
    clock.next_rung_at = None
    clock.save(update_fields=["state", "pauses", "next_rung_at"])


def resume_clock(ticket: Ticket, step: Step, *, at: dt.datetime) -> None:
    """The clock goes on. If it stood still, its limit moves by the time that took; if the step was
    done but not well enough, the old limit holds."""
    clock = ticket.clocks.filter(step=step, state__in=(ClockState.PAUSED, ClockState.ENDED)).latest(
        "id"
    )
    stood = clock.state == ClockState.PAUSED
    clock.state = ClockState.RUNNING
    clock.ended_at = None
    if stood:
        clock.pauses = [*clock.pauses[:-1], clock.pauses[-1] | {"to": at.isoformat()}]
        recount_clock(clock)
    else:
        keep_limit(clock)


def running_clock(ticket: Ticket, step: Step) -> Clock:
    """The step's clock that runs or stands still. Raises Clock.DoesNotExist."""
    return ticket.clocks.get(step=step, state__in=LIVE)


def note_act(ticket: Ticket, by: Staff | None, *, at: dt.datetime) -> None:
    """The unit did something about its part: for a while nobody urges it."""
    if by is not None:
        ticket.clocks.filter(unit=by.unit_id, state__in=LIVE).update(acted_at=at)


def sent_codes(clock: Clock) -> set[str]:
    """Codes of the clock's rungs that are behind it: noticed, or left out because the unit had just
    acted."""
    quiet = {rung["code"] for rung in clock.rungs if rung.get("quiet")}
    return quiet | {notice.code for notice in clock.notices.all()}


def reopen_limit(ticket: Ticket, at: dt.datetime) -> dt.datetime:
    """Until when a ticket closed at `at` may be opened again."""
    days = time_limit(
        Step.REOPEN, HandlingClass(ticket.handling_class), timezone.localdate(at)
    ).default_days
    return (
        working_calendar()
        .count_forward(timezone.localtime(at), days, region_path_of(ticket.center))
        .due_at
    )


def refresh_due(ticket: Ticket) -> None:
    """Write the earliest limit that is running to `Ticket.due_at`, for the queues."""
    ticket.due_at = ticket.clocks.filter(state=ClockState.RUNNING).aggregate(due=Min("due_at"))[
        "due"
    ]
    Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at)


def _stop(
    ticket: Ticket, step: Step, state: ClockState, at: dt.datetime, unit: Unit | None = None
) -> None:
    clocks = ticket.clocks.filter(step=step, state__in=LIVE)
    if unit is not None:
        clocks = clocks.filter(unit=unit)
    clocks.update(state=state, ended_at=at, next_rung_at=None, is_held=False)


def _set_next_rung(clock: Clock, sent: Collection[str]) -> None:
    waits = clock.state != ClockState.RUNNING or clock.is_held
    clock.next_rung_at = None if waits else next_rung_at_of(clock.rungs, sent)


def _as_limit(row: TimeLimit) -> Limit:
    return Limit(
        Step(row.step),
        HandlingClass(row.handling_class) if row.handling_class else None,
        row.min_days,
        row.default_days,
        row.max_days,
    )


def _as_json(rung: PlannedRung, *, quiet: bool) -> dict[str, Any]:
    """`quiet`: left out, because the unit had just acted when it came."""
    plain = {
        "code": rung.code,
        "rung": rung.rung.value,
        "audience": rung.audience.value,
        "at": rung.at.isoformat(),
    }
    return plain | {"quiet": True} if quiet else plain


def next_rung_at_of(rungs: list[dict[str, Any]], sent: Collection[str]) -> dt.datetime | None:
    left = [dt.datetime.fromisoformat(rung["at"]) for rung in rungs if rung["code"] not in sent]
    return min(left, default=None)
