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
    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    ACCEPT_RETURN = "accept_return"
    REFUSE_RETURN = "refuse_return"
    REPLY = "reply"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    REWORK = "rework"
    CLOSE = "close"


class Holder(StrEnum):
    """Whose turn it is: only staff of this side may make the move."""

    HOTLINE = "hotline"  # the hotline centre that keeps the ticket
    LEAD_UNIT = "lead_unit"  # the unit that leads it now


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `starts` and `stops` name the clocks that the move starts and ends; `resumes` a clock
    that goes on with its old limit. `confirm` is asked before what cannot be taken back."""

    move: Move
    label: str
    sources: frozenset[State]
    target: State
    holder: Holder
    roles: frozenset[Role]
    starts: tuple[Step, ...] = ()
    stops: tuple[Step, ...] = ()
    drops: tuple[Step, ...] = ()  # clocks that end without having been kept or missed
    resumes: tuple[Step, ...] = ()
    confirm: str = ""


def _row(move: Move, label: str, sources: State | tuple[State, ...], target: State,
         holder: Holder, roles: frozenset[Role], *,
         starts: tuple[Step, ...] = (), stops: tuple[Step, ...] = (),
         drops: tuple[Step, ...] = (), resumes: tuple[Step, ...] = (),
         confirm: str = "") -> Transition:  # fmt: skip
    wide = frozenset({sources} if isinstance(sources, State) else sources)
    return Transition(
        move, label, wide, target, holder, roles, starts, stops, drops, resumes, confirm
    )


_HOTLINE, _UNIT = Holder.HOTLINE, Holder.LEAD_UNIT
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_OPERATOR = frozenset({Role.OPERATOR, Role.MACHINE})

# In the order in which a page offers them: the usual step first.
# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    # 青政办〔2022〕88号 三（三）2: answered at once, or forwarded within 1 working day.
    _row(Move.REGISTER, "登记", State.DRAFT, State.REGISTERED, _HOTLINE, _OPERATOR | _SUPERVISOR,
         starts=(Step.FORWARD,)),
    _row(Move.DISCARD, "作废草稿", State.DRAFT, State.DISCARDED, _HOTLINE, _OPERATOR | _SUPERVISOR,
         confirm="草稿作废后不能恢复。"),
    _row(Move.DISPATCH, "派单", State.REGISTERED, State.DISPATCHED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), starts=(Step.SIGN, Step.HANDLE)),
    _row(Move.ANSWER, "当场答复", State.REGISTERED, State.CLOSED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), confirm="当场答复后工单即办结。"),
    # 青政办〔2021〕48号 三（一）: what is not accepted; 88号 三（三）1: guided and explained.
    _row(Move.DECLINE, "不予受理", State.REGISTERED, State.DECLINED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), confirm="不予受理须已向来电人说明合法途径。"),
    # 88号 三（三）1: one-key transfer, conference, or handover to 110; 48号: professional hotlines.
    _row(Move.TRANSFER, "转出", State.REGISTERED, State.TRANSFERRED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.FORWARD,), confirm="转出后由对方平台办理。"),
    _row(Move.SIGN, "签收", State.DISPATCHED, State.HANDLING, _UNIT, UNIT_ROLES,
         stops=(Step.SIGN,)),
    _row(Move.REPLY, "答复", State.HANDLING, State.REPLIED, _UNIT, UNIT_ROLES,
         stops=(Step.HANDLE,), starts=(Step.CHECK,)),
    # A return does not stop the handling clock: it runs until the hotline has ruled.
    _row(Move.RETURN, "退单", (State.DISPATCHED, State.HANDLING), State.RETURNED, _UNIT, UNIT_ROLES,
         stops=(Step.SIGN,), starts=(Step.RULE,)),
    _row(Move.ACCEPT_RETURN, "同意退单", State.RETURNED, State.REGISTERED, _HOTLINE, _SUPERVISOR,
         stops=(Step.RULE,), drops=(Step.HANDLE,), starts=(Step.FORWARD,)),
    _row(Move.REFUSE_RETURN, "不同意退单", State.RETURNED, State.HANDLING, _HOTLINE, _SUPERVISOR,
         stops=(Step.RULE,)),
    _row(Move.APPROVE, "审核通过", State.REPLIED, State.CALLBACK, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CHECK,), starts=(Step.CALLBACK,)),
    # Sent back as empty talk: the old limit goes on, it is not given anew.
    _row(Move.SEND_BACK, "退回重答", State.REPLIED, State.HANDLING, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CHECK,), resumes=(Step.HANDLE,)),
    _row(Move.REWORK, "重办", State.CALLBACK, State.HANDLING, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CALLBACK,), starts=(Step.HANDLE,)),
    _row(Move.CLOSE, "办结", State.CALLBACK, State.CLOSED, _HOTLINE, HOTLINE_ROLES,
         stops=(Step.CALLBACK,)),
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
        wanted = "、".join(STATE_NAMES[source] for source in sorted(row.sources))
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


def mermaid_diagram() -> str:
    """The table as a Mermaid state diagram, for the README."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [f"    {state.value}: {STATE_NAMES[state]}" for state in State]
    lines += [
        f"    {source.value} --> {row.target.value}: {row.label}"
        for row in TRANSITIONS
        for source in sorted(row.sources)
    ]
    finals = [state for state in State if not any(state in row.sources for row in TRANSITIONS)]
    lines += [f"    {state.value} --> [*]" for state in finals]
    return "\n".join(lines)
