"""How people judge the router: what they changed of its suggestions, week by week, and drift."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, Count, FloatField, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, TruncWeek
from django.utils import timezone

from catalog.models import Item, Staff
from hotline.models import Decision
from hotline.queries.tickets import tickets_for
from hotline.reporting.drift import DRIFT_NAMES, drift_of, stability_index

WEEKS = 12
# The mix of the last weeks is compared with that of those before.
RECENT = 4
# An item with fewer suggestions has no rate worth showing.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Week:
    """`day` is its Monday. Shares in percent of the suggestions; None without any. `confidence`: the
    mean of what the router said of itself."""

    day: dt.date
    suggestions: int
    changed: float | None
    platform_changed: float | None
    item_changed: float | None
    unit_changed: float | None
    confidence: float | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One suggested item. `rates`: percent changed in each week, None without suggestions."""

    code: str
    title: str
    suggestions: int
    changed: int
    rate: float
    rates: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class RoutingQuality:
    weeks: list[Week]
    items: list[ItemRow]
    index: float | None
    drift: str
    moved: list[tuple[str, float, float]]

    @property
    def total(self) -> int:
        return sum(week.suggestions for week in self.weeks)


@dataclass(frozen=True, slots=True)
class _Row:
    week: dt.date
    item: str
    type: str
    total: int
    changed: int
    platform: int
    item_changed: int
    unit: int
    confidence: float


def routing_quality(user: Staff, *, now: dt.datetime) -> RoutingQuality:
    """The figures over the tickets that `user` may see, of the last twelve weeks. Three queries."""
    monday = timezone.localtime(now).date() - dt.timedelta(days=timezone.localtime(now).weekday())
    days = [monday - dt.timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    rows = _rows(user, days[0])
    # Weeks before the system was in use say nothing.
    first = min((row.week for row in rows), default=days[-1])
    days = [day for day in days if day >= first]
    by_week = {day: [row for row in rows if row.week == day] for day in days}
    names = dict(
        Item.objects.current()
        .filter(code__in={row.item for row in rows})
        .values_list("code", "title")
    )
    before: Counter[str] = Counter()
    recent: Counter[str] = Counter()
    for row in rows:
        (recent if row.week in days[-RECENT:] else before)[row.type or "不予受理"] += row.total
    index = stability_index(before, recent)
    drift = drift_of(index)
    return RoutingQuality(
        weeks=[_week(day, by_week[day]) for day in days],
        items=_items(rows, days, names),
        index=index,
        drift=DRIFT_NAMES[drift] if drift else "",
        moved=_moved(before, recent) if index is not None else [],
    )


def _rows(user: Staff, since: dt.date) -> list[_Row]:
    start = timezone.make_aware(dt.datetime.combine(since, dt.time()))
    answers = (
        Decision.objects.filter(
            ticket__in=tickets_for(user), suggestion__isnull=False, made_at__gte=start
        )
        .annotate(
            week=TruncWeek("made_at"),
            # Kept as a JSON list; its text can be searched in every database.
            parts=Cast("changed", TextField()),
            asked=KeyTextTransform("item_code", "suggestion__answer"),
            kind=KeyTextTransform("type", "suggestion__answer"),
            sure=Cast(KeyTextTransform("confidence", "suggestion__answer"), FloatField()),
        )
        .values("week", "asked", "kind")
        .annotate(
            total=Count("id"),
            untouched=Count("id", filter=Q(parts="[]")),
            platform=Count("id", filter=Q(parts__contains='"platform"')),
            item_changed=Count("id", filter=Q(parts__contains='"item"')),
            unit=Count("id", filter=Q(parts__contains='"unit"')),
            sureness=Avg("sure"),
        )
        .order_by("week")
    )
    return [
        _Row(
            timezone.localtime(row["week"]).date(),
            row["asked"] or "",
            row["kind"] or "",
            row["total"],
            row["total"] - row["untouched"],
            row["platform"],
            row["item_changed"],
            row["unit"],
            row["sureness"] or 0.0,
        )
        for row in answers
    ]


def _percent(part: int, whole: int) -> float | None:
    return part * 100 / whole if whole else None


def _week(day: dt.date, rows: Iterable[_Row]) -> Week:
    rows = list(rows)
    total = sum(row.total for row in rows)
    return Week(
        day,
        total,
        _percent(sum(row.changed for row in rows), total),
        _percent(sum(row.platform for row in rows), total),
        _percent(sum(row.item_changed for row in rows), total),
        _percent(sum(row.unit for row in rows), total),
        sum(row.confidence * row.total for row in rows) * 100 / total if total else None,
    )


def _items(rows: list[_Row], days: list[dt.date], names: dict[str, str]) -> list[ItemRow]:
    found: list[ItemRow] = []
    for code in {row.item for row in rows if row.item}:
        mine = [row for row in rows if row.item == code]
        total = sum(row.total for row in mine)
        changed = sum(row.item_changed for row in mine)
        if total < LEAST:
            continue
        rates = []
        for day in days:
            weekly = [row for row in mine if row.week == day]
            rates.append(
                _percent(sum(r.item_changed for r in weekly), sum(r.total for r in weekly))
            )
        found.append(
            ItemRow(
                code, names.get(code, code), total, changed, changed * 100 / total, tuple(rates)
            )
        )
    return sorted(found, key=lambda row: (-row.changed, -row.rate, row.code))


def _moved(before: Counter[str], recent: Counter[str]) -> list[tuple[str, float, float]]:
    """The types whose share moved most: name, percent before, percent now."""
    shares = [
        (kind, before[kind] * 100 / before.total(), recent[kind] * 100 / recent.total())
        for kind in {*before, *recent}
    ]
    return sorted(shares, key=lambda row: -abs(row[2] - row[1]))[:6]
