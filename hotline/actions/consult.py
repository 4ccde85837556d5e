"""Disputes over who answers, settled together (青政办〔2022〕88号 三（四）3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from catalog.changes import change_lead_line
from catalog.models import Staff, Unit
from catalog.rules.limits import Step
from catalog.rules.roles import Role
from hotline.actions.clocks import start_clock
from hotline.actions.errors import WrongInput
from hotline.actions.handle import lead_assignment
from hotline.actions.notices import notify
from hotline.actions.transition import move_ticket, take_for
from hotline.models import Assignment, Consult, ReturnRequest, Ticket
from hotline.rules.assignments import Part, Ruling
from hotline.rules.workflow import Move


@transaction.atomic
def convene(
    ticket: Ticket,
    *,
    question: str,
    units: Sequence[Unit],
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> Consult:
    """Call the units together instead of ruling alone. The lead is always among them; all of them may
    read the ticket while it lasts. Raises WrongInput (no question, no second unit)."""
    if not question.strip():
        raise WrongInput("question", "请写明争议问题：各方为何认为不归自己承办。")
    take_for(ticket, Move.CONVENE, by=by, version=version)
    lead = lead_assignment(ticket)
    others = [unit for unit in units if unit != lead.unit]
    if not others:
        raise WrongInput("units", "请至少选择一个现主办单位以外的参加单位。")
    invited = [lead.unit, *others]
    move_ticket(
        ticket,
        Move.CONVENE,
        by=by,
        at=at,
        version=version,
        data={"units": [unit.code for unit in invited]},
    )
    lead.return_requests.filter(ruling="").update(ruling=Ruling.CONSULTED, ruled_by=by, ruled_at=at)
    start_clock(ticket, Step.CONSULT, at=at)
    consult = Consult.objects.create(
        ticket=ticket, question=question.strip(), opened_by=by, opened_at=at
    )
    consult.units.set(invited)
    for unit in invited:
        notify(
            ticket,
            Role.UNIT_LEADER,
            code=Move.CONVENE.value,
            text=f"工单 {ticket.number} 的承办单位有争议，请{unit.name}参加会商。",
            at=at,
            unit=unit,
        )
    return consult


def first_receiver(ticket: Ticket) -> Unit:
    """The unit that the ticket was first given to: it keeps it when nobody agrees (首接负责)."""
    return ticket.assignments.filter(part=Part.LEAD).select_related("unit").earliest("id").unit


@transaction.atomic
def conclude(
    ticket: Ticket,
    *,
    agreed: bool,
    unit: Unit | None,
    minutes: str,
    new_line: Unit | None = None,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> Move:
    """End the consult: `unit` answers when the units agreed, else the first receiver does. The decision
    is final: the unit may not return the ticket. `new_line`: from tomorrow on the catalogue gives the
    ticket's item to this provincial member's line.

    Raises WrongInput (no minutes, no unit, no item whose line could change). Returns the move made.
    """
    if not minutes.strip():
        raise WrongInput("minutes", "请填写会商纪要：各方意见和决定的理由。")
    if agreed and unit is None:
        raise WrongInput("unit", "请选择会商确定的承办单位。")
    # Both moves a consult may end in are the same person's, from the same state.
    take_for(ticket, Move.KEEP_UNIT, by=by, version=version)
    current = lead_assignment(ticket)
    if new_line is not None and ticket.item is None:
        raise WrongInput("new_line", "工单没有事项，无法调整目录；请先确定事项。")
    decided = unit if agreed and unit is not None else first_receiver(ticket)
    keeps = decided == current.unit
    move = Move.KEEP_UNIT if keeps else Move.CHANGE_UNIT
    move_ticket(
        ticket,
        move,
        by=by,
        at=at,
        version=version,
        data={
            "unit": decided.code,
            "agreed": agreed,
            "new_line": new_line.code if new_line else None,
        },
        changes={} if keeps else {"lead_unit": decided},
    )
    if keeps:
        Assignment.objects.filter(pk=current.pk).update(
            may_return=False, signed_at=current.signed_at or at
        )
    else:
        ticket.assignments.filter(ended_at__isnull=True).update(ended_at=at)
        Assignment.objects.create(
            ticket=ticket, unit=decided, part=Part.LEAD, assigned_at=at, may_return=False
        )
        start_clock(ticket, Step.SIGN, at=at)
        start_clock(ticket, Step.HANDLE, at=at)
    new_item = None
    if new_line is not None and ticket.item is not None:
        new_item = change_lead_line(
            ticket.item,
            line=new_line,
            place=f"工单 {ticket.number} 会商",
            day=timezone.localdate(at),
        )
    consult = ticket.consults.filter(closed_at__isnull=True).latest("id")
    Consult.objects.filter(pk=consult.pk).update(
        minutes=minutes.strip(),
        agreed=agreed,
        decided_unit=decided,
        new_item=new_item,
        closed_by=by,
        closed_at=at,
    )
    return move


def returns_so_far(ticket: Ticket) -> int:
    """How often units asked to be rid of the ticket."""
    return ReturnRequest.objects.filter(assignment__ticket=ticket).count()
