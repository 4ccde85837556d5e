"""The one table of a ticket's life: what may be done, from where, by whom, and what follows.

Buttons, the API's guard, the permission tests and the diagram in the README are all read from
`TRANSITIONS`. Nothing else decides whether a step is legal.
"""

from dataclasses import dataclass
from enum import StrEnum

from catalog.rules.limits import Step
from catalog.rules.roles import HOTLINE_ROLES, UNIT_ROLES, Role
from hotline.rules.states import STATE_NAMES, State


class Move(StrEnum):
    REGISTER = "register"
    DISCARD = "discard"
    ANSWER = "answer"
    DECLINE = "decline"
    TRANSFER = "transfer"
    PASS_ON = "pass_on"
    DISPATCH = "dispatch"
    MERGE = "merge"
    UNMERGE = "unmerge"
    FOLLOW = "follow"
    SPLIT = "split"
    PROPOSE_END = "propose_end"
    CONFIRM_END = "confirm_end"
    REFUSE_END = "refuse_end"
    SIGN = "sign"
    REPLY = "reply"
    CO_REPLY = "co_reply"
    ASK_CALLER = "ask_caller"
    SUPPLY = "supply"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    RETURN = "return"
    ACCEPT_RETURN = "accept_return"
    REFUSE_RETURN = "refuse_return"
    CONVENE = "convene"
    KEEP_UNIT = "keep_unit"
    CHANGE_UNIT = "change_unit"
    ADD_CO_UNITS = "add_co_units"
    CHANGE_LIMIT = "change_limit"
    URGE = "urge"
    OPEN_ORDER = "open_order"
    REPLY_ORDER = "reply_order"
    CLOSE_ORDER = "close_order"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REWORK = "rework"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    ARCHIVE = "archive"


class Holder(StrEnum):
    """Whose turn it is: only this side may make the move."""

    HOTLINE = "hotline"  # the hotline centre that keeps the ticket
    LEAD_UNIT = "lead_unit"  # the unit that leads it now
    CO_UNIT = "co_unit"  # a unit that joins it now
    SYSTEM = "system"  # nobody: a task


