"""One form for each move of the transition table: its fields, and the action it carries out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from catalog.models import Staff
from hotline.actions.decide import answer_at_once, decline_ticket, transfer_ticket
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.errors import WrongInput
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import reply_to_ticket, return_ticket, rule_on_return, sign_ticket
from hotline.actions.intake import discard_draft
from hotline.forms.fields import unit_field
from hotline.forms.intake import (
    AnswerFields,
    ChoiceForm,
    DeclineFields,
    DispatchFields,
    TransferFields,
)
from hotline.models import Ticket
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.feedback import RATING_NAMES, CallbackResult, Rating
from hotline.rules.intake import TransferWay
from hotline.rules.workflow import Move


class MoveForm(forms.Form):
    """`carry_out` runs the action; what it refuses for one field is shown at that field."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    done = "已保存。"

    def run(self, ticket: Ticket, *, by: Staff, at: dt.datetime) -> bool:
        """Whether it was carried out; if not, the form says why. Other refusals are raised."""
        if not self.is_valid():
            return False
        common = {"by": by, "at": at, "version": self.cleaned_data["version"]}
        try:
            self.carry_out(ticket, self.cleaned_data, **common)
        except WrongInput as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return False
        return True

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        raise TypeError(f"{type(self).__name__} has no action")


def _text(label: str, *, rows: int = 4, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class DispatchForm(DispatchFields, MoveForm):
    done = "已派单。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        dispatch_ticket(
            ticket,
            choice=self.choice(with_unit=True),
            co_units=data["co_units"],
            days=data["days"],
            **common,
        )


class AnswerForm(AnswerFields, ChoiceForm, MoveForm):
    done = "已当场答复并办结。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        answer_at_once(ticket, choice=self.choice(), answer=data["answer"], **common)


class DeclineForm(DeclineFields, ChoiceForm, MoveForm):
    done = "已记录不予受理及所说明的途径。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        if data["exclusion"] is None:
            raise WrongInput("exclusion", "请选择不予受理的情形。")
        decline_ticket(
            ticket,
            choice=self.choice("不予受理"),
            exclusion=data["exclusion"],
            guidance=data["guidance"],
            **common,
        )


class TransferForm(TransferFields, ChoiceForm, MoveForm):
    done = "已记录转出。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        if not data["target"]:
            raise WrongInput("target", "请选择转往的号码。")
        transfer_ticket(
            ticket,
            choice=self.choice(data["target"]),
            target=data["target"],
            way=TransferWay(data["way"] or TransferWay.TRANSFER),
            note=data["note"],
            **common,
        )


class SignForm(MoveForm):
    done = "已签收。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        sign_ticket(ticket, **common)


class ReplyForm(MoveForm):
    text = _text("办理结果", rows=6, help_text="查明了什么、怎样处理、怎样告知群众")
    done = "答复已提交，等待热线审核。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        reply_to_ticket(ticket, text=data["text"], **common)


class ReturnForm(MoveForm):
    reason = _text("退单理由")
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


class RulingForm(MoveForm):
    note = _text("裁定理由", rows=3)
    ruling: Ruling

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        rule_on_return(ticket, ruling=self.ruling, note=data["note"], **common)


class AcceptReturnForm(RulingForm):
    ruling = Ruling.ACCEPTED
    done = "已同意退单，请重新派单。"


class RefuseReturnForm(RulingForm):
    ruling = Ruling.REFUSED
    done = "已裁定由原单位继续办理，该单位不能再次退单。"


class ApproveForm(MoveForm):
    note = _text("审核意见", rows=2, required=False)
    done = "审核通过，请回访来电人。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        check_reply(ticket, verdict=Verdict.APPROVED, note=data["note"], **common)


class SendBackForm(MoveForm):
    note = _text("退回原因", rows=3)
    done = "已退回承办单位，按原时限重新答复。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        check_reply(ticket, verdict=Verdict.SENT_BACK, note=data["note"], **common)


class CallbackForm(MoveForm):
    """Closes, sends back to be worked again, or notes a call that nobody answered."""

    reached = forms.TypedChoiceField(
        label="是否接通",
        choices=[("yes", "已接通"), ("no", "未接通")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    solved = forms.TypedChoiceField(
        label="问题是否解决",
        required=False,
        choices=[("yes", "已解决"), ("no", "未解决")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    rating = forms.TypedChoiceField(
        label="满意程度",
        required=False,
        choices=[(rating.value, name) for rating, name in RATING_NAMES.items()],
        coerce=lambda value: Rating(int(value)),
        empty_value=None,
        widget=forms.RadioSelect,
    )
    note = _text("回访记录", rows=3, required=False)
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


class DiscardForm(MoveForm):
    done = "草稿已作废。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        common.pop("version")
        discard_draft(ticket, **common)


# REGISTER is the desk's form; CLOSE and REWORK are both what a callback decides.
MOVE_FORMS: dict[Move, type[MoveForm]] = {
    Move.DISCARD: DiscardForm,
    Move.DISPATCH: DispatchForm,
    Move.ANSWER: AnswerForm,
    Move.DECLINE: DeclineForm,
    Move.TRANSFER: TransferForm,
    Move.SIGN: SignForm,
    Move.REPLY: ReplyForm,
    Move.RETURN: ReturnForm,
    Move.ACCEPT_RETURN: AcceptReturnForm,
    Move.REFUSE_RETURN: RefuseReturnForm,
    Move.APPROVE: ApproveForm,
    Move.SEND_BACK: SendBackForm,
    Move.CLOSE: CallbackForm,
}
