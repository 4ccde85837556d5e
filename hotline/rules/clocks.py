"""A clock: how long one step may take, and how its limit is counted and told."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from catalog.rules.calendar import Due, WorkingCalendar
from catalog.rules.limits import HandlingClass, Step


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"  # the caller is being asked: the time stands still
    ENDED = "ended"  # the step was done; in time or late is told by ended_at against due_at
    DROPPED = "dropped"  # the step fell away (an accepted return): neither kept nor missed


CLOCK_STATE_NAMES: dict[ClockState, str] = {
    ClockState.RUNNING: "计时中",
    ClockState.PAUSED: "已暂停",
    ClockState.ENDED: "已完成",
    ClockState.DROPPED: "已终止",
}


class DaysOutOfRange(ValueError):
    """The number of working days asked for is not within the policy row."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A policy row: working days allowed for `step` in `handling_class` (None: any)."""

    step: Step
    handling_class: HandlingClass | None
    min_days: int
    default_days: int
    max_days: int


def choose_days(limit: Limit, wanted: int | None) -> int:
    """The days promised: `wanted` if the policy row allows it, its default when None."""
    if wanted is None:
        return limit.default_days
    if not limit.min_days <= wanted <= limit.max_days:
        raise DaysOutOfRange(
            f"该类工单的时限应为 {limit.min_days} 至 {limit.max_days} 个工作日，不能是 {wanted} 个。"
        )
    return wanted


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still; both moments aware."""

    start: dt.datetime
    end: dt.datetime


def count_limit(
    calendar: WorkingCalendar,
    *,
    step: Step,
    handling_class: HandlingClass,
    days: int,
    started_at: dt.datetime,
    region_path: tuple[str, ...],
    extra_days: int = 0,
    pauses: tuple[Pause, ...] = (),
) -> Due:
    """When `days` working days from `started_at` are over (design, section 4).

    The day of receipt does not count. An urgent matter's handling is on a 24-hour footing: it ends
    with the last day, not with office hours.
    """
    if handling_class is HandlingClass.URGENT and step is Step.HANDLE:
        return calendar.count_forward(started_at, days, region_path, closes=dt.time(23, 59, 59))
    return calendar.count_forward(started_at, days, region_path)
