"""The moves of the hotline on a ticket that no unit has, and its ends."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from catalog.models import Region, Staff
from catalog.rules.roles import HOTLINE_ROLES
from hotline.actions.decide import answer_at_once, decline_ticket, transfer_ticket
from hotline.actions.dispatch import dispatch_ticket, pass_on
from hotline.actions.ending import propose_end, reopen_ticket, withdraw_ticket
from hotline.actions.errors import WrongInput
from hotline.actions.intake import discard_draft
from hotline.actions.merge import merge_ticket, split_ticket, unmerge_ticket
from hotline.actions.supplement import supply
from hotline.forms.base import (
    MoveForm,
    StayForm,
    number_field,
    other_ticket,
    text_field,
    yes_no,
)
from hotline.forms.intake import (
    AnswerFields,
    ChoiceForm,
    DeclineFields,
    DispatchFields,
    TransferFields,
)
from hotline.models import Ticket
from hotline.rules.endings import GROUND_NAMES, Ground
from hotline.rules.intake import TransferWay


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


class PassOnForm(MoveForm):
    center = forms.ModelChoiceField(
        label="移交至", queryset=Region.objects.none(), to_field_name="code"
    )
    reason = text_field("移交理由", rows=2)
    done = "已移交，由对方热线派单。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["center"].queryset = (  # type: ignore[attr-defined]
            Region.objects.current().filter(code__in=_centers()).order_by("code")
        )

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        pass_on(ticket, center=data["center"], reason=data["reason"], **common)


def _centers() -> Any:
    """Regions that have a hotline: somebody takes calls there."""
    return Staff.objects.filter(
        role__in=HOTLINE_ROLES, is_active=True, region__isnull=False
    ).values("region__code")


class MergeForm(MoveForm):
    master = number_field("并入的工单编号", help_text="同一事项、正在办理的工单；它答复时一并答复")
    done = "已并单，主单答复时一并答复来电人。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        master = other_ticket(data["master"], "master", common["by"])
        assert master is not None  # a required field
        merge_ticket(ticket, master=master, **common)


class UnmergeForm(MoveForm):
    done = "已拆出，请单独派单。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        unmerge_ticket(ticket, **common)


class SplitForm(StayForm):
    content = text_field("拆出的诉求内容", rows=4, help_text="将登记为新的工单，来电人相同")
    key = forms.CharField(max_length=80, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        part = split_ticket(ticket, content=data["content"], key=data["key"], **common)
        self.done = f"已拆出新工单 {part.number}，请派单。"


class ProposeEndForm(MoveForm):
    ground = forms.ChoiceField(
        label="情形", choices=[(one.value, name) for one, name in GROUND_NAMES.items()]
    )
    earlier = number_field("此前已答复的工单编号", required=False, help_text="重复诉求必填")
    reason = text_field("理由", rows=3, help_text="此前怎样答复、为何没有新的事实")
    done = "已提请，等待另一位督办员复核；转办时限照常计算。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        propose_end(
            ticket,
            ground=Ground(data["ground"]),
            earlier=other_ticket(data["earlier"], "earlier", common["by"]),
            reason=data["reason"],
            **common,
        )


class SupplyForm(MoveForm):
    reached = yes_no("是否联系上来电人", "已联系上", "联系不上", initial="yes")
    answer = text_field("来电人补充的内容", required=False)
    done = "已记录，承办单位继续办理，时限恢复计算。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        supply(ticket, reached=data["reached"], answer=data["answer"], **common)


class WithdrawForm(MoveForm):
    reason = text_field("来电人撤回的原因", rows=2)
    done = "工单已按来电人要求撤回。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        withdraw_ticket(ticket, reason=data["reason"], **common)


class ReopenForm(MoveForm):
    reason = text_field("重新受理的理由", rows=2, help_text="答复后出现了什么新情况")
    done = "已重新受理，请派单。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        reopen_ticket(ticket, reason=data["reason"], **common)


class DiscardForm(MoveForm):
    done = "草稿已作废。"

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        common.pop("version")
        discard_draft(ticket, **common)
