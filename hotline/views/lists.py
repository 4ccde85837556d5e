"""Lists of tickets: what waits for the hotline, what waits for a unit, search and its export."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.rules.roles import HOTLINE_ROLES, READING_ROLES, UNIT_ROLES, Role
from hotline.models import Ticket
from hotline.queries.marks import marked
from hotline.queries.queue import queue_of
from hotline.queries.tickets import (
    EXTENSION_ASKED,
    EXTENSION_ASKED_NAME,
    drafts_of,
    may_rule_on_extensions,
    narrowed,
    search_tickets,
    waiting_for_hotline,
)
from hotline.rules.states import STATE_NAMES, State
from hotline.rules.workflow import turns_of
from hotline.views.guard import StaffRequest, for_roles
from hotline.views.tables import MOST_EXPORTED, csv_answer

PAGE = 50
# Of what stands beside a queue, where there are never many.
SIDE = 20


@for_roles(HOTLINE_ROLES)
def worklist(request: StaffRequest) -> HttpResponse:
    """What the hotline must do next, what is due first."""
    tickets = waiting_for_hotline(request.user)
    role = Role(request.user.role)  # the guard let in nobody without one
    state = request.GET.get("state", "")
    counts = dict(tickets.order_by().values_list("state").annotate(n=Count("id")))
    tabs = [
        {"state": one.value, "name": STATE_NAMES[one], "count": counts.get(one, 0)}
        for one in turns_of(role)
    ]
    if may_rule_on_extensions(request.user):
        asked = narrowed(tickets, EXTENSION_ASKED).count()
        tabs.append({"state": EXTENSION_ASKED, "name": EXTENSION_ASKED_NAME, "count": asked})
    if state not in {tab["state"] for tab in tabs}:
        state = ""
    return _list_page(
        request,
        "operator/worklist.html",
        narrowed(tickets, state),
        {
            "tabs": tabs,
            "state": state,
            "total": sum(counts.values()),
            "drafts": drafts_of(request.user)[:20],
        },
    )


@for_roles(UNIT_ROLES)
def queue(request: StaffRequest) -> HttpResponse:
    """What the unit must do next, what is due first."""
    found = queue_of(request.user)
    now = timezone.now()
    figures = found.tickets.aggregate(
        to_sign=Count("id", filter=Q(state=State.DISPATCHED, lead_unit=request.user.unit)),
        late=Count("id", filter=Q(due_at__lt=now)),
        today=Count("id", filter=Q(due_at__gte=now, due_at__lt=_tomorrow())),
    )
    return _list_page(
        request,
        "unit/queue.html",
        found.tickets,
        figures
        | {
            "orders": list(found.orders[:SIDE]),
            "consults": list(found.consults[:SIDE]),
            "resting": list(marked(found.resting, request.user)[:PAGE]),
        },
    )


@for_roles(READING_ROLES | UNIT_ROLES)
def tickets(request: StaffRequest) -> HttpResponse:
    """Search among the tickets that the person may see."""
    found = _searched(request)
    states = [(state.value, name) for state, name in STATE_NAMES.items() if state not in _UNLISTED]
    states.append((EXTENSION_ASKED, EXTENSION_ASKED_NAME))
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
    rows = (
        [
            ticket.number,
            ticket.title,
            ticket.get_state_display(),
            ticket.item.title if ticket.item else "",
            ticket.region.name if ticket.region else "",
            ticket.get_handling_class_display(),
            ticket.lead_unit or "",
            ticket.received_at,
            ticket.due_at,
        ]
        for ticket in found.iterator(chunk_size=500)
    )
    return csv_answer("tickets", _COLUMNS, rows)


_COLUMNS = (
    "工单编号",
    "标题",
    "状态",
    "事项",
    "事发地区",
    "办理类别",
    "主办单位",
    "受理时间",
    "当前时限",
)
_UNLISTED = (State.DRAFT, State.DISCARDED)


def _searched(request: StaffRequest) -> QuerySet[Ticket]:
    state = request.GET.get("state", "")
    return search_tickets(
        request.user,
        words=request.GET.get("words", "").strip()[:50],
        state=state,
        late=request.GET.get("late") == "1",
        now=timezone.now(),
    )


def _list_page(
    request: StaffRequest, template: str, tickets: QuerySet[Ticket], context: dict[str, Any]
) -> HttpResponse:
    page = Paginator(marked(tickets, request.user), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        template,
        context | {"page": page, "now": timezone.now(), "query": query.urlencode()},
    )


def _tomorrow() -> dt.datetime:
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=1)
