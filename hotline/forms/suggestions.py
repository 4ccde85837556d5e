"""The router's answer as values of the desk's fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Item, Region, Unit
from hotline.actions.intake import class_suggested
from hotline.forms.fields import label_of_item, label_of_region, label_of_unit
from hotline.rules.workflow import Move
from routing.rules.decision import Decision, Number, UnitChoice, UnitRole


@dataclass(frozen=True, slots=True)
class CandidateItem:
    """Another item the operator may press."""

    label: str
    title: str
    type: str
    platform: str
    percent: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """`fields`: field name -> text to fill in where the operator has typed nothing."""

    fields: dict[str, str]
    candidates: list[CandidateItem]


def fields_suggested(decision: Decision) -> Suggested:
    """Item, region, class, units and way out for one decision. A handful of queries by code."""
    codes = [candidate.item_code for candidate in decision.candidates]
    items = {
        item.code: item
        for item in Item.objects.current().filter(code__in=[*codes, decision.item_code])
    }
    region = (
        Region.objects.select_related("parent").filter(code=decision.region.code).first()
        if decision.region
        else None
    )
    item = items.get(decision.item_code)
    fields = {
        "item": label_of_item(item) if item else "",
        "region": label_of_region(region) if region else "",
        "handling_class": class_suggested(decision).value,
        "way_out": _way_out(decision.platform).value,
    } | units_suggested(decision.units)
    if decision.platform not in (Number.HOTLINE, Number.NOT_ACCEPTED):
        fields["target"] = decision.platform.value
    candidates = [
        CandidateItem(
            label_of_item(items[candidate.item_code]),
            items[candidate.item_code].title,
            candidate.type,
            candidate.platform.value,
            round(candidate.confidence * 100),
        )
        for candidate in decision.candidates
        if candidate.item_code in items
    ]
    return Suggested(fields, candidates)


def units_suggested(units: Sequence[UnitChoice]) -> dict[str, str]:
    """The fields of lead unit and co-handlers."""
    rows = {
        row.code: row
        for row in Unit.objects.current().filter(code__in=[unit.code for unit in units])
    }
    by_role: dict[UnitRole, list[str]] = {UnitRole.LEAD: [], UnitRole.CO: []}
    for unit in units:
        if unit.code in rows:
            by_role[unit.role].append(label_of_unit(rows[unit.code]))
    return {
        "lead_unit": "；".join(by_role[UnitRole.LEAD][:1]),
        "co_units": "；".join(by_role[UnitRole.CO]),
    }


def _way_out(number: Number) -> Move:
    if number is Number.HOTLINE:
        return Move.DISPATCH
    return Move.DECLINE if number is Number.NOT_ACCEPTED else Move.TRANSFER
