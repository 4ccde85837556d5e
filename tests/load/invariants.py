"""What must hold at any moment, whatever was killed: every promise kept once, no step half done.

Reads the database alone and counts no second: order is told by the chain of events.
"""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.management import call_command

from catalog.rules.limits import Step
from hotline.models import Assignment, Clock, Event, Notice, Reply, Ticket
from hotline.models.clocks import LIVE
from hotline.rules.assignments import Part
from hotline.rules.clocks import ClockState
from hotline.rules.states import State
from hotline.rules.workflow import BY_MOVE, Move


@dataclass
class Findings:
    """`figures`: what was counted. `faults`: a line for each thing that does not hold. `latest`: the
    most seconds by which a notice came after its planned moment."""

    figures: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    latest: float = 0.0


@dataclass
class History:
    """A ticket's events in order, as far as the checks need them."""

    moves: list[Event] = field(default_factory=list)
    # (clock, code) -> sequences of the events that tell of that notice.
    told: defaultdict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))


def check_everything(*, now: dt.datetime) -> Findings:
    """All checks. `now`: rungs planned up to this moment must have been told; no sweep may be under
    way or overdue. Holds for tickets that were written by the actions alone."""
    findings = Findings()
    histories = dict(_histories())
    _check_notices(findings, histories, now)
    _check_tickets(findings, histories)
    _check_chains(findings)
    return findings


def _check_chains(findings: Findings) -> None:
    """As `verify_events` finds it."""
    said = io.StringIO()
    try:
        call_command("verify_events", stdout=said, stderr=io.StringIO())
    except SystemExit:
        findings.faults.append(f"verify_events: {said.getvalue()[:2000]}")


def _histories() -> Iterator[tuple[int, History]]:
    rows = Event.objects.order_by("ticket_id", "sequence").iterator(5000)
    for ticket, events in groupby(rows, key=lambda event: event.ticket_id):
        history = History()
        for event in events:
            if event.kind == "notice":
                key = (event.data["clock"], event.data["code"])
                history.told[key].append(event.sequence)
            else:
                history.moves.append(event)
        yield ticket, history


def _check_notices(findings: Findings, histories: dict[int, History], now: dt.datetime) -> None:
    """Every rung that is owed exists once as notice and once as event; none came early, after the end
    of its clock, out of order, or from nowhere."""
    figures = findings.figures
    notices: defaultdict[int, dict[str, list[Notice]]] = defaultdict(lambda: defaultdict(list))
    for notice in Notice.objects.filter(clock__isnull=False).iterator(5000):
        notices[notice.clock_id][notice.code].append(notice)
        figures["notices"] += 1
        late = (notice.sent_at - notice.planned_at).total_seconds()
        findings.latest = max(findings.latest, late)
        if late < 0:
            findings.faults.append(f"clock {notice.clock_id}, {notice.code}: told too early")
    for clock in Clock.objects.iterator(5000):
        history = histories.get(clock.ticket_id, History())
        sent = notices.pop(clock.pk, {})
        figures["clocks"] += 1
        figures["events of notices"] += sum(
            len(sequences) for (pk, _), sequences in history.told.items() if pk == clock.pk
        )
        for what in _faults_of_clock(figures, clock, sent, history, now):
            findings.faults.append(f"clock {clock.pk} ({clock.step}, {clock.state}): {what}")
    findings.faults += [f"clock {pk}: notices of a clock that is not there" for pk in notices]


def _faults_of_clock(
    figures: Counter[str],
    clock: Clock,
    sent: dict[str, list[Notice]],
    history: History,
    now: dt.datetime,
) -> Iterator[str]:
    runs = clock.state == ClockState.RUNNING and not clock.is_held
    end = None if clock.ended_at is None else _sequence_of_end(clock, history)
    if end == 0:
        yield "no event says how it ended"
    open_gap = False
    for rung in clock.rungs:
        code, at = rung["code"], dt.datetime.fromisoformat(rung["at"])
        rows, told = len(sent.get(code, [])), history.told.get((clock.pk, code), [])
        if rung.get("quiet"):
            figures["left out, the unit had just acted"] += 1
            if rows:
                yield f"{code} told although it was left out"
            continue
        if rows > 1 or len(told) > 1:
            figures["doubled"] += 1
            yield f"{code} told {rows} times, with {len(told)} events"
        elif rows != len(told):
            yield f"{code}: {rows} notices, {len(told)} events"
        if end and any(sequence > end for sequence in told):
            yield f"{code} told after the clock ended"
        if rows and open_gap:
            yield f"{code} told before an earlier rung"
        open_gap = open_gap or not rows
        if runs and at <= now:
            figures["expected"] += 1
            figures["found"] += bool(rows)
            if not rows:
                figures["missing"] += 1
                yield f"{code} of {at.isoformat()} was never told"
        elif not runs and rows:
            figures["told before the step was done"] += 1
        elif clock.ended_at is not None and at <= clock.ended_at:
            # Its moment passed, and the step was done before the next sweep came.
            figures["due, but the step was done before the sweep"] += 1
    if unplanned := set(sent) - {rung["code"] for rung in clock.rungs}:
        yield f"{sorted(unplanned)} told without being planned"
    if runs and clock.next_rung_at is not None and clock.next_rung_at <= now:
        figures["left behind"] += 1
        yield f"next rung of {clock.next_rung_at.isoformat()} left behind"
    if not runs and clock.next_rung_at is not None:
        yield "has a next rung although it does not run"


