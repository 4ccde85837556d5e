"""The supervisor's page on the router: what people changed of its suggestions, and drift."""

from __future__ import annotations

import csv
import datetime as dt

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.rules.roles import Role
from hotline.queries.routing_quality import LEAST, RECENT, WEEKS, RoutingQuality, routing_quality
from hotline.views.guard import StaffRequest, for_roles
from routing.models import ModelVersion

# The drawing area of the charts, in their own units.
WIDTH, HEIGHT = 600, 160


@for_roles([Role.SUPERVISOR])
def routing(request: StaffRequest) -> HttpResponse:
    """Twelve weeks as charts and tables; `?export=csv` gives the items as a file."""
    now = timezone.now()
    quality = routing_quality(request.user, now=now)
    if request.GET.get("export") == "csv":
        return _export(quality)
    lines = [
        ("任一处被改", "a", [week.changed for week in quality.weeks]),
        ("事项被改", "b", [week.item_changed for week in quality.weeks]),
        ("单位被改", "c", [week.unit_changed for week in quality.weeks]),
        ("平台被改", "d", [week.platform_changed for week in quality.weeks]),
    ]
    return render(
        request,
        "supervisor/routing.html",
        {
            "quality": quality,
            "lines": [(name, key, _pieces(values)) for name, key, values in lines],
            "confidence": _pieces([week.confidence for week in quality.weeks]),
            "items": [(row, _pieces(row.rates, 120, 24)) for row in quality.items[:30]],
            "days": _marks(quality),
            "grid": [(HEIGHT - HEIGHT * mark / 100, mark) for mark in (0, 25, 50, 75, 100)],
            "width": WIDTH,
            "height": HEIGHT,
            "now": now,
            "weeks": WEEKS,
            "recent": RECENT,
            "least": LEAST,
            "model": ModelVersion.objects.filter(is_active=True).first(),
        },
    )


def _marks(quality: RoutingQuality) -> list[tuple[str, dt.date]]:
    """Where on the axis which week's Monday is written: every other week, the last among them. Nothing
    for a single week, of which there is no line to be drawn."""
    weeks = quality.weeks
    step = WIDTH / max(len(weeks) - 1, 1)
    marks = [(f"{at * step:.1f}", week.day) for at, week in enumerate(weeks)]
    return marks[::-2] if len(weeks) > 1 else []


def _pieces(
    values: tuple[float | None, ...] | list[float | None], width: int = WIDTH, height: int = HEIGHT
) -> list[str]:
    """Percentages as SVG polylines; a week without figures breaks the line, a week alone is a dot."""
    step = width / max(len(values) - 1, 1)
    pieces: list[list[str]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{at * step:.1f},{height - height * value / 100:.1f}")
    return [" ".join(piece * 2 if len(piece) == 1 else piece) for piece in pieces if piece]


def _export(quality: RoutingQuality) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="routing-quality.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    days = [week.day.isoformat() for week in quality.weeks]
    writer.writerow(["事项代码", "事项", "建议数", "事项被改数", "改动率%", *days])
    for row in quality.items:
        rates = ["" if rate is None else f"{rate:.1f}" for rate in row.rates]
        writer.writerow(
            [row.code, row.title, row.suggestions, row.changed, f"{row.rate:.1f}", *rates]
        )
    return response
