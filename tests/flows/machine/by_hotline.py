"""What the hotline presses on a ticket that it has itself, and its ends."""

from __future__ import annotations

from typing import Any

from catalog.rules.limits import HandlingClass
from hotline.actions.decide import Choice, answer_at_once, decline_ticket, transfer_ticket
from hotline.actions.dispatch import dispatch_ticket, pass_on
from hotline.actions.ending import propose_end, reopen_ticket, rule_on_end, withdraw_ticket
from hotline.actions.intake import discard_draft
from hotline.actions.merge import merge_ticket, split_ticket, unmerge_ticket
from hotline.actions.supplement import supply
from hotline.actions.transition import move_ticket
from hotline.models import (
    EndProposal,
    Event,
)
from hotline.rules.endings import Ground
from hotline.rules.intake import TransferWay
from hotline.rules.states import State
from hotline.rules.workflow import Move
from tests.flows.machine.hand import DAYS, Hand, Press

ANSWERED_TOGETHER = (
    State.REGISTERED, State.DISPATCHED, State.HANDLING, State.WAITING, State.RETURNED,
    State.CONSULTING, State.REPLIED,
)  # fmt: skip


def _choice(hand: Hand, **changes: Any) -> Choice:
    cast = hand.cast
    values: dict[str, Any] = {"platform": "12345", "item": cast.item, "region": cast.region}
    return Choice(**(values | {"handling_class": HandlingClass.GENERAL} | changes))


def discard(hand: Hand) -> Press:
    hand.version = None  # nobody else sees a draft: no version is asked for
    return Press(Move.DISCARD, lambda: discard_draft(hand.ticket, **hand.stays))


def dispatch(hand: Hand) -> Press:
    unit = hand.one_of(*hand.cast.units * 4, None)
    item = hand.one_of(*[hand.cast.item] * 9, None)
    kind = hand.one_of(*HandlingClass)
    days = hand.one_of(*[None] * 12, 0, 1, 4, 5, 10, 11, 15, 16, 20, 21)
    others = [one for one in hand.some_units(2) if one != unit or hand.one_of(*[False] * 5, True)]
    choice = _choice(hand, lead_unit=unit, item=item, handling_class=kind)
    return Press(
        Move.DISPATCH,
        lambda: dispatch_ticket(
            hand.ticket, choice=choice, co_units=others, days=days, **hand.leaves
        ),
        refused=unit is None
        or item is None
        or unit in others
        or (days is not None and days not in DAYS[kind]),
    )


def answer(hand: Hand) -> Press:
    said = hand.words()
    return Press(
        Move.ANSWER,
        lambda: answer_at_once(hand.ticket, choice=_choice(hand), answer=said, **hand.leaves),
        refused=not said.strip(),
    )


def decline(hand: Hand) -> Press:
    said = hand.words()
    return Press(
        Move.DECLINE,
        lambda: decline_ticket(
            hand.ticket, choice=_choice(hand, platform="不予受理", item=None),
            exclusion=hand.cast.exclusion, guidance=said, **hand.leaves,
        ),
        refused=not said.strip(),
    )  # fmt: skip


def transfer(hand: Hand) -> Press:
    target = hand.one_of("110", "12315", "12319", "00000")
    return Press(
        Move.TRANSFER,
        lambda: transfer_ticket(
            hand.ticket, choice=_choice(hand, platform="110"), target=target,
            way=TransferWay.CONFERENCE, note="", **hand.leaves,
        ),
        refused=target in ("12319", "00000"),
    )  # fmt: skip


def pass_to_center(hand: Hand) -> Press:
    center, reason = hand.one_of(*hand.cast.centers), hand.words()
    passed = hand.world.all(Event, ticket_id=hand.row["id"], kind=Move.PASS_ON.value)
    province = hand.by is not None and hand.by.region and hand.by.region.code == "630000"
    return Press(
        Move.PASS_ON,
        lambda: pass_on(hand.ticket, center=center, reason=reason, **hand.leaves),
        refused=not reason.strip()
        or center.pk == hand.row["center_id"]
        or center == hand.cast.centers[-1]
        or bool(passed and not province)
        or bool(hand.followers()),
    )


def merge(hand: Hand) -> Press:
    others = [pk for pk in hand.world.tickets if pk != hand.row["id"]]
    master = hand.world.tickets[hand.one_of(*others * 4, hand.row["id"])]
    return Press(
        Move.MERGE,
        lambda: merge_ticket(hand.ticket, master=hand.fresh(master["id"]), **hand.leaves),
        refused=master["id"] == hand.row["id"]
        or master["center_id"] != hand.row["center_id"]
        or master["state"] not in ANSWERED_TOGETHER
        or bool(hand.followers()),
    )


def unmerge(hand: Hand) -> Press:
    return Press(Move.UNMERGE, lambda: unmerge_ticket(hand.ticket, **hand.leaves))


def split(hand: Hand) -> Press:
    content = hand.one_of("另有一事：楼道堆放杂物无人清理。", "", " ")
    return Press(
        Move.SPLIT,
        lambda: split_ticket(hand.ticket, content=content, key=hand.key, **hand.stays),
        refused=not content.strip(),
    )


def propose(hand: Hand) -> Press:
    reason, ground = hand.words(), hand.one_of(*Ground)
    pk = hand.one_of(*hand.world.tickets, None)
    earlier = hand.world.tickets[pk] if pk else None
    no_answer = (
        earlier is None
        or earlier["id"] == hand.row["id"]
        or earlier["state"] not in (State.CLOSED, State.ARCHIVED)
        or earlier["caller_id"] is None
        or earlier["caller_id"] != hand.row["caller_id"]
    )
    return Press(
        Move.PROPOSE_END,
        lambda: propose_end(
            hand.ticket, ground=ground, reason=reason, earlier=hand.fresh(pk) if pk else None,
            **hand.leaves,
        ),
        refused=not reason.strip() or (ground is Ground.REPEATED and no_answer),
    )  # fmt: skip


def rule_end(hand: Hand) -> Press:
    confirmed, note = hand.one_of(True, False), hand.words()
    waiting = hand.world.all(EndProposal, ticket_id=hand.row["id"], ruling="")
    own = hand.by is not None and hand.by.pk in [row["by_id"] for row in waiting]
    return Press(
        Move.CONFIRM_END if confirmed else Move.REFUSE_END,
        lambda: rule_on_end(hand.ticket, confirmed=confirmed, note=note, **hand.leaves),
        refused=own or not note.strip(),
    )


def supply_answer(hand: Hand) -> Press:
    reached, told = hand.one_of(True, False), hand.words()
    return Press(
        Move.SUPPLY,
        lambda: supply(hand.ticket, reached=reached, answer=told, **hand.leaves),
        refused=reached and not told.strip(),
    )


def withdraw(hand: Hand) -> Press:
    reason = hand.words()
    return Press(
        Move.WITHDRAW,
        lambda: withdraw_ticket(hand.ticket, reason=reason, **hand.leaves),
        refused=hand.by is not None and not reason.strip(),
    )


def reopen(hand: Hand) -> Press:
    reason, until = hand.words(), hand.row["reopen_until"]
    return Press(
        Move.REOPEN,
        lambda: reopen_ticket(hand.ticket, reason=reason, **hand.leaves),
        refused=not reason.strip() or until is None or hand.at > until,
    )


def archive_by_hand(hand: Hand) -> Press:
    """Nobody may: it is the system's."""
    return Press(
        Move.ARCHIVE,
        lambda: move_ticket(hand.ticket, Move.ARCHIVE, by=hand.by, at=hand.at),
        refused=True,
    )
