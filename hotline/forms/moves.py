"""Which form carries out which move of the transition table."""

from hotline.forms.base import MoveForm
from hotline.forms.operator import (
    AnswerForm,
    DeclineForm,
    DiscardForm,
    DispatchForm,
    MergeForm,
    PassOnForm,
    ProposeEndForm,
    ReopenForm,
    SplitForm,
    SupplyForm,
    TransferForm,
    UnmergeForm,
    WithdrawForm,
)
from hotline.forms.supervisor import (
    AcceptReturnForm,
    AddCoUnitsForm,
    ApproveForm,
    CallbackForm,
    ChangeLimitForm,
    CloseOrderForm,
    ConcludeForm,
    ConfirmEndForm,
    ConveneForm,
    GrantExtensionForm,
    OpenOrderForm,
    RefuseEndForm,
    RefuseExtensionForm,
    RefuseReturnForm,
    SendBackForm,
    UrgeForm,
)
from hotline.forms.unit import (
    AskCallerForm,
    AskExtensionForm,
    CoReplyForm,
    ReplyForm,
    ReplyOrderForm,
    ReturnForm,
    SignForm,
)
from hotline.rules.workflow import Move

__all__ = ["MOVE_FORMS", "MoveForm"]

# REGISTER is the desk's form; CLOSE and REWORK are both what a callback decides, KEEP_UNIT and
# CHANGE_UNIT what a consult does; FOLLOW and ARCHIVE nobody presses.
MOVE_FORMS: dict[Move, type[MoveForm]] = {
    Move.DISCARD: DiscardForm,
    Move.DISPATCH: DispatchForm,
    Move.ANSWER: AnswerForm,
    Move.DECLINE: DeclineForm,
    Move.TRANSFER: TransferForm,
    Move.PASS_ON: PassOnForm,
    Move.MERGE: MergeForm,
    Move.UNMERGE: UnmergeForm,
    Move.SPLIT: SplitForm,
    Move.PROPOSE_END: ProposeEndForm,
    Move.CONFIRM_END: ConfirmEndForm,
    Move.REFUSE_END: RefuseEndForm,
    Move.SIGN: SignForm,
    Move.REPLY: ReplyForm,
    Move.CO_REPLY: CoReplyForm,
    Move.ASK_CALLER: AskCallerForm,
    Move.SUPPLY: SupplyForm,
    Move.ASK_EXTENSION: AskExtensionForm,
    Move.GRANT_EXTENSION: GrantExtensionForm,
    Move.REFUSE_EXTENSION: RefuseExtensionForm,
    Move.RETURN: ReturnForm,
    Move.ACCEPT_RETURN: AcceptReturnForm,
    Move.REFUSE_RETURN: RefuseReturnForm,
    Move.CONVENE: ConveneForm,
    Move.KEEP_UNIT: ConcludeForm,
    Move.ADD_CO_UNITS: AddCoUnitsForm,
    Move.CHANGE_LIMIT: ChangeLimitForm,
    Move.URGE: UrgeForm,
    Move.OPEN_ORDER: OpenOrderForm,
    Move.REPLY_ORDER: ReplyOrderForm,
    Move.CLOSE_ORDER: CloseOrderForm,
    Move.APPROVE: ApproveForm,
    Move.SEND_BACK: SendBackForm,
    Move.CLOSE: CallbackForm,
    Move.WITHDRAW: WithdrawForm,
    Move.REOPEN: ReopenForm,
}
