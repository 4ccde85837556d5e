"""When each rung of the ladder comes for one clock."""

import datetime as dt
from dataclasses import dataclass

from catalog.rules.calendar import CLOSES, OPENS, SHANGHAI, Due, WorkingCalendar
from catalog.rules.limits import HandlingClass, Rung, Step, Trigger
from catalog.rules.roles import Role


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One policy row of the ladder. `step` None: every clock. `offset_days`: working days after the
    limit, for `Trigger.OVERDUE` alone."""

    code: str
    step: Step | None
    rung: Rung
    trigger: Trigger
    offset_days: int
    audience: Role


@dataclass(frozen=True, slots=True)
class PlannedRung:
    """A rung with its moment. Frozen with the clock, so that a later change of policy moves no
    promise already given."""

    code: str
    rung: Rung
    audience: Role
    at: dt.datetime


def plan_rungs(
    ladder: tuple[LadderStep, ...],
    *,
    step: Step,
    handling_class: HandlingClass,
    due: Due,
    calendar: WorkingCalendar,
    region_path: tuple[str, ...],
) -> tuple[PlannedRung, ...]:
    """The rungs of one clock in order of time.

    Notices go out in office hours; those of urgent matters at any time (design, section 4). Half of
    the limit is the morning of working day ceil(n/2)+1 of n, so a one-day limit has none; the last
    day is urged in its morning. Local settings: the two documents name the measures but no moments.
    """
    urgent = handling_class is HandlingClass.URGENT
    planned = []
    for row in ladder:
        if row.step is not None and row.step is not step:
            continue
        at = _moment(row, due, calendar, region_path, urgent)
        if at is not None:
            planned.append(PlannedRung(row.code, row.rung, row.audience, at))
    return tuple(sorted(planned, key=lambda rung: (rung.at, list(Rung).index(rung.rung))))


def is_quiet(
    rung: Rung,
    acted_at: dt.datetime | None,
    at: dt.datetime,
    calendar: WorkingCalendar,
    region_path: tuple[str, ...],
) -> bool:
    """Whether a rung that comes at `at` is left out because the unit has just acted: urging alone, less
    than one working day's office time after `acted_at` (local setting)."""
    if rung is not Rung.URGE or acted_at is None:
        return False
    first, last = acted_at.astimezone(SHANGHAI), at.astimezone(SHANGHAI)
    passed = dt.timedelta(0)
    for offset in range((last.date() - first.date()).days + 1):
        day = first.date() + dt.timedelta(days=offset)
        if calendar.is_workday(day, region_path):
            closing = dt.datetime.combine(day, CLOSES, SHANGHAI)
            within = min(last, closing) - max(first, calendar.opening(day))
            passed += max(within, dt.timedelta(0))
    day_length = dt.datetime.combine(dt.date.min, CLOSES) - dt.datetime.combine(dt.date.min, OPENS)
    return passed < day_length


def _moment(
    row: LadderStep,
    due: Due,
    calendar: WorkingCalendar,
    region_path: tuple[str, ...],
    urgent: bool,
) -> dt.datetime | None:
    days = due.counted
    if row.trigger is Trigger.HALF:
        half = (len(days) + 1) // 2
        return calendar.opening(days[half]) if half < len(days) - 1 else None
    if row.trigger is Trigger.LAST_DAY:
        return calendar.opening(days[-1])
    if row.offset_days == 0:
        # The limit is missed the second after it ends; nobody is told at night but of urgent matters.
        missed = due.due_at + dt.timedelta(seconds=1)
        return missed if urgent else calendar.office_time_at_or_after(missed, region_path)
    day = calendar.add_working_days(due.due_at.date(), row.offset_days, region_path)
    return calendar.opening(day)
