"""Which bodies answer: an item's lines of work, carried by the most local body that exists."""

from collections.abc import Iterable

from catalog.rules.entries import Catalogue, Item, RegionLevel, Unit
from routing.rules.decision import UnitChoice, UnitRole


def rank_units(
    item: Item | None, region: str | None, catalogue: Catalogue, *, line: str = ""
) -> tuple[UnitChoice, ...]:
    """The lead and the co-handlers of an item in a region, each with its reason.

    `line` is the line of work that the matter itself points to, for an item that fits every line.
    Lead is the most local body of the line on the region's path (county, prefecture, province). When
    only the provincial member exists, the people's government of the region joins (属地管理, 青政办
    〔2022〕88号 五（五）). The co-lines' bodies follow. Empty where the item has no line (the police
    answer themselves).
    """
    if item is None:
        return ()
    choices: list[UnitChoice] = []
    lead_line = (line or item.lead_line) if item.open_line else item.lead_line
    lead = _most_local(lead_line, region, catalogue)
    if lead and lead_line:
        name = _line_name(lead_line, catalogue)
        by_matter = item.open_line and line
        why = f"内容属{name}条线" if by_matter else f"{item.title}属{name}条线"
        choices.append(_choice(lead, name, UnitRole.LEAD, why))
        if region and lead.line == lead.code:
            government = _government(region, catalogue)
            if government:
                choices.append(
                    _choice(government, name, UnitRole.CO, "属地管理：本地没有登记该条线的单位")
                )
    for line_code in item.co_lines:
        unit = _most_local(line_code, region, catalogue)
        if unit:
            role = UnitRole.CO if choices else UnitRole.LEAD
            name = _line_name(line_code, catalogue)
            choices.append(_choice(unit, name, role, f"{name}按职责参加办理"))
    return tuple(_without_repeats(choices))


def _most_local(line: str | None, region: str | None, catalogue: Catalogue) -> Unit | None:
    """The body of the line nearest to the region; the member itself where none is nearer.

    A member that serves one place alone (the waterworks of Xining) answers nowhere else.
    """
    if not line:
        return None
    path = catalogue.region_path(region)
    for place in path:
        unit = catalogue.units_by_line.get((line, place.code))
        if unit:
            return unit
    member = catalogue.units.get(line)
    if member is None or catalogue.regions[member.region].level is RegionLevel.PROVINCE:
        return member
    return member if any(place.code == member.region for place in path) else None


def _government(region: str, catalogue: Catalogue) -> Unit | None:
    for place in catalogue.region_path(region):
        unit = catalogue.governments.get(place.code)
        if unit:
            return unit
    return None


def _line_name(line: str, catalogue: Catalogue) -> str:
    unit = catalogue.units.get(line)
    return unit.name if unit else ""


def _choice(unit: Unit, line: str, role: UnitRole, why: str) -> UnitChoice:
    return UnitChoice(unit.code, unit.name, line, role, why)


def _without_repeats(choices: Iterable[UnitChoice]) -> Iterable[UnitChoice]:
    seen: set[str] = set()
    for choice in choices:
        if choice.code not in seen:
            seen.add(choice.code)
            yield choice
