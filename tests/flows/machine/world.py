"""What must hold of every ticket at every moment, whatever was pressed: `check_world`, and between two
moments: `check_change`."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from catalog.rules.limits import HandlingClass, Step
from catalog.snapshot import working_calendar
from hotline.models import (
    Assignment,
    Callback,
    Clock,
    Consult,
    Decision,
    EndProposal,
    Event,
    ExtensionRequest,
    Notice,
    Reply,
    ReturnRequest,
    SupervisionOrder,
    Supplement,
    Ticket,
    Transfer,
)
from hotline.queries.verification import chain_faults
from hotline.rules.assignments import Part
from hotline.rules.clocks import ClockState
from hotline.rules.states import FINAL_STATES, OPEN_STATES, OVER_STATES, State
from hotline.rules.workflow import Move

Row = dict[str, Any]
KINDS: tuple[type[Model], ...] = (
    Ticket, Clock, Assignment, Event, Notice, ExtensionRequest, ReturnRequest, Supplement, EndProposal,
    SupervisionOrder, Consult, Callback, Reply, Decision, Transfer,
)  # fmt: skip
LIVE = (ClockState.RUNNING, ClockState.PAUSED)

# The clocks that live in each state, beside those of co-handlers, of an extension and of an order.
CLOCKS_OF: dict[State, dict[Step, ClockState]] = {
    State.REGISTERED: {Step.FORWARD: ClockState.RUNNING},
    State.DISPATCHED: {Step.SIGN: ClockState.RUNNING, Step.HANDLE: ClockState.RUNNING},
    State.HANDLING: {Step.HANDLE: ClockState.RUNNING},
    State.WAITING: {Step.HANDLE: ClockState.PAUSED, Step.SUPPLEMENT: ClockState.RUNNING},
    State.RETURNED: {Step.HANDLE: ClockState.RUNNING, Step.RULE: ClockState.RUNNING},
    State.CONSULTING: {Step.HANDLE: ClockState.RUNNING, Step.CONSULT: ClockState.RUNNING},
    State.REPLIED: {Step.CHECK: ClockState.RUNNING},
    State.CALLBACK: {Step.CALLBACK: ClockState.RUNNING},
    State.REVIEWING: {Step.FORWARD: ClockState.RUNNING, Step.REVIEW: ClockState.RUNNING},
}
LED_STATES = (
    State.DISPATCHED, State.HANDLING, State.WAITING, State.RETURNED, State.CONSULTING, State.REPLIED,
    State.CALLBACK,
)  # fmt: skip
# What may move the limit of a handling clock that is there already.
MOVES_OF_THE_PROMISE = (Move.CHANGE_LIMIT, Move.GRANT_EXTENSION, Move.SUPPLY)
RECOUNT = "recount"


@dataclass(frozen=True)
class World:
    """Every row that hangs on a ticket, by kind and key."""

    rows: dict[type[Model], dict[int, Row]]

    def all(self, rows_of: type[Model], /, **wanted: Any) -> list[Row]:
        return [
            row
            for row in self.rows[rows_of].values()
            if all(row[name] == value for name, value in wanted.items())
        ]

    @property
    def tickets(self) -> dict[int, Row]:
        return self.rows[Ticket]

    def live_clocks(self, ticket: int) -> list[Row]:
        return [row for row in self.all(Clock, ticket_id=ticket) if row["state"] in LIVE]

    def having(self, ticket: int) -> list[Row]:
        """The assignments of the units that have the ticket now."""
        return self.all(Assignment, ticket_id=ticket, ended_at=None)


class Watch:
    """Reads the world, of each table only when something was written to it."""

    _written = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', re.I)

    def __init__(self) -> None:
        self.world = World({})
        self.touched = {kind._meta.db_table for kind in KINDS}

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        """As Django calls it around every statement (`connection.execute_wrapper`)."""
        written = self._written.match(sql)
        if written:
            self.touched.add(written[1])
        return execute(sql, *rest)

    def read(self) -> World:
        touched, self.touched = self.touched, set()
        self.world = World(
            {
                kind: {row["id"]: row for row in kind._base_manager.values()}
                if kind._meta.db_table in touched
                else self.world.rows[kind]
                for kind in KINDS
            }
        )
        return self.world


def check_world(world: World, now: dt.datetime) -> None:
    """Raises AssertionError naming what does not hold of the world at `now`."""
    for ticket in world.tickets.values():
        name = f"ticket {ticket['id']} ({ticket['state']})"
        _check_owner(world, ticket, name)
        _check_clocks(world, ticket, name)
        if ticket["state"] in OVER_STATES:
            _check_over(world, ticket, name)
    for clock in world.rows[Clock].values():
        _check_notices(world, clock, now)


def check_chains() -> None:
    """Raises AssertionError naming the tickets whose events do not hold together."""
    faults = [str(fault) for fault in chain_faults()]
    assert not faults, faults


def _check_owner(world: World, ticket: Row, name: str) -> None:
    having = world.having(ticket["id"])
    leads = [row["unit_id"] for row in having if row["part"] == Part.LEAD]
    if ticket["state"] in LED_STATES:
        assert leads == [ticket["lead_unit_id"]], f"{name} is led by {leads}"
    else:
        assert not having, f"{name} is with no unit, yet assignments are open: {having}"
    if ticket["state"] in (State.REGISTERED, State.REVIEWING, State.MERGED):
        assert ticket["lead_unit_id"] is None, f"{name} names a lead unit"
    units = Counter(row["unit_id"] for row in having)
    assert all(count == 1 for count in units.values()), f"{name}: a unit has it twice"
    if ticket["state"] == State.MERGED:
        master = world.tickets[ticket["master_id"]]
        open_states = OPEN_STATES - {State.MERGED}
        assert master["state"] in open_states, f"{name} leans on a {master['state']} ticket"
        assert master["center_id"] == ticket["center_id"], f"{name}: its master is elsewhere"


def _check_clocks(world: World, ticket: Row, name: str) -> None:
    live = world.live_clocks(ticket["id"])
    running = [row["due_at"] for row in live if row["state"] == ClockState.RUNNING]
    assert ticket["due_at"] == min(running, default=None), f"{name}: due_at is not its clocks'"

    expected = dict(CLOCKS_OF.get(State(ticket["state"]), {}))
    asked = [row for row in _extensions(world, ticket) if not row["ruling"]]
    if asked:
        expected[Step.EXTEND] = ClockState.RUNNING
    orders = world.all(SupervisionOrder, ticket_id=ticket["id"], closed_at=None)
    assert len(orders) <= 1, f"{name} has {len(orders)} open orders"
    if orders and orders[0]["replied_at"] is None:
        expected[Step.ORDER] = ClockState.RUNNING
    found = Counter((row["step"], row["state"]) for row in live if row["step"] != Step.ASSIST)
    wanted = Counter((step.value, state.value) for step, state in expected.items())
    assert found == wanted, f"{name}: live clocks are {dict(found)}, should be {dict(wanted)}"

    assisting = Counter(row["unit_id"] for row in live if row["step"] == Step.ASSIST)
    co_units = {row["unit_id"] for row in world.having(ticket["id"]) if row["part"] == Part.CO}
    assert set(assisting) <= co_units, f"{name}: a clock of a unit that does not join"
    assert all(count == 1 for count in assisting.values()), f"{name}: two clocks of a co-handler"
    if ticket["state"] == State.REPLIED:
        assert not assisting, f"{name}: a co-handler's clock runs after the answer"

    held = {row["id"] for row in world.all(Clock, ticket_id=ticket["id"], is_held=True)}
    assert held == {row["clock_id"] for row in asked}, f"{name}: held without an open request"


def _extensions(world: World, ticket: Row) -> list[Row]:
    clocks = world.rows[Clock]
    return [
        row
        for row in world.rows[ExtensionRequest].values()
        if clocks[row["clock_id"]]["ticket_id"] == ticket["id"]
    ]


def _check_over(world: World, ticket: Row, name: str) -> None:
    pk = ticket["id"]
    assert ticket["closed_at"] is not None, f"{name} has no end"
    if ticket["state"] == State.CLOSED:
        assert ticket["reopen_until"] is not None, f"{name} can never be archived"
    assignments = {row["id"] for row in world.all(Assignment, ticket_id=pk)}
    returns = [
        row for row in world.all(ReturnRequest, ruling="") if row["assignment_id"] in assignments
    ]
    assert not returns, f"{name}: a return waits for a ruling"
    assert not world.all(EndProposal, ticket_id=pk, ruling=""), f"{name}: a proposal waits"
    consults = world.all(Consult, ticket_id=pk, closed_at=None)
    assert not consults, f"{name}: a consult is open, and its units still read the ticket"
    followers = world.all(Ticket, master_id=pk, state=State.MERGED)
    assert not followers, f"{name}: others lean on it"


def _check_notices(world: World, clock: Row, now: dt.datetime) -> None:
    name = f"clock {clock['id']} ({clock['step']}, {clock['state']})"
    notices = world.all(Notice, clock_id=clock["id"])
    told = Counter(row["code"] for row in notices)
    assert all(count == 1 for count in told.values()), f"{name}: told twice: {told}"
    for row in notices:
        assert row["planned_at"] <= row["sent_at"] <= now, f"{name}: {row['code']} came too early"
        if clock["ended_at"] is not None:
            assert row["sent_at"] <= clock["ended_at"], f"{name}: {row['code']} after its end"
        for pause in clock["pauses"]:
            start = dt.datetime.fromisoformat(pause["from"])
            end = dt.datetime.fromisoformat(pause["to"]) if pause["to"] else now
            assert not start < row["sent_at"] < end, f"{name}: {row['code']} in a pause"
    behind = set(told) | {rung["code"] for rung in clock["rungs"] if rung.get("quiet")}
    left = [
        dt.datetime.fromisoformat(rung["at"])
        for rung in clock["rungs"]
        if rung["code"] not in behind
    ]
    runs = clock["state"] == ClockState.RUNNING and not clock["is_held"]
    wanted = min(left, default=None) if runs else None
    assert clock["next_rung_at"] == wanted, f"{name}: the sweep looks at a wrong moment"
    open_pause = bool(clock["pauses"]) and clock["pauses"][-1]["to"] is None
    if clock["state"] in LIVE:
        stands = clock["state"] == ClockState.PAUSED
        assert open_pause == stands, f"{name}: its pauses say otherwise"


def check_change(before: World, after: World, what: Move | str) -> None:
    """Raises AssertionError naming what `what` (a move, "recount", "sweep", ...) must not have done."""
    for pk, event in before.rows[Event].items():
        assert after.rows[Event].get(pk) == event, f"event {pk} was changed or is gone"
    changed = _tickets_changed(before, after)
    for pk, ticket in before.tickets.items():
        now = after.tickets[pk]
        if ticket["state"] in FINAL_STATES:
            assert pk not in changed, f"ticket {pk} was final ({ticket['state']}) and changed"
        if pk in changed and now["state"] != State.DRAFT and what not in (RECOUNT, "sweep"):
            assert now["event_count"] > ticket["event_count"], (
                f"ticket {pk} changed, no event says so"
            )
    for pk, clock in before.rows[Clock].items():
        _check_promise(clock, after.rows[Clock][pk], what)
    for pk, notice in after.rows[Notice].items():
        if pk not in before.rows[Notice] and notice["clock_id"] is not None:
            clock = before.rows[Clock][notice["clock_id"]]
            runs = clock["state"] == ClockState.RUNNING and not clock["is_held"]
            assert runs, f"a notice of clock {clock['id']} ({clock['state']}), which does not run"


def _check_promise(before: Row, after: Row, what: Move | str) -> None:
    if before["due_at"] == after["due_at"]:
        return
    allowed = before["step"] == Step.HANDLE and what in MOVES_OF_THE_PROMISE
    counted_anew = what == RECOUNT and before["is_provisional"]
    assert allowed or counted_anew, (
        f"{what} moved the limit of clock {before['id']} ({before['step']}) "
        f"from {before['due_at']} to {after['due_at']}"
    )


def check_pause_counted(before: World, after: World, now: dt.datetime) -> None:
    """Raises AssertionError when a clock that went on at `now` has not got back the time in which it
    stood still: office time, or all of it for an urgent matter."""
    calendar = working_calendar()
    for pk, clock in before.rows[Clock].items():
        goes_on = after.rows[Clock][pk]
        if (clock["state"], goes_on["state"]) != (ClockState.PAUSED, ClockState.RUNNING):
            continue
        since = dt.datetime.fromisoformat(clock["pauses"][-1]["from"])
        urgent = clock["handling_class"] == HandlingClass.URGENT
        # The calendar has no day of a prefecture in these weeks.
        stood = now - since if urgent else calendar.working_time(since, now)
        moved = goes_on["due_at"] > clock["due_at"]
        assert moved == bool(stood), f"clock {pk} stood still for {stood}, its limit moved: {moved}"


def _tickets_changed(before: World, after: World) -> set[int]:
    """Tickets of which a row is another than it was, or new."""
    clocks = after.rows[Clock]
    assignments = after.rows[Assignment]
    changed: dict[type[Model], set[int]] = defaultdict(set)
    for kind in KINDS:
        for pk, row in after.rows[kind].items():
            if before.rows[kind].get(pk) != row:
                changed[kind].add(_ticket_of(kind, row, clocks, assignments))
    return set().union(*changed.values())


def _ticket_of(kind: type[Model], row: Row, clocks: dict[int, Row], parts: dict[int, Row]) -> int:
    if kind is Ticket:
        return int(row["id"])
    if "ticket_id" in row:
        return int(row["ticket_id"])
    if "assignment_id" in row:
        return int(parts[row["assignment_id"]]["ticket_id"])
    return int(clocks[row["clock_id"]]["ticket_id"])
