"""A ticket's events in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalog.models import Region, Staff, Unit
from catalog.rules.limits import RUNG_NAMES, STEP_NAMES, Rung, Step
from catalog.rules.roles import ROLE_NAMES, UNIT_ROLES, Role
from hotline.models import Event, Ticket
from hotline.permissions import role_of
from hotline.rules.endings import GROUND_NAMES, Ground
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
    Move.PASS_ON: "移交其他地区热线",
    Move.MERGE: "并入其他工单",
    Move.UNMERGE: "拆出，单独办理",
    Move.FOLLOW: "随主单答复",
    Move.SPLIT: "拆出新工单",
    Move.PROPOSE_END: "提请不再受理",
    Move.CONFIRM_END: "复核同意，不再受理",
    Move.REFUSE_END: "复核不同意，继续受理",
    Move.CO_REPLY: "协办单位提交意见",
    Move.ASK_CALLER: "请来电人补充信息",
    Move.SUPPLY: "记录补充信息",
    Move.ASK_EXTENSION: "申请延期",
    Move.GRANT_EXTENSION: "批准延期",
    Move.REFUSE_EXTENSION: "不批准延期",
    Move.CONVENE: "召集会商",
    Move.KEEP_UNIT: "会商决定由原单位承办",
    Move.CHANGE_UNIT: "会商决定改派",
    Move.ADD_CO_UNITS: "增加协办单位",
    Move.CHANGE_LIMIT: "调整办理时限",
    Move.URGE: "催办",
    Move.OPEN_ORDER: "下发督办单",
    Move.REPLY_ORDER: "回复督办单",
    Move.CLOSE_ORDER: "办结督办单",
    Move.WITHDRAW: "撤回",
    Move.REOPEN: "重新受理",
    Move.ARCHIVE: "归档",
    "callback_missed": "回访未接通",
    "reveal": "查看个人信息",
    "clock_moved": "放假安排公布，时限重新计算",
    "message_retried": "重新发送消息",
    "message_cancelled": "取消发送消息",
    "work_retried": "重试后台任务",
}


_WITH_REASON = frozenset(
    {
        Move.PASS_ON,
        Move.ADD_CO_UNITS,
        Move.CHANGE_LIMIT,
        Move.ASK_EXTENSION,
        Move.WITHDRAW,
        Move.REOPEN,
    }
)


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
        return "来电人" if event.data.get("citizen") else ""
    body = event.by.unit.name if event.by.unit else "热线"
    if hide and event.by.unit_id != viewer.unit_id:
        return body
    return f"{body} {event.by.display_name}"


def _detail(kind: str, data: dict[str, Any], names: dict[str, str]) -> str:
    parts: list[str] = []
    if data.get("citizen"):
        parts.append("来电人在进度页面提出")
    if kind in (Move.MERGE, Move.UNMERGE, Move.FOLLOW) and data.get("master"):
        parts.append(f"主单 {data['master']}")
    if kind == Move.SPLIT:
        parts.append(f"新工单 {data['part']}")
    if kind == Move.PROPOSE_END:
        parts.append(GROUND_NAMES[Ground(data["ground"])])
        if data["earlier"]:
            parts.append(f"此前工单 {data['earlier']}")
    if kind == Move.SUPPLY:
        parts.append("已联系上来电人" if data["reached"] else "联系不上来电人")
    if kind in (Move.ASK_EXTENSION, Move.GRANT_EXTENSION):
        parts.append(f"{data['days']} 个工作日")
    if kind == Move.CONVENE:
        parts.append("参加：" + "、".join(names[code] for code in data["units"]))
    if kind in (Move.KEEP_UNIT, Move.CHANGE_UNIT):
        parts.append("达成一致" if data["agreed"] else "未达成一致，由首接单位承办")
        parts.append(f"承办：{names[data['unit']]}")
        if data["new_line"]:
            parts.append(f"目录调整：今后由{names[data['new_line']]}条线主办")
    if kind == Move.ADD_CO_UNITS:
        parts.append("、".join(names[code] for code in data["co"]))
    if kind == Move.OPEN_ORDER:
        parts.append(names[data["unit"]])
    if kind == Move.REPLY and data.get("silent"):
        parts.append(
            "未等待" + "、".join(names[code] for code in data["silent"]) + f"：{data['reason']}"
        )
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
        if "audience" in data:  # not in the first events
            parts.append(f"通知{ROLE_NAMES[Role(data['audience'])]}")
    if kind in ("clock_moved", Move.GRANT_EXTENSION, Move.CHANGE_LIMIT):
        old, new = (dt.datetime.fromisoformat(data[name]) for name in ("old", "new"))
        step = STEP_NAMES[Step(data.get("step", Step.HANDLE))]
        parts.append(f"{step}时限由 {old:%-m月%-d日 %H:%M} 改为 {new:%-m月%-d日 %H:%M}")
    if kind == Move.CO_REPLY:
        parts.append(names[data["unit"]])
    if kind == Move.PASS_ON:
        parts.append(f"由{names[data['old']]}热线移交{names[data['new']]}热线")
    if kind in _WITH_REASON and data.get("reason"):
        parts.append(f"理由：{data['reason']}")
    if kind == Move.URGE and data.get("note"):
        parts.append(data["note"])
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
        codes.update(filter(None, (event.data.get(key) for key in ("lead", "unit", "new_line"))))
        for key in ("co", "units", "silent"):
            codes.update(event.data.get(key, ()))
    passed = [event.data for event in events if event.kind == Move.PASS_ON]
    centers = {data[key] for data in passed for key in ("old", "new")}
    return {unit.code: str(unit) for unit in Unit.objects.filter(code__in=codes)} | {
        region.code: region.name for region in Region.objects.filter(code__in=centers)
    }
