"""Everything that can be pressed."""

from collections.abc import Callable

from catalog.rules.limits import Step
from hotline.rules.workflow import Move
from tests.flows.machine import by_hotline, by_supervisor, by_unit
from tests.flows.machine.hand import Hand, Press

# What is pressed, and which rows of the table it can be.
PRESSES: dict[Callable[[Hand], Press], tuple[Move, ...]] = {
    by_hotline.discard: (Move.DISCARD,),
    by_hotline.dispatch: (Move.DISPATCH,),
    by_hotline.answer: (Move.ANSWER,),
    by_hotline.decline: (Move.DECLINE,),
    by_hotline.transfer: (Move.TRANSFER,),
    by_hotline.pass_to_center: (Move.PASS_ON,),
    by_hotline.merge: (Move.MERGE,),
    by_hotline.unmerge: (Move.UNMERGE,),
    by_hotline.split: (Move.SPLIT,),
    by_hotline.propose: (Move.PROPOSE_END,),
    by_hotline.rule_end: (Move.CONFIRM_END, Move.REFUSE_END),
    by_hotline.supply_answer: (Move.SUPPLY,),
    by_hotline.withdraw: (Move.WITHDRAW,),
    by_hotline.reopen: (Move.REOPEN,),
    by_hotline.archive_by_hand: (Move.ARCHIVE,),
    by_unit.sign: (Move.SIGN,),
    by_unit.reply: (Move.REPLY,),
    by_unit.co_reply: (Move.CO_REPLY,),
    by_unit.ask: (Move.ASK_CALLER,),
    by_unit.ask_more_time: (Move.ASK_EXTENSION,),
    by_unit.give_back: (Move.RETURN,),
    by_unit.answer_order: (Move.REPLY_ORDER,),
    by_supervisor.rule_extension: (Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION),
    by_supervisor.rule_return: (Move.ACCEPT_RETURN, Move.REFUSE_RETURN),
    by_supervisor.call_together: (Move.CONVENE,),
    by_supervisor.conclude_consult: (Move.KEEP_UNIT, Move.CHANGE_UNIT),
    by_supervisor.add_units: (Move.ADD_CO_UNITS,),
    by_supervisor.change_promise: (Move.CHANGE_LIMIT,),
    by_supervisor.urge: (Move.URGE,),
    by_supervisor.order: (Move.OPEN_ORDER,),
    by_supervisor.end_order: (Move.CLOSE_ORDER,),
    by_supervisor.check: (Move.APPROVE, Move.SEND_BACK),
    by_supervisor.call_back: (Move.CLOSE, Move.REWORK),
}
# Pressed more often, so that tickets come far within a life.
ONWARD = (
    by_hotline.dispatch, by_unit.sign, by_unit.reply, by_supervisor.check, by_supervisor.call_back,
    by_unit.ask_more_time, by_supervisor.rule_extension, by_unit.ask, by_hotline.supply_answer,
    by_unit.give_back, by_unit.co_reply, by_supervisor.rule_return, by_supervisor.call_together,
    by_supervisor.conclude_consult, by_supervisor.order, by_unit.answer_order,
    by_supervisor.end_order, by_hotline.rule_end,
)  # fmt: skip
# Of these, only while that clock runs.
NEEDS = {
    by_supervisor.rule_extension: Step.EXTEND,
    by_unit.answer_order: Step.ORDER,
    by_supervisor.end_order: Step.ORDER,
    by_unit.co_reply: Step.ASSIST,
}
