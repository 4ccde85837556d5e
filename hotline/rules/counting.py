"""How a limit was counted, in words and as a calendar."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from hotline.rules.clocks import Standstill

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the small calendar. `kind`: start, counted, last, skipped; `note`: its number or
    why it does not count."""

    day: dt.date
    kind: str
    note: str


def explain_count(
    started: dt.datetime,
    due: dt.datetime,
    counted: tuple[dt.date, ...],
    skipped: Mapping[dt.date, str],
    *,
    provisional: bool,
    days: int | None = None,
    extra_days: int = 0,
    stood: Standstill | None = None,
) -> str:
    """The count in one sentence: from when, which days do not count and why, until when.

    `days`: the working days first promised, without `extra_days`, those of the extension; None: all
    of `counted`, which holds more days than were promised when pauses (`stood`) moved the end.
    """
    parts = [f"{started:%-m月%-d日 %H:%M} 起算，当日不计"]
    if counted:
        parts.append(f"第 1 个工作日为 {_day(counted[0])}")
    reasons = [
        f"{_span(days)}（{why}）"
        for why, days in (
            (why, list(run)) for why, run in groupby(sorted(skipped), key=lambda day: skipped[day])
        )
    ]
    if reasons:
        parts.append(f"不计 {'、'.join(reasons)}")
    if extra_days:
        parts.append(f"批准延期 {extra_days} 个工作日")
    if stood is not None and stood.pauses:
        parts.append(f"暂停 {stood.pauses} 次，{_standstill(stood)}")
    total = len(counted) if days is None else days + extra_days
    parts.append(f"共 {total} 个工作日，{due:%-m月%-d日 %H:%M} 到期")
    sentence = "；".join(parts) + "。"
    if provisional:
        sentence += (
            "其中部分日期的放假安排尚未公布，按周一至周五扣除法定节假日暂算，公布后重新计算。"
        )
    return sentence


def weeks_of(
    started: dt.date, numbers: Mapping[dt.date, int | None], skipped: Mapping[dt.date, str]
) -> list[list[DayCell | None]]:
    """Rows of seven from Monday, from the day of receipt to the end of the limit, which after a pause
    of an urgent matter may be no working day; None outside of it. `numbers`: as of `number_days`."""
    if not numbers:
        return []
    first = started - dt.timedelta(days=started.weekday())
    last = max(numbers)
    end = max((last, *skipped))
    weeks: list[list[DayCell | None]] = []
    day = first
    while day <= end:
        week: list[DayCell | None] = []
        for _ in range(7):
            week.append(_cell(day, started, last, numbers, skipped))
            day += dt.timedelta(days=1)
        weeks.append(week)
    return weeks


def _cell(
    day: dt.date,
    started: dt.date,
    last: dt.date,
    numbers: Mapping[dt.date, int | None],
    skipped: Mapping[dt.date, str],
) -> DayCell | None:
    if day == started:
        return DayCell(day, "start", "起算")
    if day in numbers:
        number = numbers[day]
        if number is None:
            return DayCell(day, "skipped", "暂停")
        return DayCell(day, "last" if day == last else "counted", f"第{number}天")
    if day in skipped:
        return DayCell(day, "skipped", skipped[day])
    return None


def _standstill(stood: Standstill) -> str:
    if not stood.time:
        return "未占工作时间"
    hours, minutes = divmod(stood.time // dt.timedelta(minutes=1), 60)
    parts = [f"{hours} 小时"] * (hours > 0) + [f"{minutes} 分"] * (minutes > 0)
    length = f"共 {' '.join(parts)}" if parts else "不足 1 分"
    return f"{length}{'' if stood.round_the_clock else '工作时间'}不计"


def _day(day: dt.date) -> str:
    return f"{day:%-m月%-d日}（周{WEEKDAYS[day.weekday()]}）"


def _span(days: list[dt.date]) -> str:
    """Days in a row as a stretch: 10月1日至7日."""
    runs: list[list[dt.date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(
        f"{run[0]:%-m月%-d日}" + (f"至{run[-1]:%-m月%-d日}" if len(run) > 1 else "") for run in runs
    )
