"""The only writer of `Ticket.state`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.models import Staff
from hotline.actions.clocks import (
    drop_clock,
    end_clock,
    note_act,
    pause_clock,
    refresh_due,
    resume_clock,
)
from hotline.actions.errors import LostRace
from hotline.actions.events import record_event
from hotline.models import Ticket
from hotline.permissions import check_may
from hotline.rules.states import OVER_STATES, State
from hotline.rules.workflow import Holder, Move, Transition, find_transition


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
    check_may(by, row, ticket)
    source = ticket.state
    if row.target is None:
        _stay(ticket, changes or {})
    else:
        _leave(ticket, row.target, at, version, changes or {})
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
    refresh_due(ticket)
    states = {"from": source, "to": ticket.state} if row.target else {}
    record_event(ticket, move.value, by=by, at=at, data=states | (data or {}))
    return row


def lock_ticket(ticket: Ticket) -> None:
    """Take the ticket's row until the transaction ends, and read what it says now. Raises LostRace
    when its state is another than `ticket` says."""
    source = ticket.state
    Ticket.objects.select_for_update().get(pk=ticket.pk)
    ticket.refresh_from_db()
    if ticket.state != source:
        raise LostRace(ticket)


def _stay(ticket: Ticket, changes: dict[str, Any]) -> None:
    lock_ticket(ticket)
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
    moved = Ticket.objects.filter(
        pk=ticket.pk,
        state=ticket.state,
        version=ticket.version if version is None else version,
    ).update(**columns)
    if moved != 1:
        raise LostRace(ticket)
    ticket.refresh_from_db()
