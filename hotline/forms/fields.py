"""Fields that name a row of the catalogue: typed or picked as “名称 · … · 代码”, read by the code."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.models import Item, Region, Unit

PART = " · "


def label_of_item(item: Item) -> str:
    return PART.join([item.title, item.type, item.code])


def label_of_unit(unit: Unit) -> str:
    return PART.join([str(unit), unit.code])


def label_of_region(region: Region) -> str:
    above = [region.parent.name] if region.parent and region.level != "prefecture" else []
    return PART.join([region.name, *above, region.code])


class CodeField(forms.CharField):
    """A row by the code at the end of what was typed. `list` names the datalist it picks from."""

    def __init__(self, *, rows: Any, label_of: Any, list_name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows
        self.label_of = label_of
        self.widget.attrs |= {"list": list_name, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return self.label_of(value) if hasattr(value, "code") else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return self._find(typed) if typed else None

    def _find(self, typed: str) -> Any:
        code = typed.rsplit("·", 1)[-1].strip()
        row = self.rows().filter(code=code).first()
        if row is None:
            raise forms.ValidationError(f"目录中没有“{typed}”，请从列表中选择。")
        return row


class CodeListField(CodeField):
    """Several rows, parted by “；” or line breaks; one that is named twice comes once."""

    def clean(self, value: Any) -> list[Any]:
        typed = forms.CharField.clean(self, value)
        parts = [part.strip() for part in typed.replace("\n", "；").split("；")]
        rows = [self._find(part) for part in parts if part]
        return list(dict.fromkeys(rows))

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return "；".join(self.label_of(row) for row in value)
        return value


def item_field(**kwargs: Any) -> CodeField:
    return CodeField(
        rows=lambda: Item.objects.current(),
        label_of=label_of_item,
        list_name="items",
        label="事项",
        **kwargs,
    )


def unit_field(label: str, **kwargs: Any) -> CodeField:
    return CodeField(
        rows=lambda: Unit.objects.current(),
        label_of=label_of_unit,
        list_name="units",
        label=label,
        **kwargs,
    )


def region_field(**kwargs: Any) -> CodeField:
    return CodeField(
        rows=lambda: Region.objects.current().select_related("parent"),
        label_of=label_of_region,
        list_name="regions",
        label="事发地区",
        **kwargs,
    )
