"""Pressing a unit: urging by people, and supervise orders (青政办〔2021〕48号 三（四）)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from catalog.models import Staff
from catalog.rules.limits import Rung, Step
from catalog.rules.masking import mask_numbers
from catalog.rules.roles import Role
from catalog.snapshot import working_calendar
from hotline.actions.clocks import refresh_due, start_clock
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.events import told_safely
from hotline.actions.notices import notify
from hotline.actions.transition import move_ticket, take_for
from hotline.models import SupervisionOrder, Ticket
from hotline.queries.policies import region_path_of
from hotline.rules.escalation import may_urge_again
from hotline.rules.workflow import Move


@transaction.atomic
def urge_ticket(ticket: Ticket, *, note: str = "", by: Staff | None, at: dt.datetime) -> None:
    """Remind the unit on behalf of the caller. `by` None: the caller pressed the button.

    Raises ActionRefused when it was urged within the last working day.
    """
    take_for(ticket, Move.URGE, by=by)
    last = ticket.events.filter(kind=Move.URGE).order_by("-sequence").first()
    if not may_urge_again(
        last.at if last else None, at, working_calendar(), region_path_of(ticket.center)
    ):
        assert last is not None
        raise ActionRefused(
            f"{timezone.localtime(last.at):%-m月%-d日 %H:%M} 已催办过，一个工作日内只能催办一次。"
        )
    move_ticket(
        ticket, Move.URGE, by=by, at=at, data={"note": told_safely(note), "citizen": by is None}
    )
    who = "来电人" if by is None else "热线"
    notify(
        ticket,
        Role.UNIT_CLERK,
        code=Move.URGE.value,
        text=f"催办：{who}催办工单 {ticket.number}，请尽快办理。",
        at=at,
        unit=ticket.lead_unit,
        rung=Rung.URGE,
    )


@transaction.atomic
def open_order(
    ticket: Ticket, *, demand: str, days: int | None, by: Staff, at: dt.datetime
) -> SupervisionOrder:
    """Issue a supervise order to the leading unit, with its own limit. Raises WrongInput (no demand,
    days outside the policy), ActionRefused (one is open already)."""
    if not demand.strip():
        raise WrongInput("demand", "请写明督办要求：要查清什么、何时前做到哪一步。")
    take_for(ticket, Move.OPEN_ORDER, by=by)
    if ticket.orders.filter(closed_at__isnull=True).exists():
        raise ActionRefused("本工单已有未办结的督办单，请先办结再下发新的。")
    assert ticket.lead_unit is not None  # in these states a unit leads
    clock = start_clock(ticket, Step.ORDER, at=at, days=days)
    order = SupervisionOrder.objects.create(
        ticket=ticket,
        unit=ticket.lead_unit,
        clock=clock,
        demand=mask_numbers(demand.strip()),
        by=by,
        made_at=at,
    )
    move_ticket(ticket, Move.OPEN_ORDER, by=by, at=at, data={"unit": ticket.lead_unit.code})
    notify(
        ticket,
        Role.UNIT_LEADER,
        code=Move.OPEN_ORDER.value,
        text=f"督办单：工单 {ticket.number}，请于 "
        f"{timezone.localtime(clock.due_at):%-m月%-d日 %H:%M} 前回复。",
        at=at,
        unit=ticket.lead_unit,
        rung=Rung.SUPERVISE,
    )
    return order


@transaction.atomic
def reply_order(ticket: Ticket, *, text: str, by: Staff, at: dt.datetime) -> None:
    """The unit's leader answers the order. Raises WrongInput (no text), ActionRefused (none waits for
    an answer)."""
    if not text.strip():
        raise WrongInput("text", "请填写督办单回复：办理进展、未按期的原因、下一步安排。")
    take_for(ticket, Move.REPLY_ORDER, by=by)
    order = _open_order_of(ticket)
    if order.replied_at is not None:
        raise ActionRefused("督办单已回复，等待热线办结。")
    SupervisionOrder.objects.filter(pk=order.pk).update(
        reply=mask_numbers(text.strip()), replied_by=by, replied_at=at
    )
    move_ticket(ticket, Move.REPLY_ORDER, by=by, at=at)
    notify(
        ticket,
        Role.SUPERVISOR,
        code=Move.REPLY_ORDER.value,
        text=f"工单 {ticket.number} 的督办单已由{order.unit.name}回复，请审阅办结。",
        at=at,
    )


@transaction.atomic
def close_order(ticket: Ticket, *, note: str, by: Staff, at: dt.datetime) -> None:
    """Close the order, answered or not. Raises WrongInput (no note), ActionRefused (none is open)."""
    if not note.strip():
        raise WrongInput("note", "请写明办结意见。")
    take_for(ticket, Move.CLOSE_ORDER, by=by)
    order = _open_order_of(ticket)
    SupervisionOrder.objects.filter(pk=order.pk).update(
        closing_note=mask_numbers(note.strip()), closed_by=by, closed_at=at
    )
    move_ticket(ticket, Move.CLOSE_ORDER, by=by, at=at)
    refresh_due(ticket)


def _open_order_of(ticket: Ticket) -> SupervisionOrder:
    order = ticket.orders.select_related("unit").filter(closed_at__isnull=True).first()
    if order is None:
        raise ActionRefused("本工单没有未办结的督办单，可能已被他人办结；请刷新页面。")
    return order
