"""The only writer of `Ticket.state`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.models import Staff
from catalog.rules.limits import Step
from hotline.actions.clocks import (
    drop_clock,
    end_clock,
    note_act,
    pause_clock,
    refresh_due,
    reopen_limit,
    resume_clock,
    start_clock,
)
from hotline.actions.errors import LostRace
from hotline.actions.events import record_event
from hotline.models import ExtensionRequest, ReturnRequest, Ticket
from hotline.permissions import check_may
from hotline.rules.assignments import Ruling
from hotline.rules.states import OVER_STATES, State
from hotline.rules.workflow import BY_MOVE, Holder, Move, Transition, find_transition


@transaction.atomic
def move_ticket(
    ticket: Ticket,
    move: Move,
    *,
    by: Staff | None,
    at: dt.datetime,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> Transition:
    """Carry out one row of the transition table, or nothing.

    Effects, in one transaction: the state, `changes` to other columns and the version, if and only if
    state and version are still what `ticket` (or `version`, the one a page was drawn from) says;
    clocks that the row ends, drops, pauses or resumes; the event row. Clocks that the row starts are
    the caller's, who knows their length: each action starts every one its row names. A row that stays
    in its state asks for no version: the ticket is locked, and what the step needs is looked at anew.
    `by` None: the caller on the progress page, or the system, where the row allows it.

    Raises IllegalMove (the table has no such step), NotAllowed (not this person's turn), LostRace
    (somebody was faster).
    """
    row = find_transition(State(ticket.state), move)
    if row.target is None:
        lock_ticket(ticket)
    check_may(by, row, ticket)
    _carry_out(ticket, row, by=by, at=at, version=version, data=data or {}, changes=changes or {})
    return row


def _carry_out(
    ticket: Ticket,
    row: Transition,
    *,
    by: Staff | None,
    at: dt.datetime,
    version: int | None,
    data: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    source = ticket.state
    if row.target is None:
        _change(ticket, changes)
    else:
        _leave(ticket, row.target, at, version, changes)
    for step in row.stops:
        end_clock(ticket, step, at=at)
    for step in row.drops:
        drop_clock(ticket, step, at=at)
    for step in row.pauses:
        pause_clock(ticket, step, at=at)
    for step in row.resumes:
        resume_clock(ticket, step, at=at)
    if row.holder in (Holder.LEAD_UNIT, Holder.CO_UNIT):
        note_act(ticket, by, at=at)
    _end_what_hangs_on(ticket, row, at)
    refresh_due(ticket)
    states = {"from": source, "to": ticket.state} if row.target else {}
    record_event(ticket, row.move.value, by=by, at=at, data=states | data)
    if row.target in OVER_STATES | {State.MERGED}:
        _release_followers(ticket, by=by, at=at)


def _end_what_hangs_on(ticket: Ticket, row: Transition, at: dt.datetime) -> None:
    """A ticket that leaves its unit takes what the unit had of it along; one that is over leaves
    nothing to be ruled on and no meeting."""
    if Step.EXTEND in row.drops:
        ExtensionRequest.objects.filter(clock__ticket=ticket, ruling="").update(
            ruling=Ruling.LAPSED, ruled_at=at
        )
    if Step.ORDER in row.drops:
        ticket.orders.filter(closed_at__isnull=True).update(closed_at=at)
    if row.target in OVER_STATES:
        ReturnRequest.objects.filter(assignment__ticket=ticket, ruling="").update(
            ruling=Ruling.LAPSED, ruled_at=at
        )
        ticket.consults.filter(closed_at__isnull=True).update(closed_at=at)
    if row.target in OVER_STATES | {State.REGISTERED, State.MERGED}:
        ticket.assignments.filter(ended_at__isnull=True).update(ended_at=at)


def _release_followers(master: Ticket, *, by: Staff | None, at: dt.datetime) -> None:
    """The ticket will not be answered for those merged into it: each is on its own again."""
    for follower in master.followers.filter(state=State.MERGED).order_by("pk"):
        _carry_out(
            follower,
            BY_MOVE[Move.UNMERGE],
            by=by,
            at=at,
            version=None,
            data={"master": master.number},
            changes={"master": None},
        )
        start_clock(follower, Step.FORWARD, at=at)


def check_step(ticket: Ticket, move: Move, *, by: Staff | None) -> None:
    """Raises IllegalMove or NotAllowed as `move_ticket` would, before anything typed is looked at."""
    check_may(by, find_transition(State(ticket.state), move), ticket)


def take_for(ticket: Ticket, move: Move, *, by: Staff | None, version: int | None = None) -> None:
    """Lock the ticket for an action that must look at what hangs on it before it moves: the ticket
    before its clocks, as everywhere. Raises as `move_ticket` does."""
    row = find_transition(State(ticket.state), move)
    seen = ticket.version if version is None else version
    lock_ticket(ticket)
    check_may(by, row, ticket)
    if row.target is not None and ticket.version != seen:
        raise LostRace(ticket)


def lock_ticket(ticket: Ticket) -> None:
    """Take the ticket's row until the transaction ends, and read what it says now. Raises LostRace
    when its state is another than `ticket` says."""
    source = ticket.state
    Ticket.objects.select_for_update().get(pk=ticket.pk)
    ticket.refresh_from_db()
    if ticket.state != source:
        raise LostRace(ticket)


def _change(ticket: Ticket, changes: dict[str, Any]) -> None:
    if changes:
        Ticket.objects.filter(pk=ticket.pk).update(**changes)
        ticket.refresh_from_db()


def _leave(
    ticket: Ticket,
    target: State,
    at: dt.datetime,
    version: int | None,
    changes: dict[str, Any],
) -> None:
    columns = dict(changes) | {"state": target.value, "version": F("version") + 1}
    if target in OVER_STATES and State(ticket.state) not in OVER_STATES:
        columns["closed_at"] = at
    if target is State.CLOSED:
        columns["reopen_until"] = reopen_limit(ticket, at)
    moved = Ticket.objects.filter(
        pk=ticket.pk,
        state=ticket.state,
        version=ticket.version if version is None else version,
    ).update(**columns)
    if moved != 1:
        raise LostRace(ticket)
    ticket.refresh_from_db()
