"""The administrator's page of the thresholds: one row a number, its former values kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from routing.models import THRESHOLD_NAMES, Threshold
from routing.policies import forget_thresholds
from routing.rules.confidence import Thresholds


class ThresholdForm(forms.ModelForm):  # type: ignore[type-arg]  # the stubs alone are generic
    """Tells the value that holds without a row, and keeps the three zones in their order."""

    class Meta:
        model = Threshold
        fields = ("name", "value")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        defaults = "；".join(
            f"{label}：{getattr(Thresholds(), name)}" for name, label in THRESHOLD_NAMES.items()
        )
        self.fields["value"].help_text = f"0 到 1。没有设置时的数值——{defaults}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, value = cleaned.get("name"), cleaned.get("value")
        if name in ("automatic", "suggestion") and value is not None:
            values = dict(Threshold.objects.values_list("name", "value"))
            held = Thresholds(**(values | {name: value}))
            if held.suggestion > held.automatic:
                raise forms.ValidationError(
                    f"“供选择”的下限（{held.suggestion}）不能高于“直接采用”的下限（{held.automatic}）"
                )
        return cleaned


@admin.register(Threshold)
class ThresholdAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # comes without types
    """A row deleted brings the default back. Seen by every process within a second."""

    form = ThresholdForm
    list_display = ("name", "value", "default")
    ordering = ("id",)

    @admin.display(description="没有设置时")
    def default(self, row: Threshold) -> float:
        return float(getattr(Thresholds(), row.name))

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_thresholds()

    def delete_model(self, request: Any, obj: Any) -> None:
        super().delete_model(request, obj)
        forget_thresholds()
