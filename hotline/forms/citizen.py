"""What the citizen types."""

from __future__ import annotations

from django import forms

from hotline.rules.numbering import NUMBER


class ProgressForm(forms.Form):
    number = forms.CharField(
        label="工单编号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text="登记时告知您的 12 位数字",
    )
    phone = forms.CharField(
        label="登记时的电话号码",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split())
        if not NUMBER.fullmatch(number):
            raise forms.ValidationError("工单编号应为 12 位数字。")
        return number
