"""Tickets brought as far as a race needs them, and the pairs that race."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from catalog.models import Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass
from hotline.actions.consult import conclude, convene
from hotline.actions.decide import Choice, transfer_ticket
from hotline.actions.dispatch import add_co_units, change_limit, dispatch_ticket, pass_on
from hotline.actions.ending import archive_tickets, reopen_ticket, withdraw_ticket
from hotline.actions.extension import ask_extension, rule_on_extension
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import reply_to_ticket, return_ticket, rule_on_return, sign_ticket
from hotline.actions.intake import Intake, register_ticket
from hotline.actions.merge import merge_ticket, split_ticket, unmerge_ticket
from hotline.actions.supervise import close_order, open_order, reply_order, urge_ticket
from hotline.actions.sweep import sweep_clocks
from hotline.models import Ticket
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.intake import Channel, TransferWay
from hotline.rules.states import State
from tests.conftest import NOW, TEXT

LATER = NOW + dt.timedelta(hours=3)
WEEKS_ON = NOW + dt.timedelta(days=30)
NEXT_YEAR = NOW + dt.timedelta(days=60)
HEARD = CallbackResult(reached=True, solved=True, rating=Rating.GOOD)
MISSED = CallbackResult(reached=False, solved=None, rating=None)


@dataclass
class Scene:
    """The people of one centre and of one unit, and tickets of theirs in any stage."""

    operator: Staff
    supervisor: Staff
    clerk: Staff
    leader: Staff
    elsewhere: Region
    keys: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        codes = ("630100-housing", "630100-ecology", "630100-market")
        self.units = [Unit.objects.get(code=code) for code in codes]
        self.item = Item.objects.get(code="12345-020602")
        self.region = Region.objects.get(code="630103")

    def choice(self, unit: Unit | None = None, item: Item | None = None) -> Choice:
        platform = "12345" if item else "110"
        return Choice(platform, item, self.region, HandlingClass.GENERAL, unit)

    def form(self) -> Intake:
        return Intake(content=TEXT, channel=Channel.PHONE, phone="13800000001")

    def key(self) -> str:
        return f"race-{next(self.keys)}"

    def registered(self) -> Ticket:
        ticket, _ = register_ticket(intake=self.form(), key=self.key(), by=self.operator, at=NOW)
        return ticket

    def dispatched(self) -> Ticket:
        ticket = self.registered()
        self.dispatch(ticket, self.operator)
        return ticket

    def handling(self) -> Ticket:
        ticket = self.dispatched()
        sign_ticket(ticket, by=self.clerk, at=NOW)
        return ticket

    def asking(self) -> Ticket:
        ticket = self.handling()
        ask_extension(ticket, days=3, reason="材料未齐", by=self.clerk, at=NOW)
        return ticket

    def ordered(self) -> Ticket:
        ticket = self.handling()
        self.order(ticket)
        return ticket

    def returned(self) -> Ticket:
        ticket = self.handling()
        self.give_back(ticket)
        return ticket

    def consulting(self) -> Ticket:
        ticket = self.returned()
        convene(ticket, question="归谁", units=self.units[1:], by=self.supervisor, at=NOW)
        return ticket

    def replied(self) -> Ticket:
        ticket = self.handling()
        self.reply(ticket)
        return ticket

    def called(self) -> Ticket:
        ticket = self.replied()
        self.check(ticket, Verdict.APPROVED)
        return ticket

    def closed(self) -> Ticket:
        ticket = self.called()
        record_callback(ticket, result=HEARD, note="", by=self.operator, at=NOW)
        return ticket

    def leading(self, ticket: Ticket) -> Ticket:
        """The ticket, with another merged into it."""
        merge_ticket(self.registered(), master=ticket, by=self.operator, at=NOW)
        return ticket

    def dispatch(self, ticket: Ticket, by: Staff) -> None:
        dispatch_ticket(ticket, choice=self.choice(self.units[0], self.item), by=by, at=NOW)

    def transfer(self, ticket: Ticket, by: Staff) -> None:
        transfer_ticket(
            ticket, choice=self.choice(), target="110", way=TransferWay.TRANSFER, note="", by=by, at=NOW
        )  # fmt: skip

    def reply(self, ticket: Ticket, at: dt.datetime = NOW) -> None:
        reply_to_ticket(ticket, text="已修复。", by=self.clerk, at=at)

    def give_back(self, ticket: Ticket) -> None:
        return_ticket(ticket, reason="不归本单位", basis="目录", by=self.leader, at=NOW)

    def withdraw(self, ticket: Ticket) -> None:
        withdraw_ticket(ticket, reason="", by=None, at=NOW)

    def extend(self, ticket: Ticket, granted: bool) -> None:
        rule_on_extension(ticket, granted=granted, note="意见", by=self.supervisor, at=NOW)

    def rule(self, ticket: Ticket, ruling: Ruling) -> None:
        rule_on_return(ticket, ruling=ruling, note="意见", by=self.supervisor, at=NOW)

    def check(self, ticket: Ticket, verdict: Verdict) -> None:
        check_reply(ticket, verdict=verdict, note="意见", by=self.operator, at=NOW)

    def merge(self, ticket: Ticket, master: Ticket) -> None:
        merge_ticket(ticket, master=master, by=self.operator, at=NOW)

    def unmerge(self, ticket: Ticket) -> None:
        unmerge_ticket(ticket, by=self.operator, at=NOW)

    def order(self, ticket: Ticket) -> None:
        open_order(ticket, demand="查清", days=None, by=self.supervisor, at=NOW)

    def call(self, ticket: Ticket, result: CallbackResult) -> None:
        record_callback(ticket, result=result, note="记录", by=self.operator, at=LATER)

    def settle(self, ticket: Ticket, unit: Unit) -> None:
        conclude(ticket, agreed=True, unit=unit, minutes="一致", by=self.supervisor, at=NOW)

    def lengthen(self, ticket: Ticket, days: int) -> None:
        change_limit(
            ticket, handling_class=HandlingClass.GENERAL, days=days, reason="复杂", by=self.supervisor,
            at=NOW,
        )  # fmt: skip


Act = Callable[[Scene, list[Ticket]], Any]


@dataclass(frozen=True)
class Pair:
    """Two that press at one moment, on tickets read before it. `both`: what each does is compatible, so
    both may be done; else exactly one. `never_lost`: which of the two (0, 1) always gets through.
    `once`: a kind of event that the first ticket has exactly once afterwards."""

    name: str
    stage: Callable[[Scene], list[Ticket]]
    left: Act
    right: Act
    both: bool = False
    never_lost: tuple[int, ...] = ()
    once: str = ""


def _one(stage: Callable[[Scene], Ticket]) -> Callable[[Scene], list[Ticket]]:
    return lambda scene: [stage(scene)]


def _follower(tickets: list[Ticket]) -> Ticket:
    return tickets[0].followers.get()


def _alone_closed(scene: Scene) -> list[Ticket]:
    """A closed ticket that is the first the task comes to."""
    archive_tickets(now=NEXT_YEAR)
    return [scene.closed()]


def _archive(scene: Scene, tickets: list[Ticket]) -> bool:
    """Whether it was archived: the task passes over what somebody opened meanwhile."""
    archive_tickets(now=NEXT_YEAR)
    return Ticket.objects.filter(pk=tickets[0].pk, state=State.ARCHIVED).exists()


def _reopen(scene: Scene, tickets: list[Ticket]) -> None:
    reopen_ticket(tickets[0], reason="又坏了", by=scene.operator, at=NOW)


PAIRS: tuple[Pair, ...] = (
    Pair("sign twice", _one(Scene.dispatched),
         lambda s, t: sign_ticket(t[0], by=s.clerk, at=NOW),
         lambda s, t: sign_ticket(t[0], by=s.leader, at=NOW), once="sign"),
    Pair("reply, return", _one(Scene.handling),
         lambda s, t: s.reply(t[0]), lambda s, t: s.give_back(t[0])),
    Pair("the caller withdraws, the unit replies", _one(Scene.handling),
         lambda s, t: s.withdraw(t[0]), lambda s, t: s.reply(t[0])),
    Pair("the caller withdraws, the unit signs", _one(Scene.dispatched),
         lambda s, t: s.withdraw(t[0]), lambda s, t: sign_ticket(t[0], by=s.clerk, at=NOW)),
    Pair("grant, refuse an extension", _one(Scene.asking),
         lambda s, t: s.extend(t[0], True), lambda s, t: s.extend(t[0], False)),
    Pair("grant an extension, reply", _one(Scene.asking),
         lambda s, t: s.extend(t[0], True), lambda s, t: s.reply(t[0]), both=True, never_lost=(1,)),
    Pair("ask for an extension twice", _one(Scene.handling),
         lambda s, t: ask_extension(t[0], days=3, reason="未齐", by=s.clerk, at=NOW),
         lambda s, t: ask_extension(t[0], days=5, reason="未齐", by=s.leader, at=NOW),
         once="ask_extension"),
    Pair("accept, refuse a return", _one(Scene.returned),
         lambda s, t: s.rule(t[0], Ruling.ACCEPTED), lambda s, t: s.rule(t[0], Ruling.REFUSED)),
    Pair("rule on a return, convene", _one(Scene.returned),
         lambda s, t: s.rule(t[0], Ruling.REFUSED),
         lambda s, t: convene(t[0], question="归谁", units=s.units[1:], by=s.supervisor, at=NOW)),
    Pair("conclude twice", _one(Scene.consulting),
         lambda s, t: s.settle(t[0], s.units[1]), lambda s, t: s.settle(t[0], s.units[0])),
    Pair("approve, send back", _one(Scene.replied),
         lambda s, t: s.check(t[0], Verdict.APPROVED), lambda s, t: s.check(t[0], Verdict.SENT_BACK)),
    Pair("dispatch twice", _one(Scene.registered),
         lambda s, t: s.dispatch(t[0], s.operator), lambda s, t: s.dispatch(t[0], s.supervisor),
         once="dispatch"),
    Pair("transfer twice", _one(Scene.registered),
         lambda s, t: s.transfer(t[0], s.operator), lambda s, t: s.transfer(t[0], s.supervisor),
         once="transfer"),
    Pair("the caller withdraws, the hotline transfers", _one(Scene.registered),
         lambda s, t: s.withdraw(t[0]), lambda s, t: s.transfer(t[0], s.operator)),
    Pair("approve the master, merge into it", lambda s: [s.replied(), s.registered()],
         lambda s, t: s.check(t[0], Verdict.APPROVED), lambda s, t: s.merge(t[1], t[0]),
         both=True, never_lost=(0,)),
    Pair("approve the master, take a follower out", lambda s: [s.leading(s.replied())],
         lambda s, t: s.check(t[0], Verdict.APPROVED), lambda s, t: s.unmerge(_follower(t)),
         both=True),
    Pair("merge into each other", lambda s: [s.registered(), s.registered()],
         lambda s, t: s.merge(t[0], t[1]), lambda s, t: s.merge(t[1], t[0])),
    Pair("merge into what is merged itself", lambda s: [s.dispatched(), s.registered(), s.registered()],
         lambda s, t: s.merge(t[1], t[2]), lambda s, t: s.merge(t[0], t[1]), both=True),
    Pair("pass on, merge into it", lambda s: [s.registered(), s.registered()],
         lambda s, t: pass_on(t[0], center=s.elsewhere, reason="属地", by=s.operator, at=NOW),
         lambda s, t: s.merge(t[1], t[0])),
    Pair("withdraw the master, merge into it", lambda s: [s.registered(), s.registered()],
         lambda s, t: s.withdraw(t[0]), lambda s, t: s.merge(t[1], t[0]), both=True, never_lost=(0,)),
    Pair("open an order twice", _one(Scene.handling),
         lambda s, t: s.order(t[0]), lambda s, t: s.order(t[0]), once="open_order"),
    Pair("answer an order, close it", _one(Scene.ordered),
         lambda s, t: reply_order(t[0], text="已办", by=s.leader, at=NOW),
         lambda s, t: close_order(t[0], note="可以", by=s.supervisor, at=NOW),
         both=True, never_lost=(1,)),
    Pair("urge twice", _one(Scene.handling),
         lambda s, t: urge_ticket(t[0], by=None, at=NOW),
         lambda s, t: urge_ticket(t[0], by=s.operator, at=NOW), once="urge"),
    Pair("close by callback twice", _one(Scene.called),
         lambda s, t: s.call(t[0], HEARD), lambda s, t: s.call(t[0], HEARD), once="close"),
    Pair("close by callback, note a missed call", _one(Scene.called),
         lambda s, t: s.call(t[0], HEARD), lambda s, t: s.call(t[0], MISSED),
         both=True, never_lost=(0,)),
    Pair("reopen, archive", _alone_closed, _reopen, _archive),
    Pair("reopen twice", _one(Scene.closed), _reopen, _reopen, once="reopen"),
    Pair("the same unit joins twice", _one(Scene.handling),
         lambda s, t: add_co_units(t[0], units=[s.units[1]], reason="协助", by=s.operator, at=NOW),
         lambda s, t: add_co_units(t[0], units=[s.units[1]], reason="协助", by=s.supervisor, at=NOW),
         once="add_co_units"),
    Pair("a unit joins while the lead replies", _one(Scene.handling),
         lambda s, t: add_co_units(t[0], units=[s.units[1]], reason="协助", by=s.operator, at=NOW),
         lambda s, t: s.reply(t[0])),
    Pair("the same limit given twice", _one(Scene.handling),
         lambda s, t: s.lengthen(t[0], 8), lambda s, t: s.lengthen(t[0], 8), once="change_limit"),
    Pair("the sweep, a reply", _one(Scene.handling),
         lambda s, t: sweep_clocks(now=WEEKS_ON), lambda s, t: s.reply(t[0], at=WEEKS_ON),
         both=True, never_lost=(0, 1)),
    Pair("split twice with one key", _one(Scene.handling),
         lambda s, t: split_ticket(t[0], content=TEXT, key=f"s{t[0].pk}", by=s.operator, at=NOW),
         lambda s, t: split_ticket(t[0], content=TEXT, key=f"s{t[0].pk}", by=s.operator, at=NOW),
         both=True, never_lost=(0, 1), once="split"),
    Pair("the same form sent twice", _one(Scene.registered),
         lambda s, t: register_ticket(intake=s.form(), key=f"f{t[0].pk}", by=s.operator, at=NOW),
         lambda s, t: register_ticket(intake=s.form(), key=f"f{t[0].pk}", by=s.operator, at=NOW),
         both=True, never_lost=(0, 1)),
)  # fmt: skip
