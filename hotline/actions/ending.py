"""Ends that are not an answer, and what comes after the end: opening again, the archive."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Staff
from catalog.rules.limits import Step
from hotline.actions.clocks import start_clock
from hotline.actions.errors import ActionRefused, LostRace, WrongInput
from hotline.actions.events import told_safely
from hotline.actions.outbox import tell_caller
from hotline.actions.transition import move_ticket
from hotline.models import EndProposal, Ticket
from hotline.permissions import NotAllowed
from hotline.rules.assignments import Ruling
from hotline.rules.endings import GROUND_NAMES, NEEDS_EARLIER, Ground
from hotline.rules.messages import CallerMessage
from hotline.rules.states import State
from hotline.rules.workflow import Move


@transaction.atomic
def propose_end(
    ticket: Ticket,
    *,
    ground: Ground,
    reason: str,
    earlier: Ticket | None = None,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> EndProposal:
    """Propose that a repeated or groundless request is not worked again. `earlier`: the ticket in which
    the matter was answered, from a query scoped to `by`. The limit to forward runs on.

    Raises WrongInput (no reason; a repeated one without an earlier ticket that is closed and of the
    same caller).
    """
    if not reason.strip():
        raise WrongInput("reason", "请写明理由：此前怎样答复、为何没有新的事实。")
    if ground in NEEDS_EARLIER:
        if earlier is None:
            raise WrongInput("earlier", "请填写此前已答复的工单编号。")
        if earlier.pk == ticket.pk or State(earlier.state) not in (State.CLOSED, State.ARCHIVED):
            raise WrongInput("earlier", f"工单 {earlier.number} 没有办结，不能作为此前的答复。")
        if earlier.caller_id != ticket.caller_id or ticket.caller_id is None:
            raise WrongInput("earlier", f"工单 {earlier.number} 不是同一来电人的诉求。")
    move_ticket(
        ticket,
        Move.PROPOSE_END,
        by=by,
        at=at,
        version=version,
        data={"ground": ground.value, "earlier": earlier.number if earlier else None},
    )
    start_clock(ticket, Step.REVIEW, at=at)
    return EndProposal.objects.create(
        ticket=ticket, ground=ground, earlier=earlier, reason=reason.strip(), by=by, made_at=at
    )


@transaction.atomic
def rule_on_end(
    ticket: Ticket,
    *,
    confirmed: bool,
    note: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """A second person approves or refuses. Raises NotAllowed when it is the one who proposed,
    WrongInput without a note."""
    if not note.strip():
        raise WrongInput("note", "请写明复核意见；同意的，写明已怎样告知来电人。")
    proposal = ticket.end_proposals.filter(ruling="").last()
    if proposal is not None and proposal.by_id == by.pk:
        raise NotAllowed("提请人不能复核自己的提请，请由另一位督办员复核。")
    ground = GROUND_NAMES[Ground(proposal.ground)] if proposal else ""
    move_ticket(
        ticket,
        Move.CONFIRM_END if confirmed else Move.REFUSE_END,
        by=by,
        at=at,
        version=version,
        changes={"outcome": f"{ground}。{note.strip()}"} if confirmed else {},
    )
    ticket.end_proposals.filter(ruling="").update(
        ruling=Ruling.ACCEPTED if confirmed else Ruling.REFUSED,
        ruling_note=note.strip(),
        ruled_by=by,
        ruled_at=at,
    )


@transaction.atomic
def withdraw_ticket(
    ticket: Ticket, *, reason: str, by: Staff | None, at: dt.datetime, version: int | None = None
) -> None:
    """The caller does not want it any more. `by` None: the caller pressed the button. Raises WrongInput
    without a reason from staff."""
    if by is not None and not reason.strip():
        raise WrongInput("reason", "请写明来电人撤回的原因。")
    move_ticket(
        ticket,
        Move.WITHDRAW,
        by=by,
        at=at,
        version=version,
        data={"reason": told_safely(reason), "citizen": by is None},
        changes={"outcome": "来电人撤回诉求。"},
    )
    tell_caller(ticket, CallerMessage.WITHDRAWN, at)


@transaction.atomic
def reopen_ticket(
    ticket: Ticket, *, reason: str, by: Staff, at: dt.datetime, version: int | None = None
) -> None:
    """Open a closed ticket again within the time that policy gives. Raises WrongInput (no reason),
    ActionRefused (the time is over: a new ticket is needed)."""
    if not reason.strip():
        raise WrongInput("reason", "请写明重新受理的理由：答复后出现了什么新情况。")
    if ticket.reopen_until is None or at > ticket.reopen_until:
        raise ActionRefused("已超过可以重新受理的期限，请登记新的工单。")
    move_ticket(
        ticket,
        Move.REOPEN,
        by=by,
        at=at,
        version=version,
        data={"reason": told_safely(reason)},
        changes={
            "closed_at": None,
            "reopen_until": None,
            "lead_unit": None,
            "reworks": 0,
            "reopened": ticket.reopened + 1,
        },
    )
    start_clock(ticket, Step.FORWARD, at=at)


def archive_tickets(*, now: dt.datetime, most: int = 1000) -> int:
    """Archive up to `most` closed tickets whose time to be opened again is over; returns how many."""
    due = Ticket.objects.filter(state=State.CLOSED, reopen_until__lt=now).order_by("reopen_until")
    archived = 0
    for ticket in due[:most]:
        try:
            move_ticket(ticket, Move.ARCHIVE, by=None, at=now)
        except LostRace:
            continue  # somebody opened it again at this moment
        archived += 1
    return archived
