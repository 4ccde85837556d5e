"""Giving a ticket to the units that answer for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from catalog.models import Region, Staff, Unit
from catalog.rules.limits import HandlingClass, Step
from catalog.rules.roles import HOTLINE_ROLES, Role
from hotline.actions.clocks import (
    limit_of,
    recount_clock,
    refresh_due,
    running_clock,
    start_clock,
)
from hotline.actions.decide import Choice, columns_of, record_decision
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.events import told_safely
from hotline.actions.notices import notify
from hotline.actions.transition import move_ticket, take_for
from hotline.models import Assignment, Ticket
from hotline.permissions import sees_whole_province
from hotline.rules.assignments import Part
from hotline.rules.states import State
from hotline.rules.workflow import Move


@transaction.atomic
def dispatch_ticket(
    ticket: Ticket,
    *,
    choice: Choice,
    co_units: Sequence[Unit] = (),
    days: int | None = None,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Give the ticket to the lead unit of `choice` and to co-handlers, with the limit on it.

    Effects: the decision beside the suggestion, the move, one assignment a unit, the clocks for
    signing and handling (`days` working days within the policy row; None: its default) and each
    co-handler's, the event. Raises WrongInput (no lead unit, no item, lead among the co-handlers, days
    out of range).
    """
    if choice.lead_unit is None:
        raise WrongInput("lead_unit", "请选择主办单位。")
    if choice.item is None:
        raise WrongInput("item", "请选择事项。")
    if choice.lead_unit in co_units:
        raise WrongInput("co_units", f"{choice.lead_unit.name}已是主办单位，不能同时协办。")
    decision = record_decision(ticket, choice, by=by, at=at)
    move_ticket(
        ticket,
        Move.DISPATCH,
        by=by,
        at=at,
        version=version,
        data={
            "decision": decision.pk,
            "changed": decision.changed,
            "lead": choice.lead_unit.code,
            "co": [unit.code for unit in co_units],
        },
        changes=columns_of(choice) | {"lead_unit": choice.lead_unit},
    )
    Assignment.objects.create(ticket=ticket, unit=choice.lead_unit, part=Part.LEAD, assigned_at=at)
    start_clock(ticket, Step.SIGN, at=at)
    start_clock(ticket, Step.HANDLE, at=at, days=days)
    _assign_co_units(ticket, co_units, at)


@transaction.atomic
def add_co_units(
    ticket: Ticket, *, units: Sequence[Unit], reason: str, by: Staff, at: dt.datetime
) -> None:
    """Further units join while the lead works. Raises WrongInput (none named, no reason, one that
    has the ticket already)."""
    if not units:
        raise WrongInput("co_units", "请选择要增加的协办单位。")
    if not reason.strip():
        raise WrongInput("reason", "请写明需要协办的理由。")
    move_ticket(
        ticket,
        Move.ADD_CO_UNITS,
        by=by,
        at=at,
        data={"co": [unit.code for unit in units], "reason": told_safely(reason)},
    )
    having = ticket.assignments.filter(unit__in=units, ended_at__isnull=True).first()
    if having is not None:
        raise WrongInput("co_units", f"{having.unit.name}已是{having.get_part_display()}单位。")
    _assign_co_units(ticket, units, at)
    refresh_due(ticket)


@transaction.atomic
def change_limit(
    ticket: Ticket,
    *,
    handling_class: HandlingClass,
    days: int | None,
    reason: str,
    by: Staff,
    at: dt.datetime,
) -> None:
    """Give the handling another class or other days, counted from the same start: the one way in
    which a promise is moved. `days` None: the class's default. Raises WrongInput (no reason, days
    outside the policy row, nothing changed)."""
    if not reason.strip():
        raise WrongInput("reason", "请写明调整时限的理由。")
    take_for(ticket, Move.CHANGE_LIMIT, by=by)
    clock = running_clock(ticket, Step.HANDLE)
    row, days = limit_of(Step.HANDLE, handling_class, clock.started_at, days)
    if (clock.handling_class, clock.days) == (handling_class.value, days):
        raise WrongInput("days", "办理类别和天数都没有变化。")
    old = clock.due_at
    clock.limit, clock.handling_class, clock.days = row, handling_class.value, days
    recount_clock(clock)
    move_ticket(
        ticket,
        Move.CHANGE_LIMIT,
        by=by,
        at=at,
        data={
            "class": handling_class.value,
            "days": days,
            "old": timezone.localtime(old).isoformat(),
            "new": timezone.localtime(clock.due_at).isoformat(),
            "reason": told_safely(reason),
        },
        changes={"handling_class": handling_class.value},
    )


@transaction.atomic
def pass_on(
    ticket: Ticket,
    *,
    center: Region,
    reason: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Give a ticket to the hotline of another region or level; its limit to forward runs on.

    Raises WrongInput (no reason, the same centre, a region without a hotline), ActionRefused: others are
    merged into it, which stay here; or it was passed on once already, then the province's hotline alone
    passes it on again, so that it does not wander (首接负责, 青政办〔2022〕88号 三（三）1).
    """
    if not reason.strip():
        raise WrongInput("reason", "请写明移交理由。")
    if center == ticket.center:
        raise WrongInput("center", f"工单已在{center.name}热线。")
    if not Staff.objects.filter(region=center, role__in=HOTLINE_ROLES, is_active=True).exists():
        raise WrongInput("center", f"{center.name}没有设立热线，请选择省级或市州热线。")
    take_for(ticket, Move.PASS_ON, by=by, version=version)
    if ticket.followers.filter(state=State.MERGED).exists():
        raise ActionRefused("已有其他工单并入本单，不能移交；请先将其拆出，或由本热线办理。")
    if ticket.events.filter(kind=Move.PASS_ON).exists() and not sees_whole_province(by):
        raise ActionRefused("工单已移交过一次，不能再次移交；有争议的请报省级热线裁定。")
    old = ticket.center
    move_ticket(
        ticket,
        Move.PASS_ON,
        by=by,
        at=at,
        version=version,
        data={"old": old.code, "new": center.code, "reason": told_safely(reason)},
        changes={"center": center},
    )
    notify(
        ticket,
        Role.OPERATOR,
        code="pass_on",
        text=f"工单 {ticket.number} 由{old.name}热线移交，请受理派单。",
        at=at,
    )


def _assign_co_units(ticket: Ticket, units: Sequence[Unit], at: dt.datetime) -> None:
    for unit in units:
        Assignment.objects.create(ticket=ticket, unit=unit, part=Part.CO, assigned_at=at)
        start_clock(ticket, Step.ASSIST, at=at, unit=unit)
