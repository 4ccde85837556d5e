"""The states of a ticket and how each is called on screen."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    RETURNED = "returned"
    REPLIED = "replied"
    CALLBACK = "callback"
    CLOSED = "closed"
    DECLINED = "declined"
    TRANSFERRED = "transferred"
    DISCARDED = "discarded"


STATE_NAMES: dict[State, str] = {
    State.DRAFT: "草稿",
    State.REGISTERED: "待派单",
    State.DISPATCHED: "待签收",
    State.HANDLING: "办理中",
    State.RETURNED: "退单待裁定",
    State.REPLIED: "答复待审核",
    State.CALLBACK: "待回访",
    State.CLOSED: "已办结",
    State.DECLINED: "不予受理",
    State.TRANSFERRED: "已转出",
    State.DISCARDED: "已作废",
}

# What the citizen reads on the progress page: the same life in plain words.
STATE_PUBLIC_NAMES: dict[State, str] = {
    State.REGISTERED: "已受理，正在派单",
    State.DISPATCHED: "已派至承办单位，等待签收",
    State.HANDLING: "承办单位正在办理",
    State.RETURNED: "正在重新确定承办单位",
    State.REPLIED: "承办单位已答复，正在审核",
    State.CALLBACK: "已答复，等待回访",
    State.CLOSED: "已办结",
    State.DECLINED: "不属于热线受理范围，已告知途径",
    State.TRANSFERRED: "已转至相应平台处理",
}

FINAL_STATES = frozenset({State.CLOSED, State.DECLINED, State.TRANSFERRED, State.DISCARDED})
OPEN_STATES = frozenset(State) - FINAL_STATES - {State.DRAFT}
