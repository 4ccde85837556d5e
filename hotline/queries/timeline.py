"""A ticket's events in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalog.models import Staff, Unit
from catalog.rules.limits import RUNG_NAMES, STEP_NAMES, Rung, Step
from catalog.rules.roles import UNIT_ROLES
from hotline.models import Event, Ticket
from hotline.permissions import role_of
from hotline.rules.feedback import RATING_NAMES, Rating
from hotline.rules.intake import CHANNEL_NAMES, TRANSFER_WAY_NAMES, Channel, TransferWay
from hotline.rules.workflow import Move

# What differs between suggestion and choice.
_CHANGED_NAMES = {
    "platform": "平台",
    "item": "事项",
    "region": "地区",
    "urgent": "紧急程度",
    "unit": "主办单位",
}
_TITLES = {
    "draft": "开始登记",
    Move.REGISTER: "登记",
    Move.DISCARD: "作废",
    Move.ANSWER: "当场答复，办结",
    Move.DECLINE: "不予受理",
    Move.TRANSFER: "转出",
    Move.DISPATCH: "派单",
    Move.SIGN: "签收",
    Move.RETURN: "申请退单",
    Move.ACCEPT_RETURN: "同意退单",
    Move.REFUSE_RETURN: "不同意退单",
    Move.REPLY: "答复",
    Move.SEND_BACK: "答复退回",
    Move.APPROVE: "答复审核通过",
    Move.REWORK: "回访后重办",
    Move.CLOSE: "回访完成，办结",
    "callback_missed": "回访未接通",
    "co_reply": "协办单位提交意见",
    "reveal": "查看个人信息",
    "clock_moved": "放假安排公布，时限重新计算",
    "message_retried": "重新发送消息",
    "message_cancelled": "取消发送消息",
    "work_retried": "重试后台任务",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history. `who` is empty for the system itself."""

    at: dt.datetime
    title: str
    detail: str
    who: str
    is_alarm: bool


def timeline_of(ticket: Ticket, *, viewer: Staff) -> list[Line]:
    """The history, newest first. A unit's people see who of their own acted; of others, which body."""
    events = list(ticket.events.select_related("by", "by__unit").order_by("-sequence"))
    names = _unit_names(events)
    hide = role_of(viewer) in UNIT_ROLES
    return [
        Line(
            event.at,
            _title(event),
            _detail(event.kind, event.data, names),
            _who(event, viewer, hide),
            event.kind == "notice",
        )
        for event in events
        if not (hide and event.kind in ("draft", "reveal") and event.by_id != viewer.pk)
    ]


def _title(event: Event) -> str:
    if event.kind == "notice":
        return RUNG_NAMES[Rung(event.data["rung"])]
    return _TITLES[event.kind]


def _who(event: Event, viewer: Staff, hide: bool) -> str:
    if event.by is None:
        return ""
    body = event.by.unit.name if event.by.unit else "热线"
    if hide and event.by.unit_id != viewer.unit_id:
        return body
    return f"{body} {event.by.display_name}"


def _detail(kind: str, data: dict[str, Any], names: dict[str, str]) -> str:
    parts: list[str] = []
    if kind == Move.REGISTER:
        parts.append(f"渠道：{CHANNEL_NAMES[Channel(data['channel'])]}")
    if kind == Move.DISPATCH:
        parts.append(f"主办：{names[data['lead']]}")
        if data["co"]:
            parts.append("协办：" + "、".join(names[code] for code in data["co"]))
    if kind == Move.TRANSFER:
        parts.append(f"{TRANSFER_WAY_NAMES[TransferWay(data['way'])]}至 {data['target']}")
    if kind == Move.DECLINE:
        parts.append(f"依据：{data['clause']}")
    if kind == "notice":
        parts.append(f"{STEP_NAMES[Step(data['step'])]}时限")
    if kind == "clock_moved":
        old, new = (dt.datetime.fromisoformat(data[name]) for name in ("old", "new"))
        parts.append(
            f"{STEP_NAMES[Step(data['step'])]}时限由 {old:%-m月%-d日 %H:%M} 改为 {new:%-m月%-d日 %H:%M}"
        )
    if kind == "co_reply":
        parts.append(names[data["unit"]])
    if kind == "reveal":
        parts.append(f"原因：{data['reason']}")
    if kind == "callback_missed":
        parts.append(f"第 {data['attempt']} 次")
    if kind in (Move.CLOSE, Move.REWORK):
        parts.append(_heard(data))
    if data.get("changed"):
        parts.append("更改了建议的" + "、".join(_CHANGED_NAMES[name] for name in data["changed"]))
    return "；".join(parts)


def _heard(data: dict[str, Any]) -> str:
    if not data["reached"]:
        return "多次未接通"
    solved = "已解决" if data["solved"] else "未解决"
    return f"{solved}，{RATING_NAMES[Rating(data['rating'])]}"


def _unit_names(events: list[Event]) -> dict[str, str]:
    codes: set[str] = set()
    for event in events:
        codes.update(filter(None, (event.data.get("lead"), event.data.get("unit"))))
        codes.update(event.data.get("co", ()))
    return {unit.code: str(unit) for unit in Unit.objects.filter(code__in=codes)}
