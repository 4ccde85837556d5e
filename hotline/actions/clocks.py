"""Clocks: when a step's limit starts, ends, falls away or goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from catalog.models import Region, TimeLimit
from catalog.rules.calendar import Due
from catalog.rules.limits import RUNG_NAMES, STEP_NAMES, HandlingClass, Rung, Step
from catalog.rules.roles import UNIT_ROLES, Role
from catalog.snapshot import time_limit, working_calendar
from hotline.actions.errors import WrongInput
from hotline.actions.events import record_event
from hotline.models import Clock, Notice, Ticket
from hotline.queries.policies import ladder_on, region_path_of
from hotline.rules.clocks import ClockState, DaysOutOfRange, Limit, choose_days, count_limit
from hotline.rules.escalation import PlannedRung, plan_rungs


def start_clock(
    ticket: Ticket,
    step: Step,
    *,
    at: dt.datetime,
    days: int | None = None,
) -> Clock:
    """Start the step's limit: its policy row, the working days counted from `at` by the calendar of
    the place that must act, and the ladder planned. `days` None: the policy's default.

    Raises WrongInput when `days` is outside the policy row.
    """
    handling_class = HandlingClass(ticket.handling_class)
    row = time_limit(step, handling_class, timezone.localdate(at))
    try:
        days = choose_days(_as_limit(row), days)
    except DaysOutOfRange as error:
        raise WrongInput("days", str(error)) from error
    clock = Clock(
        ticket=ticket,
        step=step,
        limit=row,
        handling_class=handling_class,
        unit=ticket.lead_unit if step in (Step.SIGN, Step.HANDLE) else None,
        region=_acting_region(ticket, step),
        days=days,
        started_at=at,
    )
    set_count(clock, count_clock(clock))
    clock.save()
    refresh_due(ticket)
    return clock


def count_clock(clock: Clock) -> Due:
    """When the clock's days are over by the calendar as it is now."""
    return count_limit(
        working_calendar(),
        step=Step(clock.step),
        handling_class=HandlingClass(clock.handling_class),
        days=clock.days,
        started_at=timezone.localtime(clock.started_at),
        region_path=region_path_of(clock.region),
    )


# What a count decides of a clock.
COUNT_FIELDS = ("due_at", "counted", "skipped", "is_provisional", "rungs", "next_rung_at")


def set_count(clock: Clock, due: Due, sent: Collection[str] = ()) -> None:
    """Write a count into a clock, unsaved, with the ladder of the day on which it started; `sent` are
    the codes of the rungs that were noticed."""
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
    clock.rungs = [_as_json(rung) for rung in rungs]
    clock.next_rung_at = next_rung_at_of(clock.rungs, sent)


def end_clock(ticket: Ticket, step: Step, *, at: dt.datetime) -> None:
    """The step was done at `at`. Without effect when no such clock runs."""
    _stop(ticket, step, ClockState.ENDED, at)


def drop_clock(ticket: Ticket, step: Step, *, at: dt.datetime) -> None:
    """The step fell away. Without effect when no such clock runs."""
    _stop(ticket, step, ClockState.DROPPED, at)


def resume_clock(ticket: Ticket, step: Step) -> None:
    """The step last done was not good enough: its clock goes on with its old limit."""
    clock = ticket.clocks.filter(step=step, state=ClockState.ENDED).latest("id")
    sent = set(clock.notices.values_list("code", flat=True))
    clock.state = ClockState.RUNNING
    clock.ended_at = None
    clock.next_rung_at = next_rung_at_of(clock.rungs, sent)
    clock.save(update_fields=["state", "ended_at", "next_rung_at"])


def refresh_due(ticket: Ticket) -> None:
    """Write the earliest limit that is running to `Ticket.due_at`, for the queues."""
    ticket.due_at = ticket.clocks.filter(state=ClockState.RUNNING).aggregate(due=Min("due_at"))[
        "due"
    ]
    Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at)


def _stop(ticket: Ticket, step: Step, state: ClockState, at: dt.datetime) -> None:
    ticket.clocks.filter(step=step, state=ClockState.RUNNING).update(
        state=state, ended_at=at, next_rung_at=None
    )


def _acting_region(ticket: Ticket, step: Step) -> Region:
    """The place whose calendar counts: the unit's for the unit's steps, else the hotline's."""
    if step in (Step.SIGN, Step.HANDLE) and ticket.lead_unit is not None:
        return ticket.lead_unit.region
    return ticket.center


def _as_limit(row: TimeLimit) -> Limit:
    return Limit(
        Step(row.step),
        HandlingClass(row.handling_class) if row.handling_class else None,
        row.min_days,
        row.default_days,
        row.max_days,
    )


def _as_json(rung: PlannedRung) -> dict[str, str]:
    return {
        "code": rung.code,
        "rung": rung.rung.value,
        "audience": rung.audience.value,
        "at": rung.at.isoformat(),
    }


def next_rung_at_of(rungs: list[dict[str, Any]], sent: Collection[str]) -> dt.datetime | None:
    left = [dt.datetime.fromisoformat(rung["at"]) for rung in rungs if rung["code"] not in sent]
    return min(left, default=None)
