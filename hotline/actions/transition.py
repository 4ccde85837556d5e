"""The only writer of `Ticket.state`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.models import Staff
from hotline.actions.clocks import drop_clock, end_clock, refresh_due, resume_clock
from hotline.actions.errors import LostRace
from hotline.actions.events import record_event
from hotline.models import Ticket
from hotline.permissions import check_may
from hotline.rules.states import FINAL_STATES, State
from hotline.rules.workflow import Move, Transition, find_transition


@transaction.atomic
def move_ticket(
    ticket: Ticket,
    move: Move,
    *,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> Transition:
    """Carry out one row of the transition table, or nothing.

    Effects, in one transaction: the state, `changes` to other columns and the version, if and only if
    state and version are still what `ticket` (or `version`, the one a page was drawn from) says;
    clocks that the row ends, drops or resumes; the event row. Clocks that the row starts are the
    caller's, who knows their length: each action starts every one its row names.

    Raises IllegalMove (the table has no such step), NotAllowed (not this person's turn), LostRace
    (somebody was faster).
    """
    row = find_transition(State(ticket.state), move)
    check_may(by, row, ticket)
    expected = ticket.version if version is None else version
    columns = dict(changes or {}) | {"state": row.target.value, "version": F("version") + 1}
    if row.target in FINAL_STATES:
        columns["closed_at"] = at
    moved = Ticket.objects.filter(pk=ticket.pk, state=ticket.state, version=expected).update(
        **columns
    )
    if moved != 1:
        raise LostRace(ticket)
    source = ticket.state
    ticket.refresh_from_db()
    for step in row.stops:
        end_clock(ticket, step, at=at)
    for step in row.drops:
        drop_clock(ticket, step, at=at)
    for step in row.resumes:
        resume_clock(ticket, step)
    refresh_due(ticket)
    record_event(
        ticket,
        move.value,
        by=by,
        at=at,
        data={"from": source, "to": row.target.value} | (data or {}),
    )
    return row
