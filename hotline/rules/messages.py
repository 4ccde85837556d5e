"""Messages to people outside the screens: kinds, texts, when to try again.

Texts hold ticket numbers and names of steps; never personal data, never the caller's words.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from catalog.rules.limits import RUNG_NAMES, STEP_NAMES, Rung, Step


class MessageChannel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


MESSAGE_CHANNEL_NAMES: dict[MessageChannel, str] = {
    MessageChannel.EMAIL: "邮件",
    MessageChannel.SMS: "短信",
}


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # refused for good, or tried in vain as often as the rule says
    CANCELLED = "cancelled"  # by a person, or taken up into one message with others


MESSAGE_STATE_NAMES: dict[MessageState, str] = {
    MessageState.WAITING: "待发送",
    MessageState.SENT: "已发送",
    MessageState.DEAD: "发送失败",
    MessageState.CANCELLED: "已取消",
}

# How many messages one person gets at a time before they become one. Local setting.
MOST_SINGLE = 3

# How long after each try in vain the next one comes; after the last one none does. Local setting.
RETRY_AFTER: tuple[dt.timedelta, ...] = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
)

# What only asks somebody to hurry: of no use any more when the step is done. The graver rungs tell
# that a limit was missed, which stays so.
REMINDERS = frozenset({Rung.URGE, Rung.SUPERVISE})

# When citizens may be sent something that they did not just ask for. Local setting.
QUIET_UNTIL, QUIET_FROM = dt.time(8, 0), dt.time(21, 0)

SIGNATURE = "【12345热线】"


def retry_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When to try again after `attempts` (1 or more) tries in vain; None: never."""
    if attempts > len(RETRY_AFTER):
        return None
    return now + RETRY_AFTER[attempts - 1]


def daytime_at_or_after(local: dt.datetime) -> dt.datetime:
    """`local` itself by day, else eight o'clock in the morning that follows."""
    morning = dt.datetime.combine(local.date(), QUIET_UNTIL, local.tzinfo)
    if local < morning:
        return morning
    return local if local.time() < QUIET_FROM else morning + dt.timedelta(days=1)


def notice_text(rung: Rung, number: str, step: Step | None, due_at: dt.datetime | None) -> str:
    """One notice. `due_at`: local time, of the limit that it is about, if it is about one."""
    limit = f"的{STEP_NAMES[step]}时限为{_minute(due_at)}" if step and due_at else ""
    return f"{SIGNATURE}{RUNG_NAMES[rung]}：工单{number}{limit}，请尽快登录系统处理。"


def told(text: str) -> str:
    """A notice that is no rung of the ladder, in its own words."""
    return SIGNATURE + text


def digest_text(counts: Mapping[Rung | None, int], earliest_due: dt.datetime | None) -> str:
    """Several notices as one, with nothing of any single ticket. `counts`: by rung, None for those that
    are none. `earliest_due`: local time."""
    # The gravest first.
    named = [(RUNG_NAMES[rung], counts.get(rung, 0)) for rung in reversed(Rung)]
    kinds = "、".join(f"{name} {n}" for name, n in [*named, ("通知", counts.get(None, 0))] if n)
    due = f"，最早的时限为{_minute(earliest_due)}" if earliest_due else ""
    return f"{SIGNATURE}您有 {sum(counts.values())} 条待办提醒：{kinds}{due}；请登录系统查看。"


class CallerMessage(StrEnum):
    REGISTERED = "registered"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


# What the caller has just asked for, and is told at any hour.
AT_ANY_HOUR = frozenset({CallerMessage.REGISTERED, CallerMessage.WITHDRAWN})

_CALLER_TEXTS: dict[CallerMessage, str] = {
    CallerMessage.REGISTERED: "您的诉求已登记，工单编号{number}。",
    CallerMessage.ANSWERED: "您的诉求（工单编号{number}）已办结答复。",
    CallerMessage.WITHDRAWN: "您的诉求（工单编号{number}）已按您的要求撤回，如有需要可重新反映。",
    CallerMessage.MERGED: "您的诉求（工单编号{number}）与反映同一事项的其他诉求一并办理、一并答复。",
}
# A telephone may be in other hands: of a confidential matter neither number nor kind is told.
_CONFIDENTIAL_TEXT = "您有新的信息，请拨打12345查询。"


def caller_text(kind: CallerMessage, number: str, *, confidential: bool, public_url: str) -> str:
    """What the caller is told. `public_url`: where citizens reach this system, if they do."""
    if confidential:
        return SIGNATURE + _CONFIDENTIAL_TEXT
    page = f"打开 {public_url.rstrip('/')}/progress/ 或" if public_url else ""
    look_up = f"凭编号和登记电话，可{page}拨打12345查询。"
    return SIGNATURE + _CALLER_TEXTS[kind].format(number=number) + look_up


def _minute(moment: dt.datetime) -> str:
    return f"{moment:%-m月%-d日%H:%M}"
