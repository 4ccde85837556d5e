"""The operator's form: what the caller says, and what the operator makes of it."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.models import Exclusion, Hotline, Unit
from catalog.rules.limits import CLASS_NAMES, HandlingClass
from hotline.actions.decide import Choice
from hotline.actions.intake import Intake
from hotline.forms.base import MAX_WORDS
from hotline.forms.fields import CodeListField, item_field, label_of_unit, region_field, unit_field
from hotline.rules.intake import (
    CHANNEL_NAMES,
    EMERGENCY_NUMBERS,
    MAX_CONTENT,
    REQUEST_TYPE_NAMES,
    TRANSFER_WAY_NAMES,
    Channel,
    RequestType,
    TransferWay,
)

DESK_CHANNELS = (Channel.PHONE, Channel.WEB, Channel.WECHAT)


class IntakeForm(forms.Form):
    """What is written down. `key` is made when the page is opened: one page, one ticket."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput)
    phone = forms.CharField(
        label="来电号码",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label="姓名",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    channel = forms.ChoiceField(
        label="渠道", choices=[(key.value, CHANNEL_NAMES[key]) for key in DESK_CHANNELS]
    )
    content = forms.CharField(
        label="诉求内容",
        max_length=MAX_CONTENT,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": "请填写诉求内容。"},
    )
    title = forms.CharField(label="标题", required=False, max_length=80)
    address = forms.CharField(
        label="详细地址",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    request_type = forms.ChoiceField(
        label="诉求类型",
        required=False,
        choices=[("", "未选"), *((key.value, name) for key, name in REQUEST_TYPE_NAMES.items())],
    )
    is_confidential = forms.BooleanField(label="来电人要求保密", required=False)

    def intake(self) -> Intake:
        """The form as the action wants it. After `is_valid()`."""
        return intake_from(self.cleaned_data)


def intake_from(data: dict[str, Any]) -> Intake:
    """Fields by name, as typed or cleaned, to an Intake."""
    kind = data.get("request_type") or ""
    return Intake(
        content=data.get("content", ""),
        channel=Channel(data.get("channel") or Channel.PHONE),
        title=data.get("title", ""),
        phone=data.get("phone", ""),
        name=data.get("name", ""),
        address=data.get("address", ""),
        request_type=RequestType(kind) if kind in set(RequestType) else None,
        is_confidential=bool(data.get("is_confidential")),
    )


class ChoiceForm(forms.Form):
    """What the operator confirms."""

    item = item_field(required=False)
    region = region_field(required=False)
    handling_class = forms.ChoiceField(
        label="办理类别",
        choices=[(cls.value, name) for cls, name in CLASS_NAMES.items()],
        initial=HandlingClass.GENERAL.value,
    )

    def choice(self, platform: str = "12345", *, with_unit: bool = False) -> Choice:
        data = self.cleaned_data
        return Choice(
            platform=platform,
            item=data.get("item"),
            region=data.get("region"),
            handling_class=HandlingClass(data["handling_class"]),
            lead_unit=data.get("lead_unit") if with_unit else None,
        )


class DispatchFields(ChoiceForm):
    """The choice with the units and the days."""

    lead_unit = unit_field("主办单位", required=False)
    co_units = CodeListField(
        rows=lambda: Unit.objects.current(),
        label_of=label_of_unit,
        list_name="units",
        label="协办单位",
        required=False,
        help_text="多个单位用“；”隔开",
    )
    days = forms.IntegerField(
        label="办理时限（工作日）",
        required=False,
        min_value=1,
        max_value=30,
        help_text="不填则按办理类别的默认时限",
    )


class AnswerFields(forms.Form):
    answer = forms.CharField(
        label="当场答复内容",
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DeclineFields(forms.Form):
    exclusion = forms.ModelChoiceField(
        label="不予受理的情形",
        queryset=Exclusion.objects.none(),
        to_field_name="code",
        required=False,
    )
    guidance = forms.CharField(
        label="已说明的合法途径",
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exclusion"].queryset = Exclusion.objects.current()  # type: ignore[attr-defined]


class TransferFields(forms.Form):
    target = forms.ChoiceField(label="转往", required=False, choices=lambda: transfer_targets())
    way = forms.ChoiceField(
        label="方式",
        choices=[(way.value, name) for way, name in TRANSFER_WAY_NAMES.items()],
        initial=TransferWay.TRANSFER.value,
        required=False,
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="对方接听人、约定由谁受理",
    )


def transfer_targets() -> list[tuple[str, str]]:
    """Emergency numbers, then the professional hotlines that still have seats."""
    hotlines = Hotline.objects.current().exclude(mode="merged")
    return [
        *((number, number) for number in EMERGENCY_NUMBERS),
        *((row.number, f"{row.number} {row.name}") for row in hotlines),
    ]
