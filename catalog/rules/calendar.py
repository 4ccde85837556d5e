"""The working calendar: which days count, and when a number of working days is over.

Monday to Friday count, less the holidays and with the make-up workdays (调休) of the yearly notices of
the State Council's General Office, and with what a prefecture sets for itself
(全国年节及纪念日放假办法, article 4). Nothing is guessed: a year without rows is an error.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Office hours are a local setting: the documents speak of working days alone.
OPENS = dt.time(9, 0)
CLOSES = dt.time(17, 30)
# The office time of one working day.
OFFICE_DAY = dt.datetime.combine(dt.date.min, CLOSES) - dt.datetime.combine(dt.date.min, OPENS)
# An urgent matter is on a 24-hour footing: its last day ends with its last second.
DAY_ENDS = dt.time(23, 59, 59)

MAX_DAYS = 750
WEEKEND = "周末"


class CalendarMissing(LookupError):
    """A year has no rows. The message names the year and the mend."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"工作日历中没有 {year} 年的数据，无法计算时限。"
            f"请运行 python manage.py load_calendar 载入 {year} 年节假日安排。"
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day that differs from Monday-Friday, or that a prefecture sets otherwise."""

    is_workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit. `counted`: the working days, in order; `skipped`: the other days between
    receipt and the end, each with why; `provisional`: a year not yet published took part."""

    due_at: dt.datetime
    counted: tuple[dt.date, ...]
    skipped: tuple[tuple[dt.date, str], ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`days` maps a region's code (None: the whole country) to its days; a `region_path` is a tuple of
    region codes, smallest first, and the most local entry of a day wins.

    Every method raises CalendarMissing on reaching a year outside `known_years`.
    """

    days: Mapping[str | None, Mapping[dt.date, DayEntry]]
    provisional_years: frozenset[int]
    known_years: frozenset[int]

    def entry(self, day: dt.date, region_path: tuple[str, ...] = ()) -> DayEntry | None:
        """The most local entry of `day`; None for an ordinary day."""
        if day.year not in self.known_years:
            raise CalendarMissing(day.year)
        for region in (*region_path, None):
            found = self.days.get(region, {}).get(day)
            if found is not None:
                return found
        return None

    def is_workday(self, day: dt.date, region_path: tuple[str, ...] = ()) -> bool:
        found = self.entry(day, region_path)
        return day.weekday() < 5 if found is None else found.is_workday

    def is_provisional(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether a day from that of `start` to that of `end` is of a year not yet published."""
        years = range(_local(start).year, _local(end).year + 1)
        return not self.provisional_years.isdisjoint(years)

    def count_forward(
        self,
        received_at: dt.datetime,
        days: int,
        region_path: tuple[str, ...] = (),
        *,
        closes: dt.time = CLOSES,
    ) -> Due:
        """When `days` working days after `received_at` (aware) are over.

        The day of receipt does not count; day 1 is the next working day; the limit ends at `closes`,
        Beijing time, of the last one. Raises ValueError for a naive moment or days outside 1-750.
        """
        if not 1 <= days <= MAX_DAYS:
            raise ValueError(f"工作日数应为 1 至 {MAX_DAYS}，不能是 {days}。")
        last = self.add_working_days(_local(received_at).date(), days, region_path)
        return self.limit_until(
            received_at, dt.datetime.combine(last, closes, SHANGHAI), region_path
        )

    def limit_until(
        self, received_at: dt.datetime, due_at: dt.datetime, region_path: tuple[str, ...] = ()
    ) -> Due:
        """The limit from `received_at` to `due_at` (both aware), with every day after that of receipt
        up to that of the end."""
        end = _local(due_at)
        counted: list[dt.date] = []
        skipped: list[tuple[dt.date, str]] = []
        provisional = False
        for day in _days_after(_local(received_at).date(), end.date()):
            found = self.entry(day, region_path)
            provisional = provisional or day.year in self.provisional_years
            if day.weekday() < 5 if found is None else found.is_workday:
                counted.append(day)
            else:
                skipped.append((day, WEEKEND if found is None else found.name))
        return Due(end, tuple(counted), tuple(skipped), provisional)

    def urgent_due(self, received_at: dt.datetime, region_path: tuple[str, ...] = ()) -> Due:
        """The end of an urgent matter's one working day (青政办〔2022〕88号 三（四）4): 23:59:59 of the
        next working day, since urgent matters are handled round the clock (local setting)."""
        return self.count_forward(received_at, 1, region_path, closes=DAY_ENDS)

    def add_working_days(
        self, day: dt.date, count: int, region_path: tuple[str, ...] = ()
    ) -> dt.date:
        """The `count`-th working day after `day`; `day` itself for 0."""
        if not 0 <= count <= MAX_DAYS:
            raise ValueError(f"工作日数应为 0 至 {MAX_DAYS}，不能是 {count}。")
        while count:
            day += dt.timedelta(days=1)
            count -= self.is_workday(day, region_path)
        return day

    def working_days_between(
        self, start: dt.date, end: dt.date, region_path: tuple[str, ...] = ()
    ) -> int:
        """How many working days lie after `start` up to and with `end`; negative when `end` is first."""
        if end < start:
            return -self.working_days_between(end, start, region_path)
        return sum(self.is_workday(day, region_path) for day in _days_after(start, end))

    def working_time(
        self, start: dt.datetime, end: dt.datetime, region_path: tuple[str, ...] = ()
    ) -> dt.timedelta:
        """The office time (09:00-17:30 of working days) between two aware moments; none when `end` is
        not after `start`."""
        first, last = _local(start), _local(end)
        time = dt.timedelta(0)
        for day in _days_after(first.date() - dt.timedelta(days=1), last.date()):
            if self.is_workday(day, region_path):
                within = min(last, self.closing(day)) - max(first, self.opening(day))
                time += max(within, dt.timedelta(0))
        return time

    def add_working_time(
        self, moment: dt.datetime, amount: dt.timedelta, region_path: tuple[str, ...] = ()
    ) -> dt.datetime:
        """The moment at which `amount` of office time after `moment` (aware) is over: the closing of a
        day rather than the opening of the next; `moment` itself for none.

        Raises ValueError for a naive moment or a negative amount.
        """
        if amount < dt.timedelta(0):
            raise ValueError("工作时间不能为负数。")
        local = _local(moment)
        if not amount:
            return moment
        at = self.office_time_at_or_after(local, region_path)
        while amount > (left := self.closing(at.date()) - at):
            amount -= left
            at = self.opening(self.add_working_days(at.date(), 1, region_path))
        return at + amount

    def opening(self, day: dt.date) -> dt.datetime:
        """The moment at which offices open on `day`."""
        return dt.datetime.combine(day, OPENS, SHANGHAI)

    def closing(self, day: dt.date) -> dt.datetime:
        """The moment at which offices close on `day`."""
        return dt.datetime.combine(day, CLOSES, SHANGHAI)

    def office_time_at_or_after(
        self, moment: dt.datetime, region_path: tuple[str, ...] = ()
    ) -> dt.datetime:
        """`moment` if offices are open then (09:00-17:30 of a working day), else the next opening."""
        local = _local(moment)
        day = local.date()
        if self.is_workday(day, region_path) and local.time() <= CLOSES:
            return max(local, self.opening(day))
        return self.opening(self.add_working_days(day, 1, region_path))


def _local(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("时间缺少时区，无法判断是哪一天。")
    return moment.astimezone(SHANGHAI)


def _days_after(day: dt.date, last: dt.date) -> Iterator[dt.date]:
    while day < last:
        day += dt.timedelta(days=1)
        yield day
