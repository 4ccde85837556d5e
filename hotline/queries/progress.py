"""A ticket as its citizen may see it: no names of staff, no personal data, plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from catalog.rules.limits import Step
from hotline.models import Ticket
from hotline.models.clocks import LIVE
from hotline.rules.clocks import ClockState
from hotline.rules.states import STATE_PUBLIC_NAMES, State
from hotline.rules.workflow import TRANSITIONS, Move

# What the citizen is told of, in the citizen's words.
_STEPS = {
    Move.REGISTER: "热线受理登记",
    Move.DISPATCH: "派至承办单位",
    Move.SIGN: "承办单位签收",
    Move.ACCEPT_RETURN: "重新确定承办单位",
    Move.REPLY: "承办单位提交办理结果",
    Move.PASS_ON: "移交相应地区热线",
    Move.MERGE: "与同一事项的其他诉求一并办理",
    Move.UNMERGE: "改为单独办理",
    Move.FOLLOW: "已随同一事项答复",
    Move.CONFIRM_END: "此前已答复，不再重复受理",
    Move.ASK_CALLER: "需要您补充信息",
    Move.SUPPLY: "已记录补充信息",
    Move.GRANT_EXTENSION: "办理期限延长",
    Move.CHANGE_UNIT: "重新确定承办单位",
    Move.CHANGE_LIMIT: "办理期限调整",
    Move.URGE: "催办承办单位",
    Move.OPEN_ORDER: "督办承办单位",
    Move.WITHDRAW: "撤回诉求",
    Move.REOPEN: "重新受理",
    Move.APPROVE: "热线审核办理结果",
    Move.REWORK: "根据您的意见重新办理",
    Move.ANSWER: "当场答复，办结",
    Move.DECLINE: "说明合法途径",
    Move.TRANSFER: "转至相应平台",
    Move.CLOSE: "办结",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """`promised_at`: when the unit must have answered; None when no handling limit runs. `is_paused`:
    it stands still until the caller has been asked, and moves by that time. `extra_days`: the working
    days of an extension that was granted. `is_asked`: an extension is asked for and not ruled on.
    `answer`: what was answered, once the hotline has checked it; `is_answered`: it is the last word, the
    matter is not being worked again. `moves`: what the caller may do."""

    number: str
    title: str
    state: str
    unit: str
    received_at: dt.datetime
    promised_at: dt.datetime | None
    is_paused: bool
    extra_days: int
    is_asked: bool
    is_provisional: bool
    steps: list[tuple[dt.datetime, str]]
    answer: str
    is_answered: bool
    moves: list[Move]


def progress_of(ticket: Ticket) -> Progress:
    """What the citizen may know of the ticket."""
    # A ticket merged into another is answered when that one is.
    promised = ticket.master if ticket.state == State.MERGED and ticket.master else ticket
    clock = promised.clocks.filter(step=Step.HANDLE, state__in=LIVE).first()
    steps = [
        (event.at, _STEPS[Move(event.kind)])
        for event in ticket.events.order_by("sequence")
        if event.kind in _STEPS
    ]
    assert ticket.number is not None
    assert ticket.received_at is not None
    state = State(ticket.state)
    return Progress(
        number=ticket.number,
        title=ticket.title,
        state=STATE_PUBLIC_NAMES[state],
        unit=promised.lead_unit.name if promised.lead_unit else "",
        received_at=ticket.received_at,
        promised_at=clock.due_at if clock else None,
        is_paused=clock is not None and clock.state == ClockState.PAUSED,
        extra_days=clock.extra_days if clock else 0,
        is_asked=clock is not None and clock.is_held,
        is_provisional=clock is not None and clock.is_provisional,
        steps=steps,
        answer=ticket.outcome,
        is_answered=ticket.is_over or state is State.CALLBACK,
        moves=[row.move for row in TRANSITIONS if row.citizen and state in row.sources],
    )
