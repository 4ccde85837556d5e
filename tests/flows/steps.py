"""The way to each move by legal steps, and what is typed into its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from catalog.models import Staff
from hotline.actions.consult import convene
from hotline.actions.ending import propose_end
from hotline.actions.extension import ask_extension
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import reply_to_ticket, return_ticket, rule_on_return, sign_ticket
from hotline.actions.merge import merge_ticket
from hotline.actions.supervise import open_order
from hotline.actions.supplement import ask_caller
from hotline.models import Ticket
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.endings import Ground
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.workflow import Holder, Move
from tests.conftest import NOW

GOOD = CallbackResult(True, True, Rating.GOOD)


@dataclass(frozen=True)
class Scene:
    """A dispatched ticket, another registered one of the same caller, and the people by fixture."""

    ticket: Ticket
    other: Ticket
    cast: dict[str, Staff]


def stay(scene: Scene) -> None:
    pass


def returned(scene: Scene) -> None:
    return_ticket(scene.ticket, reason="r", basis="b", by=scene.cast["clerk"], at=NOW)


def registered(scene: Scene) -> None:
    returned(scene)
    by = scene.cast["supervisor"]
    rule_on_return(scene.ticket, ruling=Ruling.ACCEPTED, note="n", by=by, at=NOW)


def signed(scene: Scene) -> None:
    sign_ticket(scene.ticket, by=scene.cast["clerk"], at=NOW)


def waiting(scene: Scene) -> None:
    signed(scene)
    ask_caller(scene.ticket, question="q", by=scene.cast["clerk"], at=NOW)


def extension_asked(scene: Scene) -> None:
    signed(scene)
    ask_extension(scene.ticket, days=5, reason="r", by=scene.cast["clerk"], at=NOW)


def ordered(scene: Scene) -> None:
    open_order(scene.ticket, demand="d", days=None, by=scene.cast["supervisor"], at=NOW)


def consulting(scene: Scene) -> None:
    returned(scene)
    unit, by = scene.cast["consulted"].unit, scene.cast["supervisor"]
    convene(scene.ticket, question="q", units=[unit], by=by, at=NOW)


def replied(scene: Scene) -> None:
    signed(scene)
    reply_to_ticket(scene.ticket, text="t", without="w", by=scene.cast["clerk"], at=NOW)


def called(scene: Scene) -> None:
    replied(scene)
    by = scene.cast["operator"]
    check_reply(scene.ticket, verdict=Verdict.APPROVED, note="", by=by, at=NOW)


def closed(scene: Scene) -> None:
    called(scene)
    record_callback(scene.ticket, result=GOOD, note="", by=scene.cast["operator"], at=NOW)


def merged(scene: Scene) -> None:
    merge_ticket(scene.ticket, master=scene.other, by=scene.cast["operator"], at=NOW)


def reviewing(scene: Scene) -> None:
    registered(scene)
    by = scene.cast["operator"]
    propose_end(scene.ticket, ground=Ground.GROUNDLESS, reason="r", by=by, at=NOW)


CHOICE = {"item": "12345-020602", "handling_class": "general"}

# Each move that somebody can press: how the ticket comes there, and what is typed.
WAYS: dict[Move, tuple[Callable[[Scene], None], dict[str, Any]]] = {
    Move.DISPATCH: (registered, CHOICE | {"lead_unit": "630100-housing"}),
    Move.ANSWER: (registered, CHOICE | {"answer": "已答复"}),
    Move.DECLINE: (registered, CHOICE | {"exclusion": "litigation", "guidance": "请上诉"}),
    Move.TRANSFER: (registered, CHOICE | {"target": "110", "way": "transfer"}),
    Move.PASS_ON: (registered, {"center": "632800", "reason": "事发地在格尔木"}),
    Move.MERGE: (stay, {"master": "other"}),
    Move.UNMERGE: (merged, {}),
    Move.SPLIT: (stay, {"content": "另有一处井盖破损", "key": "part"}),
    Move.PROPOSE_END: (registered, {"ground": "groundless", "reason": "没有新的事实"}),
    Move.CONFIRM_END: (reviewing, {"note": "已告知来电人"}),
    Move.REFUSE_END: (reviewing, {"note": "有新的事实"}),
    Move.SIGN: (stay, {}),
    Move.REPLY: (signed, {"text": "已办", "without": "与照明无关"}),
    Move.CO_REPLY: (stay, {"text": "空气无异常"}),
    Move.ASK_CALLER: (signed, {"question": "路灯杆的编号"}),
    Move.SUPPLY: (waiting, {"reached": "yes", "answer": "12号杆"}),
    Move.ASK_EXTENSION: (signed, {"days": "5", "reason": "等待配件"}),
    Move.GRANT_EXTENSION: (extension_asked, {"days": "3"}),
    Move.REFUSE_EXTENSION: (extension_asked, {"note": "配件已到"}),
    Move.RETURN: (stay, {"reason": "不归我们", "basis": "目录"}),
    Move.ACCEPT_RETURN: (returned, {"note": "同意"}),
    Move.REFUSE_RETURN: (returned, {"note": "不同意"}),
    Move.CONVENE: (returned, {"question": "归谁承办", "units": "630100-transport"}),
    Move.KEEP_UNIT: (
        consulting,
        {"agreed": "yes", "unit": "630100-housing", "minutes": "由住建承办"},
    ),
    Move.CHANGE_UNIT: (
        consulting,
        {"agreed": "yes", "unit": "630100-transport", "minutes": "由交通承办"},
    ),
    Move.ADD_CO_UNITS: (stay, {"co_units": "630100-water", "reason": "涉及排水"}),
    Move.CHANGE_LIMIT: (stay, {"handling_class": "complex", "days": "", "reason": "需要开挖"}),
    Move.URGE: (stay, {"note": "再次来电"}),
    Move.OPEN_ORDER: (stay, {"demand": "查清原因", "days": "2"}),
    Move.REPLY_ORDER: (ordered, {"text": "明日修复"}),
    Move.CLOSE_ORDER: (ordered, {"note": "已督促"}),
    Move.APPROVE: (replied, {}),
    Move.SEND_BACK: (replied, {"note": "没有结果"}),
    Move.REWORK: (called, {"reached": "yes", "solved": "no", "rating": "2", "note": "还是不亮"}),
    Move.CLOSE: (called, {"reached": "yes", "solved": "yes", "rating": "5"}),
    Move.WITHDRAW: (stay, {"reason": "自行解决"}),
    Move.REOPEN: (closed, {"reason": "路灯又灭了"}),
}
# Of each side, one of the cast who may make all its moves.
OWNER = {Holder.HOTLINE: "supervisor", Holder.LEAD_UNIT: "leader", Holder.CO_UNIT: "co_clerk"}
# Moves that another's form makes, by what is typed.
FORM_OF = {Move.REWORK: Move.CLOSE, Move.CHANGE_UNIT: Move.KEEP_UNIT}


def form_of(move: Move) -> Move:
    return FORM_OF.get(move, move)


def typed(move: Move, scene: Scene) -> dict[str, Any]:
    """What a person types to make the move, and the version of the page."""
    fields = WAYS[move][1] | {"version": scene.ticket.version}
    return fields | {"master": scene.other.number} if "master" in fields else fields


def all_of(ticket: Ticket) -> dict[str, Any]:
    """Everything of a ticket that a refused step must leave as it was."""
    return {
        "ticket": Ticket.objects.values().get(pk=ticket.pk),
        "tickets": Ticket.objects.count(),
        **{
            name: list(getattr(ticket, name).order_by("pk").values())
            for name in ("clocks", "assignments", "events", "orders", "consults", "notices")
        },
    }
