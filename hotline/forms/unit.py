"""The moves of the units."""

from __future__ import annotations

from typing import Any

from django import forms

from hotline.actions.extension import ask_extension
from hotline.actions.handle import (
    reply_as_co_handler,
    reply_to_ticket,
    return_ticket,
    sign_ticket,
)
from hotline.actions.supervise import reply_order
from hotline.actions.supplement import ask_caller
from hotline.forms.base import MoveForm, StayForm, days_field, text_field
from hotline.forms.fields import unit_field
from hotline.models import Ticket


class SignForm(MoveForm):
    done = "已签收。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        sign_ticket(ticket, **common)


class ReplyForm(MoveForm):
    text = text_field("办理结果", rows=6, help_text="查明了什么、怎样处理、怎样告知群众")
    without = text_field(
        "不再等待协办单位的理由",
        rows=2,
        required=False,
        help_text="协办单位都已提交意见的不必填写",
    )
    done = "答复已提交，等待热线审核。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        reply_to_ticket(ticket, text=data["text"], without=data["without"], **common)


class CoReplyForm(StayForm):
    text = text_field("本单位办理意见")
    done = "协办意见已提交给主办单位。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        reply_as_co_handler(ticket, text=data["text"], **common)


class AskCallerForm(MoveForm):
    question = text_field(
        "需要来电人补充的内容",
        rows=3,
        help_text="热线联系来电人期间办理时限暂停，只能用于缺少它就无法办理的内容",
    )
    done = "已请热线联系来电人，办理时限暂停。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        ask_caller(ticket, question=data["question"], **common)


class AskExtensionForm(StayForm):
    days = days_field(
        "申请延长（工作日）", most=10, help_text="不超过 10 个工作日；不填则按默认天数"
    )
    reason = text_field("延时说明", rows=3, help_text="为何不能按期办结、已办到哪一步")
    done = "延期申请已提交，等待热线审批；审批前按原时限办理。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        ask_extension(ticket, days=data["days"], reason=data["reason"], **common)


class ReturnForm(MoveForm):
    reason = text_field("退单理由")
    basis = forms.CharField(
        label="目录依据", max_length=200, help_text="如：该事项主办条线为某单位；或某文件某条"
    )
    suggested_unit = unit_field("建议承办单位", required=False)
    done = "退单申请已提交，等待热线裁定；裁定前办理时限照常计算。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        return_ticket(
            ticket,
            reason=data["reason"],
            basis=data["basis"],
            suggested_unit=data["suggested_unit"],
            **common,
        )


class ReplyOrderForm(StayForm):
    text = text_field("督办单回复", help_text="办理进展、未按期的原因、下一步安排")
    done = "督办单已回复，等待热线办结。"

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        reply_order(ticket, text=data["text"], **common)