def _sequence_of_end(clock: Clock, history: History) -> int:
    """The event of the step that ended the clock; 0 when there is none."""
    return next((event.sequence for event in history.moves if event.at == clock.ended_at), 0)


def _check_tickets(findings: Findings, histories: dict[int, History]) -> None:
    """State, version, clocks, assignments and replies are those that the ticket's events tell of."""
    clocks = _by_ticket(Clock.objects.filter(state__in=LIVE))
    assignments = _by_ticket(Assignment.objects.all())
    replies: defaultdict[int, list[Reply]] = defaultdict(list)
    for reply in Reply.objects.order_by("id"):
        replies[reply.assignment_id].append(reply)
    for ticket in Ticket.objects.iterator(5000):
        findings.figures["tickets"] += 1
        history = histories.get(ticket.pk, History())
        for what in (
            *_faults_of_state(ticket, history.moves),
            *_faults_of_clocks(ticket, history.moves, clocks[ticket.pk]),
            *_faults_of_assignments(ticket, history.moves, assignments[ticket.pk], replies),
        ):
            findings.figures["half written"] += 1
            findings.faults.append(f"{ticket}: {what}")


def _by_ticket(rows: Any) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("id").iterator(5000):
        found[row.ticket_id].append(row)
    return found


def _faults_of_state(ticket: Ticket, moves: list[Event]) -> Iterator[str]:
    state, steps = State.DRAFT.value, 0
    for event in moves:
        if "to" in event.data:
            if event.data["from"] != state:
                yield f"event {event.sequence} leaves {event.data['from']}, it was {state}"
            state, steps = event.data["to"], steps + 1
    if ticket.state != state:
        yield f"is {ticket.state}, its events say {state}"
    if ticket.version != steps + 1:
        yield f"version {ticket.version} after {steps} steps"


def _faults_of_clocks(ticket: Ticket, moves: list[Event], live: list[Clock]) -> Iterator[str]:
    told: set[Step] = set()
    for event in moves:
        if event.kind in BY_MOVE:
            row = BY_MOVE[Move(event.kind)]
            told = (told - {*row.stops, *row.drops}) | {*row.starts, *row.resumes}
    # Those of co-handlers are one a unit, or none.
    found = {clock.step for clock in live} - {Step.ASSIST.value}
    expected = {step.value for step in told} - {Step.ASSIST.value}
    if found != expected:
        yield f"clocks {sorted(found)} run, its events say {sorted(expected)}"
    due = min((clock.due_at for clock in live if clock.state == ClockState.RUNNING), default=None)
    if ticket.due_at != due:
        yield f"due {ticket.due_at}, its clocks say {due}"


def _faults_of_assignments(
    ticket: Ticket,
    moves: list[Event],
    assignments: list[Assignment],
    replies: defaultdict[int, list[Reply]],
) -> Iterator[str]:
    for part, kind in ((Part.LEAD, "reply"), (Part.CO, "co_reply")):
        rows = [reply for one in assignments if one.part == part for reply in replies[one.pk]]
        events = [event.at for event in moves if event.kind == kind]
        if sorted(reply.made_at for reply in rows) != sorted(events):
            yield f"{len(rows)} replies as {part}, {len(events)} events"
    for one in assignments:
        made = [reply.made_at for reply in replies[one.pk]]
        if one.replied_at != max(made, default=None):
            yield f"assignment {one.pk} answered at {one.replied_at}, its replies say {made}"
    lead = next((one for one in assignments if one.part == Part.LEAD and not one.ended_at), None)
    if ticket.state in (State.DISPATCHED, State.HANDLING, State.REPLIED):
        if lead is None or lead.unit_id != ticket.lead_unit_id:
            yield "its lead unit has no assignment"
        elif (lead.signed_at is None) != (ticket.state == State.DISPATCHED):
            yield f"is {ticket.state}, signed at {lead.signed_at}"
