"""The catalogue and the calendar as frozen values, kept in memory by every process.

A copy is good for one state of the catalogue and one day; whether it is still good is asked of the
database at most once a second.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import (
    CalendarDay,
    CalendarYear,
    CatalogueVersion,
    Clause,
    Exclusion,
    Hotline,
    Item,
    Region,
    TimeLimit,
    Unit,
)
from catalog.rules.assembly import (
    build_catalogue,
    clause_entry,
    exclusion_entry,
    hotline_entry,
    item_entry,
    region_entry,
    unit_entry,
)
from catalog.rules.calendar import DayEntry, WorkingCalendar
from catalog.rules.entries import Catalogue
from catalog.rules.limits import CLASS_NAMES, STEP_NAMES, HandlingClass, Step

CHECK_EVERY = 1.0  # seconds

Value = TypeVar("Value")
State = tuple[int, dt.datetime, dt.date]


class CatalogueMissing(LookupError):
    """Nothing was loaded yet. The message names the mend."""

    def __init__(self) -> None:
        super().__init__("目录尚未载入：请运行 make setup 或 python manage.py load_catalog")


class LimitMissing(LookupError):
    """No policy row covers the step on that day. The message names the row to add."""


class _Kept(Generic[Value]):
    """A value built from the database and kept until the catalogue's state or the day is another."""

    def __init__(self, build: Callable[[dt.date], Value]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._held: tuple[Value, State, float] | None = None

    def get(self) -> Value:
        held = self._held
        if held is not None and _is_fresh(held[1], held[2]):
            return held[0]
        with self._lock:
            held = self._held
            if held is not None and _is_fresh(held[1], held[2]):  # another thread was faster
                return held[0]
            asked_at = time.monotonic()
            state = _state_now()
            # The state is read before the value: a change between the two costs one more reading, and
            # never leaves an old value under a new state.
            value = held[0] if held and held[1] == state else self._build(state[2])
            self._held = (value, state, asked_at)
            return value

    def forget(self) -> None:
        with self._lock:
            self._held = None


def current_catalogue() -> Catalogue:
    """The catalogue as of today. Safe from every thread. Raises CatalogueMissing."""
    return _catalogue.get()


def working_calendar() -> WorkingCalendar:
    """The working calendar of every year loaded. Safe from every thread. Raises CatalogueMissing."""
    return _calendar.get()


def forget_snapshot() -> None:
    """Read everything again at the next call: for whoever changed rows and must see it at once."""
    _catalogue.forget()
    _calendar.forget()


def time_limit(step: Step, handling_class: HandlingClass, on: dt.date) -> TimeLimit:
    """The limit of a step on a day: the row of the class, else the row for every class.

    Raises LimitMissing.
    """
    row: TimeLimit | None = (
        TimeLimit.objects.on(on)
        .filter(step=step, handling_class__in=[handling_class.value, ""])
        .order_by("-handling_class", "-valid_from")
        .first()
    )
    if row is None:
        raise LimitMissing(
            f"办理时限表中没有 {on:%Y-%m-%d} 有效的“{STEP_NAMES[step]}”"
            f"（{CLASS_NAMES[handling_class]}）时限，请在系统管理中补充。"
        )
    return row


def _is_fresh(state: State, asked_at: float) -> bool:
    return 0 <= time.monotonic() - asked_at < CHECK_EVERY and state[2] == timezone.localdate()


def _state_now() -> State:
    found = CatalogueVersion.objects.filter(pk=1).values_list("number", "changed_at").first()
    if found is None:
        raise CatalogueMissing
    return (*found, timezone.localdate())


def _build_catalogue(day: dt.date) -> Catalogue:
    catalogue = build_catalogue(
        items=_items(day),
        units=[
            unit_entry(_with(values, region="region__code", line="line__code"))
            for values in _rows(Unit.objects.on(day), "region__code", "line__code")
        ],
        regions=[
            region_entry(_with(values, parent="parent__code"))
            for values in _rows(Region.objects.on(day), "parent__code")
        ],
        hotlines=[
            hotline_entry(_with(values, unit="unit__code"))
            for values in _rows(Hotline.objects.on(day), "unit__code")
        ],
        clauses=[clause_entry(values) for values in _rows(Clause.objects.on(day))],
        exclusions=[exclusion_entry(values) for values in _rows(Exclusion.objects.on(day))],
    )
    if not catalogue.items or not catalogue.units or not catalogue.regions:
        raise CatalogueMissing
    return catalogue


def _items(day: dt.date) -> list[Any]:
    co_lines: dict[int, list[str]] = {}
    for item, code in Item.objects.on(day).values_list("pk", "co_lines__code"):
        if code is not None:
            co_lines.setdefault(item, []).append(code)
    return [
        item_entry(
            _with(values, lead_line="lead_line__code", hotline="hotline__number")
            | {"co_lines": co_lines.get(values["id"], [])}
        )
        for values in _rows(Item.objects.on(day), "lead_line__code", "hotline__number")
    ]


def _rows(query: QuerySet[Any], *joined: str) -> list[dict[str, Any]]:
    names = [field.attname for field in query.model._meta.concrete_fields]
    return list(query.values(*names, *joined))


def _with(values: dict[str, Any], **renamed: str) -> dict[str, Any]:
    return values | {name: values[source] for name, source in renamed.items()}


def _build_calendar(_: dt.date) -> WorkingCalendar:
    years = dict(CalendarYear.objects.values_list("year", "is_provisional"))
    if not years:
        raise CatalogueMissing
    days: dict[str | None, dict[dt.date, DayEntry]] = {}
    rows = CalendarDay.objects.values_list("region__code", "date", "is_workday", "name")
    for region, date, is_workday, name in rows:
        days.setdefault(region, {})[date] = DayEntry(is_workday, name)
    return WorkingCalendar(
        days,
        provisional_years=frozenset(year for year, provisional in years.items() if provisional),
        known_years=frozenset(years),
    )


_catalogue = _Kept(_build_catalogue)
_calendar = _Kept(_build_calendar)
