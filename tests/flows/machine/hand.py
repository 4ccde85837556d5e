"""Somebody before a ticket, and whether what they press must be refused: decided from the table and
from the rows alone, never by asking the code under test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies as st

from catalog.models import Exclusion, Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass, Step
from catalog.rules.roles import Role
from hotline.models import (
    Clock,
    ExtensionRequest,
    SupervisionOrder,
    Ticket,
)
from hotline.rules.assignments import Part
from hotline.rules.states import State
from hotline.rules.workflow import BY_MOVE, Holder, Move
from tests.flows.machine.world import Row, World

Value = TypeVar("Value")
# Working days by class (青政办〔2022〕88号 三（四）4), as a person would read them off.
DAYS = {
    HandlingClass.URGENT: range(1, 2),
    HandlingClass.GENERAL: range(5, 11),
    HandlingClass.COMPLEX: range(10, 16),
    HandlingClass.JOINT: range(1, 21),
}


@dataclass(frozen=True)
class Cast:
    """Who and what takes part. `people` holds None: the caller. `centers`: the last has no hotline."""

    people: tuple[Staff | None, ...]
    units: tuple[Unit, ...]
    lines: tuple[Unit, ...]
    centers: tuple[Region, ...]
    item: Item
    region: Region
    exclusion: Exclusion


@dataclass
class Hand:
    """Somebody before a ticket. `ticket` is what their page says, `row` what is so."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    world: World
    cast: Cast
    ticket: Ticket
    row: Row
    by: Staff | None
    at: dt.datetime
    version: int | None
    key: str

    def one_of(self, *values: Value) -> Value:
        found: Value = self.draw(st.sampled_from(values))
        return found

    def words(self) -> str:
        """Mostly some; blank now and then."""
        return self.one_of(*["已写明。"] * 9, " ")

    def some_units(self, most: int) -> list[Unit]:
        units = st.lists(
            st.sampled_from(self.cast.units), max_size=most, unique_by=lambda unit: unit.pk
        )
        found: list[Unit] = self.draw(units)
        return found

    @property
    def stays(self) -> dict[str, Any]:
        return {"by": self.by, "at": self.at}

    @property
    def leaves(self) -> dict[str, Any]:
        return self.stays | {"version": self.version}

    @property
    def lead(self) -> Row | None:
        rows = [row for row in self.world.having(self.row["id"]) if row["part"] == Part.LEAD]
        return rows[0] if rows else None

    def live(self, step: Step) -> Row | None:
        rows = [row for row in self.world.live_clocks(self.row["id"]) if row["step"] == step]
        return rows[0] if rows else None

    def asked(self) -> list[Row]:
        """Requests for more time on which nobody has ruled."""
        clocks = {row["id"] for row in self.world.all(Clock, ticket_id=self.row["id"])}
        return [r for r in self.world.all(ExtensionRequest, ruling="") if r["clock_id"] in clocks]

    def order(self) -> Row | None:
        rows = self.world.all(SupervisionOrder, ticket_id=self.row["id"], closed_at=None)
        return rows[0] if rows else None

    def followers(self) -> list[Row]:
        return self.world.all(Ticket, master_id=self.row["id"], state=State.MERGED)

    def fresh(self, pk: int) -> Ticket:
        return Ticket.objects.get(pk=pk)


@dataclass(frozen=True)
class Press:
    """`move`: the row of the table that it is; None: a call that nobody answered. `refused`: for what
    hangs on the ticket or what was typed, whoever presses."""

    move: Move | None
    call: Callable[[], Any]
    refused: bool = False


def may_press(by: Staff | None, row: Row, world: World, move: Move) -> bool:
    """Whether the table gives `move` from the ticket's state to this person."""
    rule = BY_MOVE[move]
    if State(row["state"]) not in rule.sources:
        return False
    if by is None:
        return rule.citizen
    if Role(by.role) not in rule.roles:
        return False
    if rule.holder is Holder.LEAD_UNIT:
        return by.unit_id is not None and by.unit_id == row["lead_unit_id"]
    if rule.holder is Holder.CO_UNIT:
        joining = [one for one in world.having(row["id"]) if one["part"] == Part.CO]
        return by.unit_id in [one["unit_id"] for one in joining]
    if rule.holder is Holder.SYSTEM or by.region is None:
        return False
    if row["state"] == State.DRAFT:
        return by.pk == row["created_by_id"]
    return by.region.code == "630000" or by.region_id == row["center_id"]


def is_behind(hand: Hand, move: Move | None) -> bool:
    """Whether the page, or the version it sends, is older than the ticket."""
    if hand.ticket.state != hand.row["state"]:
        return True
    if move is not None and BY_MOVE[move].target is None:
        return False
    seen = hand.ticket.version if hand.version is None else hand.version
    return bool(seen != hand.row["version"])
