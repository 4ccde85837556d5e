"""Calendar rows -> the database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog.load_report import TableReport
from catalog.models import CalendarDay, CalendarYear, Region
from catalog.rules.sheets import Row, RowError, TableErrors
from catalog.rules.tables import read_days
from catalog.versioning import bump_version


def load_calendar(path: Path, *, year: int | None = None, provisional: bool = False) -> TableReport:
    """Load one file of holidays and make-up workdays.

    Effects, in one transaction: in each year, and for each region that the file names (an empty region
    is the whole country), exactly the file's days hold; the year is marked published, or provisional.
    `year`: the only one allowed in the file. Raises TableErrors, and then nothing was changed.
    """
    region_ids = dict(Region.objects.values_list("code", "pk"))
    rows = read_days(path, regions=frozenset(region_ids))
    if year is not None:
        _check_year(rows, year)
    with transaction.atomic():
        report = _load_days(rows, region_ids)
        changed = report.is_change
        for row in rows:
            # A prefecture's own days alone do not publish the country's calendar.
            if row.values["region"] is None:
                changed |= _set_year(row.values["date"].year, row.values["document"], provisional)
        _check_years_known(rows)
        if changed:
            bump_version()
    return report


def load_calendar_rows(
    days: tuple[Row, ...], years: tuple[Row, ...], region_ids: dict[str, int]
) -> dict[str, TableReport]:
    """Bring days and years to what the rows say, as part of a catalogue's load. Years that the rows
    call provisional are left alone once the database has them as published."""
    if not years:
        return {}
    published = set(
        CalendarYear.objects.filter(is_provisional=False).values_list("year", flat=True)
    )
    kept = {
        row.values["year"]
        for row in years
        if row.values["is_provisional"] and row.values["year"] in published
    }
    days = tuple(row for row in days if row.values["date"].year not in kept)
    reports = {"days": _load_days(days, region_ids), "years": TableReport()}
    before = set(CalendarYear.objects.values_list("year", flat=True))
    for row in years:
        year, document = row.values["year"], row.values["document"]
        if year in kept or not _set_year(year, document, row.values["is_provisional"]):
            reports["years"].unchanged += 1
        elif year in before:
            reports["years"].changed += 1
        else:
            reports["years"].added += 1
    return reports


def _load_days(rows: tuple[Row, ...], region_ids: dict[str, int]) -> TableReport:
    report = TableReport()
    wanted = {
        (row.values["date"], region_ids.get(row.values["region"])): row.values for row in rows
    }
    scopes = {(day.year, region) for day, region in wanted}
    years = {year for year, _ in scopes}
    existing = {
        (day.date, day.region_id): day
        for day in CalendarDay.objects.filter(date__year__in=years)
        if (day.date.year, day.region_id) in scopes
    }
    new, changed = [], []
    for key, values in wanted.items():
        said = {name: values[name] for name in ("is_workday", "name", "document")}
        found = existing.pop(key, None)
        if found is None:
            new.append(CalendarDay(date=key[0], region_id=key[1], **said))
        elif any(getattr(found, name) != value for name, value in said.items()):
            for name, value in said.items():
                setattr(found, name, value)
            changed.append(found)
        else:
            report.unchanged += 1
    CalendarDay.objects.filter(pk__in=[day.pk for day in existing.values()]).delete()
    CalendarDay.objects.bulk_create(new)
    CalendarDay.objects.bulk_update(changed, ["is_workday", "name", "document"])
    _write_history(new, update=False)
    _write_history(changed, update=True)
    report.added, report.changed, report.closed = len(new), len(changed), len(existing)
    return report


def _write_history(days: list[CalendarDay], *, update: bool) -> None:
    if days:
        CalendarDay.history.bulk_history_create(days, update=update)


def _set_year(year: int, document: str, provisional: bool) -> bool:
    """Whether anything changed."""
    wanted: dict[str, Any] = {"document": document, "is_provisional": provisional}
    if CalendarYear.objects.filter(year=year, **wanted).exists():
        return False
    CalendarYear.objects.update_or_create(year=year, defaults=wanted)
    return True


def _check_year(rows: Iterable[Row], year: int) -> None:
    errors = [
        row.error("date", f"{row.values['date']} 不在 {year} 年", "请核对日期或者 --year 的年份")
        for row in rows
        if row.values["date"].year != year
    ]
    if errors:
        raise TableErrors(errors)


def _check_years_known(rows: tuple[Row, ...]) -> None:
    known = set(CalendarYear.objects.values_list("year", flat=True))
    unknown = sorted({row.values["date"].year for row in rows} - known)
    if unknown:
        raise TableErrors(
            RowError(
                rows[0].file,
                None,
                "region",
                f"{year} 年全国的节假日安排尚未载入，不能只载入市州的",
                "请先载入该年全国安排（region 列留空）",
            )
            for year in unknown
        )
