"""What the hotline presses on a ticket that a unit has: rulings, pressure, the end of the answer."""

from __future__ import annotations

import datetime as dt

from catalog.rules.calendar import OFFICE_DAY
from catalog.rules.limits import HandlingClass, Step
from catalog.snapshot import working_calendar
from hotline.actions.consult import conclude, convene
from hotline.actions.dispatch import add_co_units, change_limit
from hotline.actions.extension import rule_on_extension
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import (
    rule_on_return,
)
from hotline.actions.supervise import close_order, open_order, urge_ticket
from hotline.models import (
    Assignment,
    Event,
)
from hotline.rules.assignments import Part, Ruling, Verdict
from hotline.rules.feedback import CallbackResult, Rating, ResultByLaw
from hotline.rules.workflow import Move
from tests.flows.machine.hand import DAYS, Hand, Press


def rule_extension(hand: Hand) -> Press:
    granted, note = hand.one_of(True, False), hand.words()
    days, asked = hand.one_of(None, None, 0, 1, 3, 10, 11), hand.asked()
    wrong = (
        days is not None and bool(asked) and not 1 <= days <= asked[0]["days"]
        if granted
        else not note.strip()
    )
    return Press(
        Move.GRANT_EXTENSION if granted else Move.REFUSE_EXTENSION,
        lambda: rule_on_extension(hand.ticket, granted=granted, days=days, note=note, **hand.stays),
        refused=wrong or not asked,
    )


def rule_return(hand: Hand) -> Press:
    ruling, note = hand.one_of(Ruling.ACCEPTED, Ruling.REFUSED), hand.words()
    return Press(
        Move.ACCEPT_RETURN if ruling is Ruling.ACCEPTED else Move.REFUSE_RETURN,
        lambda: rule_on_return(hand.ticket, ruling=ruling, note=note, **hand.leaves),
        refused=not note.strip(),
    )


def call_together(hand: Hand) -> Press:
    question, units = hand.words(), hand.some_units(3)
    lead = hand.lead
    others = [unit for unit in units if lead is None or unit.pk != lead["unit_id"]]
    return Press(
        Move.CONVENE,
        lambda: convene(hand.ticket, question=question, units=units, **hand.leaves),
        refused=not question.strip() or not others,
    )


def conclude_consult(hand: Hand) -> Press:
    agreed, minutes = hand.one_of(True, True, True, False), hand.words()
    # Mostly another unit than the one that has it: a consult is rare, and this is what it is for.
    others = [unit for unit in hand.cast.units if unit.pk != hand.row["lead_unit_id"]]
    unit = hand.one_of(*others * 4, *hand.cast.units, None)
    line = hand.one_of(*[None] * 7, *hand.cast.lines)
    leads = hand.world.all(Assignment, ticket_id=hand.row["id"], part=Part.LEAD)
    first = min(leads, key=lambda row: row["id"])["unit_id"] if leads else None
    decided = unit.pk if agreed and unit else first
    keeps = decided == hand.row["lead_unit_id"]
    return Press(
        Move.KEEP_UNIT if keeps else Move.CHANGE_UNIT,
        lambda: conclude(
            hand.ticket, agreed=agreed, unit=unit, minutes=minutes, new_line=line, **hand.leaves
        ),
        refused=not minutes.strip()
        or (agreed and unit is None)
        or (line is not None and hand.row["item_id"] is None),
    )


def add_units(hand: Hand) -> Press:
    having = {row["unit_id"] for row in hand.world.having(hand.row["id"])}
    free = [unit for unit in hand.cast.units if unit.pk not in having]
    units, reason = hand.one_of(free[:1], free, hand.some_units(2)), hand.words()
    return Press(
        Move.ADD_CO_UNITS,
        lambda: add_co_units(hand.ticket, units=units, reason=reason, **hand.stays),
        refused=not units or not reason.strip() or any(unit.pk in having for unit in units),
    )


def change_promise(hand: Hand) -> Press:
    kind, days = hand.one_of(*HandlingClass), hand.one_of(None, None, 1, 5, 7, 10, 12, 15, 20, 21)
    reason, clock = hand.words(), hand.live(Step.HANDLE)
    usual = {HandlingClass.URGENT: 1, HandlingClass.GENERAL: 5, HandlingClass.COMPLEX: 10}
    meant = usual.get(kind, 20) if days is None else days
    return Press(
        Move.CHANGE_LIMIT,
        lambda: change_limit(
            hand.ticket, handling_class=kind, days=days, reason=reason, **hand.stays
        ),
        refused=not reason.strip()
        or meant not in DAYS[kind]
        or (clock is not None and (clock["handling_class"], clock["days"]) == (kind, meant)),
    )


def urge(hand: Hand) -> Press:
    note = hand.words()
    before = hand.world.all(Event, ticket_id=hand.row["id"], kind=Move.URGE.value)
    last = max((row["at"] for row in before), default=None)
    # The calendar has no day of a prefecture in these weeks.
    soon = last is not None and working_calendar().working_time(last, hand.at) < OFFICE_DAY
    return Press(Move.URGE, lambda: urge_ticket(hand.ticket, note=note, **hand.stays), refused=soon)


def order(hand: Hand) -> Press:
    demand, days = hand.words(), hand.one_of(None, None, 1, 5, 0, 6)
    return Press(
        Move.OPEN_ORDER,
        lambda: open_order(hand.ticket, demand=demand, days=days, **hand.stays),
        refused=not demand.strip() or days in (0, 6) or hand.order() is not None,
    )


def end_order(hand: Hand) -> Press:
    note = hand.words()
    return Press(
        Move.CLOSE_ORDER,
        lambda: close_order(hand.ticket, note=note, **hand.stays),
        refused=not note.strip() or hand.order() is None,
    )


def check(hand: Hand) -> Press:
    verdict, note = hand.one_of(*Verdict), hand.words()
    law = hand.one_of(None, *ResultByLaw)
    sent_back = verdict is Verdict.SENT_BACK
    return Press(
        Move.SEND_BACK if sent_back else Move.APPROVE,
        lambda: check_reply(hand.ticket, verdict=verdict, note=note, by_law=law, **hand.leaves),
        refused=sent_back and not note.strip(),
    )


def call_back(hand: Hand) -> Press:
    reached, note = hand.one_of(True, True, False), hand.words()
    solved, rating = hand.one_of(True, False, None), hand.one_of(*Rating, None)
    result = CallbackResult(reached, solved if reached else None, rating if reached else None)
    waiting = hand.live(Step.CALLBACK)
    return Press(
        _after_call(hand, result, waiting["started_at"] if waiting else hand.at),
        lambda: record_callback(hand.ticket, result=result, note=note, **hand.leaves),
        refused=reached
        and (
            solved is None
            or rating is None
            or (_after_call(hand, result, hand.at) is Move.REWORK and not note.strip())
        ),
    )


def _after_call(hand: Hand, result: CallbackResult, since: dt.datetime) -> Move | None:
    if not result.reached:
        missed = [
            row
            for row in hand.world.all(Event, ticket_id=hand.row["id"], kind="callback_missed")
            if row["at"] >= since
        ]
        return Move.CLOSE if len(missed) == 2 else None
    bad = result.rating is not None and result.rating <= Rating.BAD
    unhappy = result.solved is False or (bad and not hand.row["result_by_law"])
    return Move.REWORK if unhappy and hand.row["reworks"] == 0 else Move.CLOSE
