"""What the units do: sign, reply, return; and the hotline's ruling on a return."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Staff, Unit
from catalog.rules.limits import Step
from hotline.actions.clocks import end_clock, refresh_due, start_clock
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.events import told_safely
from hotline.actions.transition import move_ticket, take_for
from hotline.models import Assignment, Reply, ReturnRequest, Ticket
from hotline.rules.assignments import Part, Ruling
from hotline.rules.workflow import Move


def lead_assignment(ticket: Ticket) -> Assignment:
    """The assignment of the unit that leads now."""
    return ticket.assignments.get(part=Part.LEAD, ended_at__isnull=True)


@transaction.atomic
def sign_ticket(ticket: Ticket, *, by: Staff, at: dt.datetime, version: int | None = None) -> None:
    """The lead unit takes the ticket."""
    move_ticket(ticket, Move.SIGN, by=by, at=at, version=version)
    Assignment.objects.filter(pk=lead_assignment(ticket).pk).update(signed_at=at)


def co_units_silent(ticket: Ticket) -> list[Unit]:
    """Co-handlers that have not told the lead their part."""
    silent = ticket.assignments.filter(
        part=Part.CO, ended_at__isnull=True, replied_at__isnull=True
    ).select_related("unit")
    return [one.unit for one in silent]


@transaction.atomic
def reply_to_ticket(
    ticket: Ticket,
    *,
    text: str,
    without: str = "",
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> Reply:
    """The lead unit sums up and answers for all. `without`: why it does not wait for co-handlers that
    are silent. Raises WrongInput without a text, or without that reason."""
    if not text.strip():
        raise WrongInput("text", "请填写办理结果：查明了什么、怎样处理、怎样告知群众。")
    take_for(ticket, Move.REPLY, by=by, version=version)
    silent = co_units_silent(ticket)
    if silent and not without.strip():
        names = "、".join(unit.name for unit in silent)
        raise WrongInput(
            "without", f"{names}尚未提交协办意见；请等待其意见，或写明不再等待的理由。"
        )
    missing = {"silent": [unit.code for unit in silent], "reason": told_safely(without)}
    move_ticket(ticket, Move.REPLY, by=by, at=at, version=version, data=missing if silent else {})
    assignment = lead_assignment(ticket)
    Assignment.objects.filter(pk=assignment.pk).update(replied_at=at)
    start_clock(ticket, Step.CHECK, at=at)
    return Reply.objects.create(assignment=assignment, text=text.strip(), by=by, made_at=at)


@transaction.atomic
def reply_as_co_handler(ticket: Ticket, *, text: str, by: Staff, at: dt.datetime) -> Reply:
    """A co-handler tells the lead its part. The ticket's state does not change.

    Raises NotAllowed (not a co-handler now), WrongInput (no text), IllegalMove (the lead has answered
    already).
    """
    if not text.strip():
        raise WrongInput("text", "请填写本单位的办理意见。")
    unit = by.unit
    move_ticket(ticket, Move.CO_REPLY, by=by, at=at, data={"unit": unit.code if unit else None})
    assignment = ticket.assignments.get(unit=unit, part=Part.CO, ended_at__isnull=True)
    Assignment.objects.filter(pk=assignment.pk).update(
        signed_at=assignment.signed_at or at, replied_at=at
    )
    end_clock(ticket, Step.ASSIST, at=at, unit=unit)
    refresh_due(ticket)
    return Reply.objects.create(assignment=assignment, text=text.strip(), by=by, made_at=at)


@transaction.atomic
def return_ticket(
    ticket: Ticket,
    *,
    reason: str,
    basis: str,
    suggested_unit: Unit | None = None,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> ReturnRequest:
    """The lead unit asks to be rid of the ticket, with the reason and the basis in the catalogue.

    The handling clock runs on until the hotline has ruled. Raises WrongInput (reason or basis
    missing), ActionRefused (an earlier return of this unit was refused: that is final).
    """
    if not reason.strip():
        raise WrongInput("reason", "请写明退单理由。")
    if not basis.strip():
        raise WrongInput("basis", "请写明目录依据，如某事项应由哪个单位承办。")
    move_ticket(
        ticket,
        Move.RETURN,
        by=by,
        at=at,
        version=version,
        data={"suggested": suggested_unit.code if suggested_unit else None},
    )
    assignment = lead_assignment(ticket)
    if not assignment.may_return:
        raise ActionRefused("热线已裁定由本单位承办，不能再次退单；请办理后答复。")
    start_clock(ticket, Step.RULE, at=at)
    return ReturnRequest.objects.create(
        assignment=assignment,
        reason=reason.strip(),
        basis=basis.strip(),
        suggested_unit=suggested_unit,
        by=by,
        made_at=at,
    )


@transaction.atomic
def rule_on_return(
    ticket: Ticket,
    *,
    ruling: Ruling,
    note: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Accept the return: the ticket waits for dispatch anew. Refuse it: the unit has it for good and
    counts as having signed. Raises WrongInput without a reason."""
    if not note.strip():
        raise WrongInput("note", "请写明裁定理由。")
    accepted = ruling is Ruling.ACCEPTED
    move = Move.ACCEPT_RETURN if accepted else Move.REFUSE_RETURN
    take_for(ticket, move, by=by, version=version)
    assignment = lead_assignment(ticket)
    move_ticket(
        ticket,
        move,
        by=by,
        at=at,
        version=version,
        data={"unit": assignment.unit.code},
        changes={"lead_unit": None} if accepted else {},
    )
    request = assignment.return_requests.filter(ruling="").latest("id")
    ReturnRequest.objects.filter(pk=request.pk).update(
        ruling=ruling, ruling_note=note.strip(), ruled_by=by, ruled_at=at
    )
    if accepted:
        start_clock(ticket, Step.FORWARD, at=at)
    else:
        Assignment.objects.filter(pk=assignment.pk).update(
            may_return=False, signed_at=assignment.signed_at or at
        )
