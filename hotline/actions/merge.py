"""Several requests of one matter answered together, and one request of several matters taken apart."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Region, Staff
from catalog.rules.limits import Step
from hotline.actions.clocks import start_clock
from hotline.actions.errors import WrongInput
from hotline.actions.intake import Intake, register_ticket
from hotline.actions.outbox import tell_caller
from hotline.actions.transition import move_ticket, take_for
from hotline.models import Assignment, Ticket
from hotline.rules.assignments import Part
from hotline.rules.intake import Channel, RequestType
from hotline.rules.messages import CallerMessage
from hotline.rules.states import STATE_NAMES, State
from hotline.rules.workflow import Move

# A ticket that still will be answered, so that others can be answered with it.
MASTER_STATES = frozenset(
    {
        State.REGISTERED,
        State.DISPATCHED,
        State.HANDLING,
        State.WAITING,
        State.RETURNED,
        State.CONSULTING,
        State.REPLIED,
    }
)


@transaction.atomic
def merge_ticket(
    ticket: Ticket, *, master: Ticket, by: Staff, at: dt.datetime, version: int | None = None
) -> None:
    """Answer `ticket` together with `master`: its own limits fall away, the master's hold. `master`
    comes from a query scoped to `by`.

    Raises WrongInput (the same ticket, another hotline's, answered already, merged itself, or `ticket`
    has others merged into it).
    """
    if master.pk == ticket.pk:
        raise WrongInput("master", "不能并入自身，请填写另一张工单的编号。")
    # A hotline merges one ticket at a time: two tickets merged into each other never wait for each
    # other. Then the master first, as where it is answered.
    Region.objects.select_for_update(no_key=True).get(pk=ticket.center_id)
    Ticket.objects.select_for_update().get(pk=master.pk)
    master.refresh_from_db()
    if master.center_id != ticket.center_id:
        raise WrongInput("master", "只能并入本热线受理的工单。")
    if State(master.state) not in MASTER_STATES:
        raise WrongInput(
            "master",
            f"工单 {master.number} 现为“{STATE_NAMES[State(master.state)]}”，不能再并入其他工单。",
        )
    if ticket.followers.filter(state=State.MERGED).exists():
        raise WrongInput(
            "master", "已有其他工单并入本单，不能再并入别的工单；请改为把另一张工单并入本单。"
        )
    move_ticket(
        ticket,
        Move.MERGE,
        by=by,
        at=at,
        version=version,
        data={"master": master.number},
        changes={"master": master, "lead_unit": None},
    )
    tell_caller(ticket, CallerMessage.MERGED, at)


@transaction.atomic
def unmerge_ticket(
    ticket: Ticket, *, by: Staff, at: dt.datetime, version: int | None = None
) -> None:
    """The ticket is another matter after all: it waits for dispatch on its own."""
    master = ticket.master
    move_ticket(
        ticket,
        Move.UNMERGE,
        by=by,
        at=at,
        version=version,
        data={"master": master.number if master else None},
        changes={"master": None},
    )
    start_clock(ticket, Step.FORWARD, at=at)


def answer_followers(master: Ticket, *, by: Staff, at: dt.datetime) -> None:
    """The answer that passed goes to every caller of a merged ticket too, who is called back like the
    master's. Inside the transaction in which the master's answer passed."""
    for follower in master.followers.filter(state=State.MERGED).order_by("pk"):
        move_ticket(
            follower,
            Move.FOLLOW,
            by=by,
            at=at,
            data={"master": master.number},
            changes={
                "outcome": master.outcome,
                "lead_unit": master.lead_unit,
                "item": master.item,
                "result_by_law": master.result_by_law,
            },
        )
        assert master.lead_unit is not None  # it has answered
        Assignment.objects.create(
            ticket=follower,
            unit=master.lead_unit,
            part=Part.LEAD,
            assigned_at=at,
            signed_at=at,
            replied_at=at,
        )
        start_clock(follower, Step.CALLBACK, at=at)


def split_ticket(ticket: Ticket, *, content: str, key: str, by: Staff, at: dt.datetime) -> Ticket:
    """Register one matter of the ticket as a ticket of its own, of the same caller and centre. The
    same `key` gives the same ticket again. Raises WrongInput without a content."""
    if not content.strip():
        raise WrongInput("content", "请填写要单独办理的那一部分诉求。")
    caller = ticket.caller
    intake = Intake(
        content=content,
        channel=Channel(ticket.channel),
        phone=caller.phone if caller else "",
        name=caller.name if caller else "",
        address=ticket.address,
        request_type=RequestType(ticket.request_type) if ticket.request_type else None,
        is_confidential=ticket.is_confidential,
    )
    with transaction.atomic():
        take_for(ticket, Move.SPLIT, by=by)
        part, made = register_ticket(intake=intake, key=key, by=by, at=at, center=ticket.center)
        if not made:
            return part
        Ticket.objects.filter(pk=part.pk).update(split_from=ticket)
        move_ticket(ticket, Move.SPLIT, by=by, at=at, data={"part": part.number})
    part.refresh_from_db()
    return part
