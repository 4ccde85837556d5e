"""Supervise orders: what was demanded, by when, and what came back."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.rules.roles import Role
from hotline.models import SupervisionOrder
from hotline.queries.orders import closed_orders, late_orders, open_orders
from hotline.views.guard import StaffRequest, for_roles
from hotline.views.tables import MOST_EXPORTED, csv_answer

ROLES = (Role.SUPERVISOR, Role.UNIT_LEADER, Role.GOVERNMENT)
PAGE = 50


@for_roles(ROLES)
def orders(request: StaffRequest) -> HttpResponse:
    """The orders that the person may see: open ones, what is late first, or closed ones."""
    now = timezone.now()
    waiting = open_orders(request.user)
    return render(
        request,
        "supervisor/orders.html",
        {
            "page": Paginator(_chosen(request), PAGE).get_page(request.GET.get("page")),
            "show": _show(request),
            "query": f"show={_show(request)}",
            "open": waiting.count(),
            "late": late_orders(request.user, now=now).count(),
            "replied": waiting.filter(replied_at__isnull=False).count(),
            "closed": closed_orders(request.user).count(),
            "now": now,
        },
    )


@for_roles(ROLES)
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The same list as CSV, without what people wrote in it."""
    now = timezone.now()
    rows = (
        [
            order.ticket.number,
            order.ticket.title,
            order.unit,
            order.made_at,
            order.clock.due_at,
            order.replied_at,
            "是" if order.clock.is_late(now) else "否",
            order.closed_at,
        ]
        for order in _chosen(request)[:MOST_EXPORTED].iterator(chunk_size=500)
    )
    return csv_answer("orders", _COLUMNS, rows)


_COLUMNS = (
    "工单编号",
    "标题",
    "督办单位",
    "下发时间",
    "回复期限",
    "回复时间",
    "是否逾期",
    "办结时间",
)


def _show(request: StaffRequest) -> str:
    return "closed" if request.GET.get("show") == "closed" else "open"


def _chosen(request: StaffRequest) -> QuerySet[SupervisionOrder]:
    return (open_orders if _show(request) == "open" else closed_orders)(request.user)
