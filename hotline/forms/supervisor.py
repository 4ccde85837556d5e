"""The moves of the hotline on a ticket that a unit has: rulings, pressure, the answer's end."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.models import Unit
from catalog.rules.limits import CLASS_NAMES, HandlingClass
from hotline.actions.consult import conclude, convene
from hotline.actions.dispatch import add_co_units, change_limit
from hotline.actions.ending import rule_on_end
from hotline.actions.extension import rule_on_extension
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import rule_on_return
from hotline.actions.supervise import close_order, open_order, urge_ticket
from hotline.forms.base import MoveForm, StayForm, days_field, text_field, yes_no
from hotline.forms.fields import CodeListField, label_of_unit, unit_field
from hotline.models import Ticket
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.feedback import (
    RATING_NAMES,
    RESULT_BY_LAW_NAMES,
    CallbackResult,
    Rating,
    ResultByLaw,
)
from hotline.rules.workflow import Move


def _units_field(label: str) -> CodeListField:
    return CodeListField(
        rows=lambda: Unit.objects.current(),
        label_of=label_of_unit,
        list_name="units",
        label=label,
        help_text="多个单位用“；”隔开",
    )


class RulingForm(MoveForm):
    note = text_field("裁定理由", rows=3)
    ruling: Ruling

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        rule_on_return(ticket, ruling=self.ruling, note=data["note"], **common)


class AcceptReturnForm(RulingForm):
    ruling = Ruling.ACCEPTED
    done = "已同意退单，请重新派单。"


class RefuseReturnForm(RulingForm):
    ruling = Ruling.REFUSED
    done = "已裁定由原单位继续办理，该单位不能再次退单。"


class ConveneForm(MoveForm):
    question = text_field("争议问题", rows=3, help_text="各方为何认为不归自己承办")
    units = _units_field("参加单位")
    done = "已召集会商，参加单位可以查看本工单。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        convene(ticket, question=data["question"], units=data["units"], **common)


class ConcludeForm(MoveForm):
    """Keeps the unit or changes it, by what was decided."""

    title = "登记会商结果"
    agreed = yes_no("是否达成一致", "达成一致", "未达成一致，由首接单位承办", initial="yes")
    unit = unit_field("承办单位", required=False, help_text="未达成一致时不填")
    minutes = text_field("会商纪要", rows=5, help_text="各方意见和决定的理由")
    new_line = unit_field(
        "今后本事项的主办条线",
        required=False,
        help_text="需要调整目录时填写省级成员单位，次日起生效；不调整则不填",
    )

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        move = conclude(
            ticket,
            agreed=data["agreed"],
            unit=data["unit"],
            minutes=data["minutes"],
            new_line=data["new_line"],
            **common,
        )
        self.done = (
            "会商决定由原单位承办，该单位不能再次退单。"
            if move is Move.KEEP_UNIT
            else "会商决定改派，新单位不能退单，办理时限重新计算。"
        )


class GrantExtensionForm(StayForm):
    days = days_field("批准延长（工作日）", most=10, help_text="不填则按申请的天数")
    note = text_field("审批意见", rows=2, required=False)
    done = "已批准延期。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        rule_on_extension(ticket, granted=True, days=data["days"], note=data["note"], **common)


class RefuseExtensionForm(StayForm):
    note = text_field("不批准的理由", rows=2)
    done = "未批准延期，按原时限办理。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        rule_on_extension(ticket, granted=False, note=data["note"], **common)


class ConfirmEndForm(MoveForm):
    note = text_field("复核意见", rows=3, help_text="写明已怎样告知来电人")
    confirmed = True
    done = "已同意不再受理。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        rule_on_end(ticket, confirmed=self.confirmed, note=data["note"], **common)


class RefuseEndForm(ConfirmEndForm):
    note = text_field("复核意见", rows=3)
    confirmed = False
    done = "继续受理，请派单。"


class AddCoUnitsForm(StayForm):
    co_units = _units_field("增加的协办单位")
    reason = text_field("需要协办的理由", rows=2)
    done = "已增加协办单位。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        add_co_units(ticket, units=data["co_units"], reason=data["reason"], **common)


class ChangeLimitForm(StayForm):
    handling_class = forms.ChoiceField(
        label="办理类别", choices=[(cls.value, name) for cls, name in CLASS_NAMES.items()]
    )
    days = days_field("办理时限（工作日）", most=30, help_text="从原起算日计；不填则按类别默认")
    reason = text_field("调整理由", rows=2)
    done = "办理时限已调整。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        change_limit(
            ticket,
            handling_class=HandlingClass(data["handling_class"]),
            days=data["days"],
            reason=data["reason"],
            **common,
        )


class UrgeForm(StayForm):
    note = text_field("说明", rows=2, required=False, help_text="如：来电人今日再次来电催问")
    done = "已催办，承办单位会收到通知。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        urge_ticket(ticket, note=data["note"], **common)


class OpenOrderForm(StayForm):
    demand = text_field("督办要求", rows=3, help_text="要查清什么、何时前做到哪一步")
    days = days_field("回复时限（工作日）", most=5, help_text="不填则按默认时限")
    done = "督办单已下发给承办单位负责人。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        open_order(ticket, demand=data["demand"], days=data["days"], **common)


class CloseOrderForm(StayForm):
    note = text_field("办结意见", rows=2)
    done = "督办单已办结。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        close_order(ticket, note=data["note"], **common)


class ApproveForm(MoveForm):
    note = text_field("审核意见", rows=2, required=False)
    by_law = forms.TypedChoiceField(
        label="依法处置类别",
        required=False,
        choices=[
            ("", "一般事项，计入满意率"),
            *((kind.value, f"{name}，不计入满意率") for kind, name in RESULT_BY_LAW_NAMES.items()),
        ],
        coerce=ResultByLaw,
        empty_value=None,
        help_text="青政办〔2021〕48号 三（四）：行政调解类、执法办案类不片面追求满意率",
    )
    done = "审核通过，请回访来电人。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        check_reply(
            ticket,
            verdict=Verdict.APPROVED,
            note=data["note"],
            by_law=data["by_law"],
            **common,
        )


class SendBackForm(MoveForm):
    note = text_field("退回原因", rows=3)
    done = "已退回承办单位，按原时限重新答复。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        check_reply(ticket, verdict=Verdict.SENT_BACK, note=data["note"], **common)


class CallbackForm(MoveForm):
    """Closes, sends back to be worked again, or notes a call that nobody answered."""

    title = "登记回访"
    reached = yes_no("是否接通", "已接通", "未接通", initial="yes")
    solved = yes_no("问题是否解决", "已解决", "未解决", required=False, empty_value=None)
    rating = forms.TypedChoiceField(
        label="满意程度",
        required=False,
        choices=[(rating.value, name) for rating, name in RATING_NAMES.items()],
        coerce=lambda value: Rating(int(value)),
        empty_value=None,
        widget=forms.RadioSelect,
    )
    note = text_field("回访记录", rows=3, required=False)
    done = "回访已记录。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        reached = data["reached"]
        result = CallbackResult(
            reached,
            data["solved"] if reached else None,
            data["rating"] if reached else None,
        )
        move = record_callback(ticket, result=result, note=data["note"], **common)
        self.done = {
            Move.CLOSE: "回访完成，工单已办结。",
            Move.REWORK: "已退回承办单位重办，重新计算办理时限。",
            None: "已记录未接通，请稍后再次回访。",
        }[move]
