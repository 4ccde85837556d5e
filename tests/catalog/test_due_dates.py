"""Due dates worked out by hand from the notices of 2024, 2025 and 2026 (due_dates.csv).

Days of a prefecture in the table are made up. Pauses and extensions have a table of their own beside
the rules that know them (tests/hotline/rules/due_dates_paused.csv).
"""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.calendar import SHANGHAI, DayEntry, WorkingCalendar
from catalog.rules.limits import HandlingClass, Step
from hotline.rules.clocks import count_limit
from tests.catalog.test_calendar import CALENDAR, LOCAL, at

WEEKDAYS = "一二三四五六日"
# Beside the prefecture of the other tests, one that rests on a make-up Saturday of the country, 10
# October 2026, and works on the next.
PLACES = WorkingCalendar(
    {
        **LOCAL.days,
        "632800": {
            dt.date(2026, 10, 10): DayEntry(False, "州定假日"),
            dt.date(2026, 10, 17): DayEntry(True, "州定假日调休"),
        },
    },
    LOCAL.provisional_years,
    LOCAL.known_years,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; `place` is empty for the whole country."""

    line: int
    received: dt.datetime
    days: int
    place: tuple[str, ...]
    urgent: bool
    due: dt.datetime
    comment: str


def path_of(region: str) -> tuple[str, ...]:
    """The region and those above it, smallest first."""
    if not region:
        return ()
    return tuple(dict.fromkeys((region, f"{region[:4]}00", f"{region[:2]}0000")))


def read_rows() -> list[Row]:
    table = Path(__file__).with_name("due_dates.csv")
    with table.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                line,
                at(row["received"]),
                int(row["days"]),
                path_of(row["region"]),
                row["urgent"] == "1",
                at(row["due"]),
                row["comment"],
            )
            for line, row in enumerate(csv.DictReader(lines), 2)
        ]


ROWS = read_rows()
NATIONAL = [row for row in ROWS if not row.place]
each_row = pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.line} {row.received:%Y-%m-%dT%H:%M}") for row in ROWS]
)


def days_of(row: Row) -> list[dt.date]:
    """The days after receipt, up to and with the last."""
    start = row.received.date()
    return [start + dt.timedelta(days=n) for n in range(1, (row.due.date() - start).days + 1)]


@each_row
def test_due(row):
    if row.urgent:
        assert row.days == 1
        due = PLACES.urgent_due(row.received, row.place)
    else:
        due = PLACES.count_forward(row.received, row.days, row.place)
    assert due.due_at == row.due, row.comment


@each_row
def test_handling_of_a_ticket_is_due(row):
    due = count_limit(
        PLACES,
        step=Step.HANDLE,
        handling_class=HandlingClass.URGENT if row.urgent else HandlingClass.GENERAL,
        days=row.days,
        started_at=row.received,
        region_path=row.place,
    )
    assert due.due_at == row.due, row.comment


@each_row
def test_comment_names_both_weekdays(row):
    assert row.comment.startswith(f"周{WEEKDAYS[row.received.weekday()]}")
    assert row.comment.endswith(f"周{WEEKDAYS[row.due.weekday()]}到期")


def test_table_against_a_second_source():
    for row in NATIONAL:
        if row.due.year <= 2026:
            works = [chinese_calendar.is_workday(day) for day in days_of(row)]
            assert works[-1], row
            assert sum(works) == row.days, row


def test_every_published_day_is_received_and_passed():
    """Passed: a make-up day is counted there, a holiday skipped."""
    published = {day for day in CALENDAR.days[None] if day.year <= 2026}
    assert len(published) == 108
    assert published - {row.received.date() for row in NATIONAL} == set()
    assert published - {day for row in NATIONAL for day in days_of(row)} == set()


# The latest moment with 110 working days stays within the known years; the second stretch holds the
# days of the prefectures.
moments = st.one_of(
    st.datetimes(first, last, timezones=st.just(SHANGHAI))
    for first, last in (
        (dt.datetime(2024, 1, 1), dt.datetime(2026, 12, 31)),  # noqa: DTZ001 - as in test_calendar
        (dt.datetime(2026, 2, 1), dt.datetime(2026, 10, 31)),  # noqa: DTZ001
    )
)
days_asked = st.integers(1, 100)
places = st.sampled_from([path_of(code) for code in ("", "630100", "632700", "632701", "632801")])


@given(moments, days_asked, places)
def test_counting_forward_then_between_gives_the_same_number(moment, days, place):
    end = PLACES.count_forward(moment, days, place).due_at.date()
    assert PLACES.working_days_between(moment.date(), end, place) == days


@given(moments, st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)), days_asked, places)
def test_received_later_is_never_due_earlier_in_any_place(moment, later, days, place):
    first = PLACES.count_forward(moment, days, place)
    assert PLACES.count_forward(moment + later, days, place).due_at >= first.due_at
    urgent = PLACES.urgent_due(moment, place)
    assert PLACES.urgent_due(moment + later, place).due_at >= urgent.due_at


@given(moments, st.times(), days_asked, places)
def test_hour_of_receipt_moves_no_limit(moment, hour, days, place):
    other = dt.datetime.combine(moment.date(), hour, SHANGHAI)
    due = PLACES.count_forward(moment, days, place)
    assert PLACES.count_forward(other, days, place) == due


@given(moments, days_asked, st.integers(1, 10), places)
def test_extension_moves_a_limit_by_exactly_its_counted_days(moment, days, more, place):
    """Counted on from the limit's end, as one count of both would be."""
    limit = PLACES.count_forward(moment, days, place)
    extension = PLACES.count_forward(limit.due_at, more, place)
    whole = PLACES.count_forward(moment, days + more, place)
    assert extension.due_at == whole.due_at
    assert limit.counted + extension.counted == whole.counted
    moved = PLACES.working_days_between(limit.due_at.date(), whole.due_at.date(), place)
    assert moved == more
