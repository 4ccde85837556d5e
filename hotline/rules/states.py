"""The states of a ticket and how each is called on screen."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    WAITING = "waiting"
    RETURNED = "returned"
    CONSULTING = "consulting"
    REPLIED = "replied"
    CALLBACK = "callback"
    MERGED = "merged"
    REVIEWING = "reviewing"
    CLOSED = "closed"
    ARCHIVED = "archived"
    DECLINED = "declined"
    TRANSFERRED = "transferred"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    DISCARDED = "discarded"


STATE_NAMES: dict[State, str] = {
    State.DRAFT: "草稿",
    State.REGISTERED: "待派单",
    State.DISPATCHED: "待签收",
    State.HANDLING: "办理中",
    State.WAITING: "待补充信息",
    State.RETURNED: "退单待裁定",
    State.CONSULTING: "会商中",
    State.REPLIED: "答复待审核",
    State.CALLBACK: "待回访",
    State.MERGED: "已并单",
    State.REVIEWING: "不再受理待复核",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已归档",
    State.DECLINED: "不予受理",
    State.TRANSFERRED: "已转出",
    State.WITHDRAWN: "已撤回",
    State.ENDED: "不再受理",
    State.DISCARDED: "已作废",
}

# What the citizen reads on the progress page: the same life in plain words.
STATE_PUBLIC_NAMES: dict[State, str] = {
    State.REGISTERED: "已受理，正在派单",
    State.DISPATCHED: "已派至承办单位，等待签收",
    State.HANDLING: "承办单位正在办理",
    State.WAITING: "需要您补充信息，热线将与您联系",
    State.RETURNED: "正在重新确定承办单位",
    State.CONSULTING: "有关单位正在会商，确定由谁承办",
    State.REPLIED: "承办单位已答复，正在审核",
    State.CALLBACK: "已答复，等待回访",
    State.MERGED: "与同一事项的其他诉求一并办理",
    State.REVIEWING: "正在复核",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已办结",
    State.DECLINED: "不属于热线受理范围，已告知途径",
    State.TRANSFERRED: "已转至相应平台处理",
    State.WITHDRAWN: "已按您的要求撤回",
    State.ENDED: "此前已答复，不再重复受理",
}

# What can never change again.
FINAL_STATES = frozenset(
    {
        State.ARCHIVED,
        State.DECLINED,
        State.TRANSFERRED,
        State.WITHDRAWN,
        State.ENDED,
        State.DISCARDED,
    }
)
# Nobody has to act: no clock runs. A closed ticket may still be opened again.
OVER_STATES = FINAL_STATES | {State.CLOSED}
OPEN_STATES = frozenset(State) - OVER_STATES - {State.DRAFT}
