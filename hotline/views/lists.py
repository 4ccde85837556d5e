"""Lists of tickets: what waits for the hotline, what waits for a unit, search and its export."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.rules.roles import HOTLINE_ROLES, READING_ROLES, UNIT_ROLES
from hotline.models import Ticket
from hotline.queries.tickets import (
    HOTLINE_TURNS,
    drafts_of,
    search_tickets,
    waiting_for_hotline,
    waiting_for_unit,
)
from hotline.rules.states import STATE_NAMES, State
from hotline.views.guard import StaffRequest, for_roles

PAGE = 50
# An export larger than this is asked to be narrowed: it is a list for people, not a data feed.
MOST_EXPORTED = 20_000


@for_roles(HOTLINE_ROLES)
def worklist(request: StaffRequest) -> HttpResponse:
    """What the hotline must do next, what is due first."""
    tickets = waiting_for_hotline(request.user)
    state = request.GET.get("state", "")
    shown = tickets.filter(state=state) if state in set(State) else tickets
    tabs = [
        {"state": one.value, "name": STATE_NAMES[one], "count": tickets.filter(state=one).count()}
        for one in HOTLINE_TURNS
    ]
    return _list_page(
        request,
        "operator/worklist.html",
        shown,
        {"tabs": tabs, "state": state, "drafts": drafts_of(request.user)[:20]},
    )


@for_roles(UNIT_ROLES)
def queue(request: StaffRequest) -> HttpResponse:
    """What the unit must do next, what is due first."""
    tickets = waiting_for_unit(request.user)
    now = timezone.now()
    context = {
        "to_sign": tickets.filter(state=State.DISPATCHED, lead_unit=request.user.unit).count(),
        "late": tickets.filter(due_at__lt=now).count(),
        "today": tickets.filter(due_at__gte=now, due_at__lt=_tomorrow()).count(),
    }
    return _list_page(request, "unit/queue.html", tickets, context)


@for_roles(READING_ROLES | UNIT_ROLES)
def tickets(request: StaffRequest) -> HttpResponse:
    """Search among the tickets that the person may see."""
    found = _searched(request)
    states = [(state.value, name) for state, name in STATE_NAMES.items() if state not in _UNLISTED]
    return _list_page(
        request,
        "ticket/list.html",
        found,
        {
            "states": states,
            "words": request.GET.get("words", ""),
            "state": request.GET.get("state", ""),
            "late": request.GET.get("late", ""),
            "filters": request.GET.urlencode(),
            "most": MOST_EXPORTED,
        },
    )


@for_roles(READING_ROLES | UNIT_ROLES)
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The same search as CSV for a spreadsheet, without personal data."""
    found = _searched(request)[:MOST_EXPORTED]
    answer = StreamingHttpResponse(_csv_lines(found), content_type="text/csv; charset=utf-8")
    day = timezone.localdate()
    answer["Content-Disposition"] = f'attachment; filename="tickets-{day:%Y%m%d}.csv"'
    return answer


_UNLISTED = (State.DRAFT, State.DISCARDED)


def _searched(request: StaffRequest) -> QuerySet[Ticket]:
    state = request.GET.get("state", "")
    return search_tickets(
        request.user,
        words=request.GET.get("words", "").strip()[:50],
        state=state if state in set(State) else "",
        late=request.GET.get("late") == "1",
        now=timezone.now(),
    )


def _list_page(
    request: StaffRequest, template: str, tickets: QuerySet[Ticket], context: dict[str, Any]
) -> HttpResponse:
    page = Paginator(tickets, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        template,
        context | {"page": page, "now": timezone.now(), "query": query.urlencode()},
    )


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv_lines(tickets: QuerySet[Ticket]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # tells spreadsheets that it is UTF-8
    yield writer.writerow(
        [
            "工单编号",
            "标题",
            "状态",
            "事项",
            "事发地区",
            "办理类别",
            "主办单位",
            "受理时间",
            "当前时限",
        ]
    )
    for ticket in tickets.iterator(chunk_size=500):
        row = [
            ticket.number,
            ticket.title,
            ticket.get_state_display(),
            ticket.item.title if ticket.item else "",
            ticket.region.name if ticket.region else "",
            ticket.get_handling_class_display(),
            str(ticket.lead_unit or ""),
            _minute(ticket.received_at),
            _minute(ticket.due_at),
        ]
        yield writer.writerow([_harmless(str(cell or "")) for cell in row])


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _minute(moment: dt.datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


def _tomorrow() -> dt.datetime:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=1)
