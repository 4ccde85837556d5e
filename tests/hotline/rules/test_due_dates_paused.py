"""Limits with pauses and extensions worked out by hand from the published calendars
(due_dates_paused.csv): `stood` is the office time of the pauses, for an urgent matter all their time.

Days of a prefecture are made up, as in tests/catalog/due_dates.csv.
"""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.rules.limits import HandlingClass, Step
from hotline.rules.clocks import Pause, count_limit, time_stood
from tests.catalog.test_calendar import at
from tests.catalog.test_due_dates import PLACES, WEEKDAYS, path_of
from tests.catalog.test_working_time import hours


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    received: dt.datetime
    days: int
    extra: int
    place: tuple[str, ...]
    handling_class: HandlingClass
    pauses: tuple[Pause, ...]
    stood: dt.timedelta
    due: dt.datetime
    note: str


def pauses_of(text: str) -> tuple[Pause, ...]:
    """start/end, parted by blanks."""
    return tuple(Pause(*map(at, pause.split("/"))) for pause in text.split())


def read_rows() -> list[Row]:
    table = Path(__file__).with_name("due_dates_paused.csv")
    with table.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                line,
                at(row["received"]),
                int(row["days"]),
                int(row["extra"]),
                path_of(row["region"]),
                HandlingClass.URGENT if row["urgent"] == "1" else HandlingClass.GENERAL,
                pauses_of(row["pauses"]),
                hours(row["stood"]),
                at(row["due"]),
                row["note"],
            )
            for line, row in enumerate(csv.DictReader(lines), 2)
        ]


ROWS = read_rows()
each_row = pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.line} {row.received:%Y-%m-%dT%H:%M}") for row in ROWS]
)


def count(row: Row, pauses: tuple[Pause, ...]):
    return count_limit(
        PLACES,
        step=Step.HANDLE,
        handling_class=row.handling_class,
        days=row.days,
        started_at=row.received,
        region_path=row.place,
        extra_days=row.extra,
        pauses=pauses,
    )


@each_row
def test_due(row):
    assert count(row, row.pauses).due_at == row.due, row.note
    assert count(row, row.pauses[::-1]).due_at == row.due, row.note


@each_row
def test_time_stood(row):
    stood = time_stood(
        PLACES,
        step=Step.HANDLE,
        handling_class=row.handling_class,
        started_at=row.received,
        region_path=row.place,
        pauses=row.pauses,
    )
    assert stood.time == row.stood, row.note


@each_row
def test_days_go_on_to_the_day_on_which_it_is_due(row):
    due = count(row, row.pauses)
    start, span = row.received.date(), (row.due.date() - row.received.date()).days
    days = [start + dt.timedelta(days=n) for n in range(1, span + 1)]
    assert sorted([*due.counted, *(day for day, _ in due.skipped)]) == days
    assert list(due.counted) == [day for day in days if PLACES.is_workday(day, row.place)]
    assert due.provisional == (row.due.year == 2027)
    assert due.provisional == ("暂算" in row.note)


@each_row
def test_note_names_both_weekdays(row):
    assert row.note.startswith(f"周{WEEKDAYS[row.received.weekday()]}")
    assert row.note.endswith(f"周{WEEKDAYS[row.due.weekday()]}到期")
