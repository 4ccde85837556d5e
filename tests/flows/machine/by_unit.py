"""What people of a unit press."""

from __future__ import annotations

from django.utils import timezone

from catalog.rules.limits import Step
from hotline.actions.extension import ask_extension
from hotline.actions.handle import (
    reply_as_co_handler,
    reply_to_ticket,
    return_ticket,
    sign_ticket,
)
from hotline.actions.supervise import reply_order
from hotline.actions.supplement import ask_caller
from hotline.models import (
    ExtensionRequest,
    Supplement,
)
from hotline.rules.assignments import Part
from hotline.rules.workflow import Move
from tests.flows.machine.hand import Hand, Press


def sign(hand: Hand) -> Press:
    return Press(Move.SIGN, lambda: sign_ticket(hand.ticket, **hand.leaves))


def reply(hand: Hand) -> Press:
    text, without = hand.words(), hand.one_of("", "不再等待。")
    silent = [
        row
        for row in hand.world.having(hand.row["id"])
        if row["part"] == Part.CO and row["replied_at"] is None
    ]
    return Press(
        Move.REPLY,
        lambda: reply_to_ticket(hand.ticket, text=text, without=without, **hand.leaves),
        refused=not text.strip() or bool(silent and not without),
    )


def co_reply(hand: Hand) -> Press:
    text = hand.words()
    return Press(
        Move.CO_REPLY,
        lambda: reply_as_co_handler(hand.ticket, text=text, **hand.stays),
        refused=not text.strip(),
    )


def ask(hand: Hand) -> Press:
    question, clock, lead = hand.words(), hand.live(Step.HANDLE), hand.lead
    asked = hand.world.all(Supplement, assignment_id=lead["id"]) if lead else []
    return Press(
        Move.ASK_CALLER,
        lambda: ask_caller(hand.ticket, question=question, **hand.leaves),
        refused=not question.strip()
        or len(asked) >= 2
        or (clock is not None and hand.at > clock["due_at"]),
    )


def ask_more_time(hand: Hand) -> Press:
    days, reason = hand.one_of(None, None, 1, 5, 10, 0, 11), hand.words()
    clock = hand.live(Step.HANDLE)
    return Press(
        Move.ASK_EXTENSION,
        lambda: ask_extension(hand.ticket, days=days, reason=reason, **hand.stays),
        refused=not reason.strip()
        or days in (0, 11)
        or clock is None
        or bool(hand.world.all(ExtensionRequest, clock_id=clock["id"]))
        or timezone.localdate(hand.at) > timezone.localdate(clock["due_at"]),
    )


def give_back(hand: Hand) -> Press:
    reason, basis = hand.words(), hand.words()
    suggested, lead = hand.one_of(None, *hand.cast.units), hand.lead
    return Press(
        Move.RETURN,
        lambda: return_ticket(
            hand.ticket, reason=reason, basis=basis, suggested_unit=suggested, **hand.leaves
        ),
        refused=not reason.strip()
        or not basis.strip()
        or (lead is not None and not lead["may_return"]),
    )


def answer_order(hand: Hand) -> Press:
    text, found = hand.words(), hand.order()
    return Press(
        Move.REPLY_ORDER,
        lambda: reply_order(hand.ticket, text=text, **hand.stays),
        refused=not text.strip() or found is None or found["replied_at"] is not None,
    )