HOLDER_NAMES: dict[Holder, str] = {
    Holder.HOTLINE: "受理热线",
    Holder.LEAD_UNIT: "主办单位",
    Holder.CO_UNIT: "协办单位",
    Holder.SYSTEM: "系统",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `target` None: the ticket stays in its state, and what others are typing stays good.

    `starts` and `stops` name the clocks that the move starts and ends; `drops` those that end without
    having been kept or missed; `pauses` and `resumes` those that stand still and go on. `confirm` is
    asked before what cannot be taken back. `citizen`: the caller may do it too, on the progress page.
    """

    move: Move
    label: str
    sources: frozenset[State]
    target: State | None
    holder: Holder
    roles: frozenset[Role]
    starts: tuple[Step, ...] = ()
    stops: tuple[Step, ...] = ()
    drops: tuple[Step, ...] = ()
    pauses: tuple[Step, ...] = ()
    resumes: tuple[Step, ...] = ()
    confirm: str = ""
    citizen: bool = False


def _row(move: Move, label: str, sources: State | tuple[State, ...], target: State | None,
         holder: Holder, roles: frozenset[Role], *,
         starts: tuple[Step, ...] = (), stops: tuple[Step, ...] = (),
         drops: tuple[Step, ...] = (), pauses: tuple[Step, ...] = (),
         resumes: tuple[Step, ...] = (),
         confirm: str = "", citizen: bool = False) -> Transition:  # fmt: skip
    wide = frozenset({sources} if isinstance(sources, State) else sources)
    return Transition(
        move, label, wide, target, holder, roles,
        starts, stops, drops, pauses, resumes, confirm, citizen,
    )  # fmt: skip


_HOTLINE, _UNIT, _CO = Holder.HOTLINE, Holder.LEAD_UNIT, Holder.CO_UNIT
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_OPERATOR = frozenset({Role.OPERATOR, Role.MACHINE})

# While a unit leads it and has not answered.
_WITH_UNIT = (State.DISPATCHED, State.HANDLING, State.WAITING, State.RETURNED, State.CONSULTING)
_STAY = None
# What the unit's work is timed by: gone when the ticket leaves the unit.
_UNIT_CLOCKS = (Step.SIGN, Step.HANDLE, Step.ASSIST, Step.EXTEND, Step.ORDER)
_HOTLINE_CLOCKS = (
    Step.FORWARD, Step.RULE, Step.CONSULT, Step.CHECK, Step.CALLBACK, Step.SUPPLEMENT, Step.REVIEW,
)  # fmt: skip

# In the order in which a page offers them: the usual step first.
# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    # 青政办〔2022〕88号 三（三）2: answered at once, or forwarded within 1 working day.
    _row(Move.REGISTER, "登记", State.DRAFT, State.REGISTERED, _HOTLINE, _OPERATOR | _SUPERVISOR,
         starts=(Step.FORWARD,)),
    _row(Move.DISCARD, "作废草稿", State.DRAFT, State.DISCARDED, _HOTLINE, _OPERATOR | _SUPERVISOR,
         confirm="草稿作废后不能恢复。"),
    _row(Move.DISPATCH, "派单", State.REGISTERED, State.DISPATCHED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), starts=(Step.SIGN, Step.HANDLE, Step.ASSIST)),
    _row(Move.ANSWER, "当场答复", State.REGISTERED, State.CLOSED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), confirm="当场答复后工单即办结。"),
    # 青政办〔2021〕48号 三（一）: what is not accepted; 88号 三（三）1: guided and explained.
    _row(Move.DECLINE, "不予受理", State.REGISTERED, State.DECLINED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), confirm="不予受理须已向来电人说明合法途径。"),
    # 88号 三（三）1: one-key transfer, conference, or handover to 110; 48号: professional hotlines.
    _row(Move.TRANSFER, "转出", State.REGISTERED, State.TRANSFERRED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), confirm="转出后由对方平台办理。"),
    # 48号 二（二）2: one platform, used by level; the promise to forward runs on.
    _row(Move.PASS_ON, "移交其他地区热线", State.REGISTERED, State.REGISTERED, _HOTLINE, HOTLINE_ROLES,
         confirm="移交后由对方热线办理，转办时限照常计算。"),
    # A repeat of a matter that is being worked is answered together with it.
    _row(Move.MERGE, "并单", (State.REGISTERED, State.DISPATCHED), State.MERGED, _HOTLINE,
         HOTLINE_ROLES, drops=(Step.FORWARD, *_UNIT_CLOCKS)),
    _row(Move.UNMERGE, "拆出", State.MERGED, State.REGISTERED, _HOTLINE, HOTLINE_ROLES,
         starts=(Step.FORWARD,)),
    _row(Move.FOLLOW, "随主单答复", State.MERGED, State.CALLBACK, _HOTLINE, HOTLINE_ROLES,
         starts=(Step.CALLBACK,)),
    _row(Move.SPLIT, "拆单", (State.REGISTERED, State.DISPATCHED, State.HANDLING), _STAY, _HOTLINE,
         HOTLINE_ROLES),
    # 48号 三（三）: how repeated requests without ground are dealt with; never by one person alone.
    _row(Move.PROPOSE_END, "提请不再受理", State.REGISTERED, State.REVIEWING, _HOTLINE, HOTLINE_ROLES,
         starts=(Step.REVIEW,)),
    _row(Move.CONFIRM_END, "同意不再受理", State.REVIEWING, State.ENDED, _HOTLINE, _SUPERVISOR,
         stops=(Step.REVIEW, Step.FORWARD), confirm="同意后工单终结，不能恢复。"),
    _row(Move.REFUSE_END, "不同意，继续受理", State.REVIEWING, State.REGISTERED, _HOTLINE, _SUPERVISOR,
         stops=(Step.REVIEW,)),
    _row(Move.SIGN, "签收", State.DISPATCHED, State.HANDLING, _UNIT, UNIT_ROLES,
         stops=(Step.SIGN,)),
    _row(Move.REPLY, "答复", State.HANDLING, State.REPLIED, _UNIT, UNIT_ROLES,
         stops=(Step.HANDLE,), drops=(Step.EXTEND, Step.ASSIST), starts=(Step.CHECK,)),
    _row(Move.CO_REPLY, "提交协办意见", _WITH_UNIT, _STAY, _CO, UNIT_ROLES),
    # While the hotline asks the caller, the unit's time stands still.
    _row(Move.ASK_CALLER, "请来电人补充", State.HANDLING, State.WAITING, _UNIT, UNIT_ROLES,
         pauses=(Step.HANDLE,), starts=(Step.SUPPLEMENT,)),
    _row(Move.SUPPLY, "记录补充信息", State.WAITING, State.HANDLING, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.SUPPLEMENT,), resumes=(Step.HANDLE,)),
    # 88号 三（四）4: asked for no later than the last day, with the reason, at most 10 working days.
    _row(Move.ASK_EXTENSION, "申请延期", State.HANDLING, _STAY, _UNIT, UNIT_ROLES,
         starts=(Step.EXTEND,)),
    _row(Move.GRANT_EXTENSION, "批准延期", _WITH_UNIT[1:], _STAY, _HOTLINE, _SUPERVISOR,
         stops=(Step.EXTEND,)),
    _row(Move.REFUSE_EXTENSION, "不批准延期", _WITH_UNIT[1:], _STAY, _HOTLINE, _SUPERVISOR,
         stops=(Step.EXTEND,)),
    # A return does not stop the handling clock: it runs until the hotline has ruled.
    _row(Move.RETURN, "退单", (State.DISPATCHED, State.HANDLING), State.RETURNED, _UNIT, UNIT_ROLES,
         stops=(Step.SIGN,), starts=(Step.RULE,)),
    _row(Move.ACCEPT_RETURN, "同意退单", State.RETURNED, State.REGISTERED, _HOTLINE, _SUPERVISOR,
         stops=(Step.RULE,), drops=_UNIT_CLOCKS, starts=(Step.FORWARD,)),
    _row(Move.REFUSE_RETURN, "不同意退单", State.RETURNED, State.HANDLING, _HOTLINE, _SUPERVISOR,
         stops=(Step.RULE,)),
    # 88号 三（四）3: who answers is unclear or disputed.
    _row(Move.CONVENE, "召集会商", State.RETURNED, State.CONSULTING, _HOTLINE, _SUPERVISOR,
         stops=(Step.RULE,), starts=(Step.CONSULT,)),
    _row(Move.KEEP_UNIT, "会商决定：原单位承办", State.CONSULTING, State.HANDLING, _HOTLINE, _SUPERVISOR,
         stops=(Step.CONSULT,)),
    _row(Move.CHANGE_UNIT, "会商决定：改派", State.CONSULTING, State.DISPATCHED, _HOTLINE, _SUPERVISOR,
         stops=(Step.CONSULT,), drops=_UNIT_CLOCKS, starts=(Step.SIGN, Step.HANDLE)),
    _row(Move.ADD_CO_UNITS, "增加协办单位", (State.DISPATCHED, State.HANDLING, State.WAITING), _STAY,
         _HOTLINE, HOTLINE_ROLES, starts=(Step.ASSIST,)),
    # A promise is moved by this alone, with the reason.
    _row(Move.CHANGE_LIMIT, "调整办理时限", (State.DISPATCHED, State.HANDLING), _STAY, _HOTLINE,
         _SUPERVISOR),
    _row(Move.URGE, "催办", (State.DISPATCHED, State.HANDLING), _STAY, _HOTLINE, HOTLINE_ROLES,
         citizen=True),
    # 48号 三（四）: 督办通知.
    _row(Move.OPEN_ORDER, "下发督办单", (State.DISPATCHED, State.HANDLING, State.WAITING), _STAY,
         _HOTLINE, _SUPERVISOR, starts=(Step.ORDER,)),
    _row(Move.REPLY_ORDER, "回复督办单", (*_WITH_UNIT, State.REPLIED), _STAY, _UNIT,
         frozenset({Role.UNIT_LEADER}), stops=(Step.ORDER,)),
    _row(Move.CLOSE_ORDER, "办结督办单", (*_WITH_UNIT, State.REPLIED), _STAY, _HOTLINE, _SUPERVISOR,
         drops=(Step.ORDER,)),
    _row(Move.APPROVE, "审核通过", State.REPLIED, State.CALLBACK, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CHECK,), drops=(Step.ORDER,), starts=(Step.CALLBACK,)),
    # Sent back as empty talk: the old limit goes on, it is not given anew.
    _row(Move.SEND_BACK, "退回重答", State.REPLIED, State.HANDLING, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CHECK,), resumes=(Step.HANDLE,)),
    _row(Move.REWORK, "重办", State.CALLBACK, State.HANDLING, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CALLBACK,), starts=(Step.HANDLE,)),
    _row(Move.CLOSE, "办结", State.CALLBACK, State.CLOSED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CALLBACK,)),
    _row(Move.WITHDRAW, "撤回", (State.REGISTERED, *_WITH_UNIT, State.REPLIED, State.MERGED),
         State.WITHDRAWN, _HOTLINE, HOTLINE_ROLES, drops=(*_HOTLINE_CLOCKS, *_UNIT_CLOCKS),
         confirm="撤回后工单终结，不能恢复；来电人可以重新提出诉求。", citizen=True),
    _row(Move.REOPEN, "重新受理", State.CLOSED, State.REGISTERED, _HOTLINE, HOTLINE_ROLES,
         starts=(Step.FORWARD,)),
    _row(Move.ARCHIVE, "归档", State.CLOSED, State.ARCHIVED, Holder.SYSTEM, frozenset()),
)
# fmt: on

BY_MOVE: dict[Move, Transition] = {row.move: row for row in TRANSITIONS}

# How often the same ticket may be worked again after a bad callback (design: rework once).
MAX_REWORKS = 1


class IllegalMove(Exception):
    """The table has no such step from the ticket's state; the message says what is possible."""


def find_transition(state: State, move: Move) -> Transition:
    """The row for `move`, if it may leave `state`. Raises IllegalMove otherwise."""
    row = BY_MOVE[move]
    if state not in row.sources:
        wanted = "、".join(STATE_NAMES[source] for source in State if source in row.sources)
        raise IllegalMove(
            f"工单现为“{STATE_NAMES[state]}”，不能{row.label}（只有“{wanted}”的工单可以）。"
        )
    return row


def moves_from(state: State, role: Role, holder: Holder) -> tuple[Transition, ...]:
    """What somebody of `role` on the side of `holder` may do with a ticket in `state`."""
    return tuple(
        row
        for row in TRANSITIONS
        if state in row.sources and role in row.roles and row.holder is holder
    )


def turns_of(role: Role) -> tuple[State, ...]:
    """The states in which somebody of `role` at the hotline must act next: theirs is a move that ends
    the hotline's own limit."""
    rows = [row for row in TRANSITIONS if role in row.roles and {*row.stops} & {*_HOTLINE_CLOCKS}]
    return tuple(state for state in State if any(state in row.sources for row in rows))


def mermaid_diagram() -> str:
    """The table as a Mermaid state diagram, for the README. Moves that stay are left out."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {state.value}: {STATE_NAMES[state]}" for state in State]
    lines += [
        f"    {source.value} --> {row.target.value}: {row.label}"
        for row in TRANSITIONS
        if row.target is not None
        for source in State
        if source in row.sources
    ]
    finals = [state for state in State if not any(state in row.sources for row in TRANSITIONS)]
    lines += [f"    {state.value} --> [*]" for state in finals]
    return "\n".join(lines)
