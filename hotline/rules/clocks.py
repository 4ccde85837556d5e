"""A clock: how long one step may take, and how its limit is counted and told."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from catalog.rules.calendar import CLOSES, DAY_ENDS, OFFICE_DAY, SHANGHAI, Due, WorkingCalendar
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


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch, both moments aware, in which a clock stood still."""

    start: dt.datetime
    end: dt.datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("暂停的起止时间缺少时区。")
        if self.end < self.start:
            raise ValueError("暂停的结束时间早于开始时间。")


@dataclass(frozen=True, slots=True)
class Standstill:
    """The pauses of a clock together. `time`: the office time that they took, or all of their time for
    a clock that runs `round_the_clock`; `provisional`: a year not yet published took part in it."""

    pauses: int
    time: dt.timedelta
    round_the_clock: bool
    provisional: bool


def choose_days(limit: Limit, wanted: int | None) -> int:
    """The days promised: `wanted` if the policy row allows it, its default when None."""
    if wanted is None:
        return limit.default_days
    if not limit.min_days <= wanted <= limit.max_days:
        raise DaysOutOfRange(
            f"该类工单的时限应为 {limit.min_days} 至 {limit.max_days} 个工作日，不能是 {wanted} 个。"
        )
    return wanted


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
    """When `days` and the extension's `extra_days` working days from `started_at` are over (design,
    section 4), moved on by the time that the pauses took after `started_at`.

    The day of receipt does not count. An urgent matter's handling is on a 24-hour footing: it ends
    with the last day, not with office hours. The days of the result go on to the day on which the
    limit ends after its pauses. Raises ValueError for overlapping pauses or a negative extension.
    """
    if extra_days < 0:
        raise ValueError(f"延期的工作日数不能为负数，不能是 {extra_days}。")
    stood = time_stood(
        calendar,
        step=step,
        handling_class=handling_class,
        started_at=started_at,
        region_path=region_path,
        pauses=pauses,
    )
    closes = DAY_ENDS if stood.round_the_clock else CLOSES
    due = calendar.count_forward(started_at, days + extra_days, region_path, closes=closes)
    if not stood.pauses:
        return due
    end = (
        due.due_at + stood.time
        if stood.round_the_clock
        else calendar.add_working_time(due.due_at, stood.time, region_path)
    )
    moved = calendar.limit_until(started_at, end, region_path)
    # A pause after the limit may reach a year that the limit does not.
    return replace(moved, provisional=moved.provisional or stood.provisional)


def time_stood(
    calendar: WorkingCalendar,
    *,
    step: Step,
    handling_class: HandlingClass,
    started_at: dt.datetime,
    region_path: tuple[str, ...],
    pauses: tuple[Pause, ...],
) -> Standstill:
    """How long a clock stood still after `started_at`. Raises ValueError for overlapping pauses."""
    in_order = sorted(pauses, key=lambda pause: (pause.start, pause.end))
    if any(later.start < earlier.end for earlier, later in pairwise(in_order)):
        raise ValueError("暂停的时间有重叠。")
    round_the_clock = _is_round_the_clock(step, handling_class)
    after = [
        replace(pause, start=max(pause.start, started_at))
        for pause in in_order
        if pause.end > started_at
    ]
    time = sum(
        (
            pause.end - pause.start
            if round_the_clock
            else calendar.working_time(pause.start, pause.end, region_path)
            for pause in after
        ),
        dt.timedelta(0),
    )
    provisional = not round_the_clock and any(
        calendar.is_provisional(pause.start, pause.end) for pause in after
    )
    return Standstill(len(after), time, round_the_clock, provisional)


def number_days(
    calendar: WorkingCalendar,
    counted: tuple[dt.date, ...],
    *,
    step: Step,
    handling_class: HandlingClass,
    days: int,
    started_at: dt.datetime,
    region_path: tuple[str, ...],
    pauses: tuple[Pause, ...],
) -> dict[dt.date, int | None]:
    """Which of the limit's `days` (those of the extension among them) each of `counted` was, at its
    end; None for one on which the clock stood still all the time.

    A day on which it stood still for some hours goes on into the next: both bear its number. What it
    stood still on the day of receipt, which is not counted, is given back after the last day.
    """
    round_the_clock = _is_round_the_clock(step, handling_class)
    length = dt.timedelta(days=1) if round_the_clock else OFFICE_DAY
    numbers: dict[dt.date, int | None] = {}
    begin = dt.datetime.combine(started_at.astimezone(SHANGHAI).date(), DAY_ENDS, SHANGHAI)
    gone_before = dt.timedelta(0)
    for index, day in enumerate(counted, 1):
        end = dt.datetime.combine(day, DAY_ENDS if round_the_clock else CLOSES, SHANGHAI)
        stood = time_stood(
            calendar,
            step=step,
            handling_class=handling_class,
            started_at=begin,
            region_path=region_path,
            pauses=tuple(
                replace(pause, end=min(pause.end, end)) for pause in pauses if pause.start < end
            ),
        )
        gone = index * length - stood.time
        full = -(-gone // length)  # a day begun is that day
        numbers[day] = min(max(full, 1), days) if gone > gone_before else None
        gone_before = max(gone, gone_before)
    return numbers


def _is_round_the_clock(step: Step, handling_class: HandlingClass) -> bool:
    return handling_class is HandlingClass.URGENT and step is Step.HANDLE
