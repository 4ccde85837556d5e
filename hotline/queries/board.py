"""Figures of the supervisor's board, each with what it counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from catalog.models import Item, Staff, Unit
from hotline.models import Ticket
from hotline.queries.orders import late_orders, orders_for
from hotline.queries.tickets import EXTENSION_ASKED, narrowed, rows_for
from hotline.rules.states import OPEN_STATES, STATE_NAMES, State


@dataclass(frozen=True, slots=True)
class Figure:
    """`meaning` is the definition, shown beside the number. `page` and `filters`: where what was
    counted is listed, if anywhere."""

    name: str
    value: int
    meaning: str
    page: str = ""
    filters: str = ""
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit's open tickets. `late_share` in percent of the open ones, for the bar."""

    unit: str
    open: int
    unsigned: int
    late: int
    due_today: int
    open_share: int
    late_share: int


@dataclass(frozen=True, slots=True)
class Board:
    """`pending`: what is held up, and by whom."""

    figures: list[Figure]
    pending: list[Figure]
    states: list[tuple[str, str, int]]
    units: list[UnitRow]
    overdue: list[Ticket]
    items: list[tuple[str, int, int]]


_OPEN = Q(state__in=[state.value for state in OPEN_STATES])


def board_for(user: Staff, *, now: dt.datetime, most: int = 12) -> Board:
    """The board over the tickets that `user` may see. A fixed number of queries."""
    tickets = rows_for(user)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + dt.timedelta(days=1)
    late = _OPEN & Q(due_at__lt=now)
    due_today = _OPEN & Q(due_at__gte=now, due_at__lt=tomorrow)
    received = tickets.filter(received_at__gte=midnight).count()
    closed = tickets.filter(closed_at__gte=midnight).count()
    by_state = {
        row["state"]: row
        for row in tickets.filter(_OPEN)
        .order_by()
        .values("state")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=late),
            due_today=Count("id", filter=due_today),
        )
    }
    counts = {
        name: sum(row[name] for row in by_state.values()) for name in ("open", "late", "due_today")
    }
    figures = [
        Figure("今日受理", received, "今天 0 时起登记的工单"),
        Figure("今日办结", closed, "今天 0 时起结束的工单：办结、转出、不予受理、撤回等"),
        Figure("在办", counts["open"], "已登记而未结束的工单"),
        Figure("今日到期", counts["due_today"], "在办工单中，当前环节的时限今天到期而未到的"),
        Figure(
            "超期",
            counts["late"],
            "在办工单中，当前环节已过时限的",
            "tickets",
            "late=1",
            counts["late"] > 0,
        ),
    ]
    states = [
        (state.value, STATE_NAMES[state], by_state[state]["open"] if state in by_state else 0)
        for state in State
        if state in OPEN_STATES
    ]
    return Board(
        figures,
        _pending(user, tickets, {value: count for value, _, count in states}, now),
        states,
        _by_unit(tickets, late, due_today, most),
        list(tickets.filter(late).order_by("due_at", "id")[:most]),
        _by_item(tickets, now, most),
    )


def _pending(
    user: Staff, tickets: QuerySet[Ticket], states: dict[str, int], now: dt.datetime
) -> list[Figure]:
    orders = orders_for(user).filter(closed_at__isnull=True)
    late = late_orders(user, now=now).count()
    asked = narrowed(tickets, EXTENSION_ASKED).count()
    pending = (
        (
            "退单待裁定",
            states[State.RETURNED],
            "单位申请退单、热线尚未裁定的",
            State.RETURNED.value,
        ),
        ("会商中", states[State.CONSULTING], "已召集、尚未登记会商结果的", State.CONSULTING.value),
        ("暂停计时", states[State.WAITING], "等待来电人补充的", State.WAITING.value),
        ("延期待审批", asked, "单位申请延期、督办员尚未审批的", EXTENSION_ASKED),
    )
    return [
        *(
            Figure(name, value, meaning, "tickets", f"state={state}")
            for name, value, meaning, state in pending
        ),
        Figure(
            "未办结督办单",
            orders.count(),
            f"其中逾期未回复 {late} 件",
            "orders",
            "show=open",
            late > 0,
        ),
    ]


def _by_unit(tickets: QuerySet[Ticket], late: Q, due_today: Q, most: int) -> list[UnitRow]:
    rows = list(
        tickets.filter(_OPEN, lead_unit__isnull=False)
        .values("lead_unit")
        .annotate(
            open=Count("id"),
            unsigned=Count("id", filter=Q(state=State.DISPATCHED)),
            late=Count("id", filter=late),
            due_today=Count("id", filter=due_today),
        )
        .order_by("-late", "-open", "lead_unit")[:most]
    )
    # Counted by number and named after: joined, every ticket would carry its unit's name along.
    units = Unit.objects.in_bulk([row["lead_unit"] for row in rows])
    largest = max((row["open"] for row in rows), default=1)
    return [
        UnitRow(
            str(units[row["lead_unit"]]),
            row["open"],
            row["unsigned"],
            row["late"],
            row["due_today"],
            round((row["open"] - row["late"]) * 100 / largest),
            round(row["late"] * 100 / largest),
        )
        for row in rows
    ]


def _by_item(tickets: QuerySet[Ticket], now: dt.datetime, most: int) -> list[tuple[str, int, int]]:
    """Types of the last 30 days with how many, and percent of the commonest."""
    by_item = dict(
        tickets.filter(item__isnull=False, received_at__gte=now - dt.timedelta(days=30))
        .order_by()
        .values_list("item")
        .annotate(n=Count("id"))
    )
    by_type: Counter[str] = Counter()
    for pk, name in Item.objects.filter(pk__in=by_item).values_list("pk", "type"):
        by_type[name] += by_item[pk]
    rows = sorted(by_type.items(), key=lambda row: (-row[1], row[0]))[:most]
    largest = max((n for _, n in rows), default=1)
    return [(name, n, round(n * 100 / largest)) for name, n in rows]
