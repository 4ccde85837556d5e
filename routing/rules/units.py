"""Which bodies answer, and by which steps: an item's lines of work, carried by the most local body
that exists (属地管理、事权管理, 青政办〔2022〕88号 五（五）), and the professional hotline of a line.
"""

from collections.abc import Iterable

from catalog.rules.entries import Catalogue, Item, RegionLevel, Unit
from routing.rules.decision import UnitChoice, UnitRole

_LEVEL_NAMES = {
    RegionLevel.PROVINCE: "省",
    RegionLevel.PREFECTURE: "市州",
    RegionLevel.COUNTY: "县（区、市）",
}


def rank_units(
    item: Item | None, region: str | None, catalogue: Catalogue, *, line: str = ""
) -> tuple[UnitChoice, ...]:
    """The lead and the co-handlers of an item in a region, each with its reason.

    `line` is the line of work that the matter itself points to; empty where the item's own leads.
    Lead is the most local body of the line on the region's path (county, prefecture, province). When
    only the provincial member exists, the people's government of the region joins (属地管理, 青政办
    〔2022〕88号 五（五）). The co-lines' bodies follow. Empty where the item has no line (the police
    answer themselves).
    """
    if item is None:
        return ()
    choices: list[UnitChoice] = []
    lead_line = line or item.lead_line
    lead = _most_local(lead_line, region, catalogue)
    if lead and lead_line:
        name = _line_name(lead_line, catalogue)
        why = f"内容属{name}条线" if line else f"{item.title}属{name}条线"
        why += _steps(lead, region, catalogue)
        choices.append(_choice(lead, name, UnitRole.LEAD, why))
        if region and lead.line == lead.code:
            government = _government(region, catalogue)
            if government:
                choices.append(
                    _choice(government, name, UnitRole.CO, "属地管理：本地没有登记该条线的单位")
                )
    for line_code in _co_lines(item, line):
        unit = _most_local(line_code, region, catalogue)
        if unit:
            role = UnitRole.CO if choices else UnitRole.LEAD
            name = _line_name(line_code, catalogue)
            why = f"{name}按职责参加办理{_steps(unit, region, catalogue)}"
            choices.append(_choice(unit, name, role, why))
    return tuple(_without_repeats(choices))


def _co_lines(item: Item, line: str) -> tuple[str, ...]:
    """The lines that join. Those of an item that fits every line are examples: the matter named its
    own. The usual line of another item joins the one that the matter named."""
    if not line:
        return item.co_lines
    return () if item.open_line or not item.lead_line else (item.lead_line,)


def hotline_of(item: Item | None, line: str, catalogue: Catalogue) -> str | None:
    """The professional hotline whose own line a matter is: that of `line` where the matter names one
    and it has just one hotline, else the item's."""
    if item is None:
        return None
    if not line:
        return None if item.open_line else item.hotline
    numbers = [hotline.number for hotline in catalogue.hotlines.values() if hotline.unit == line]
    return numbers[0] if len(numbers) == 1 else None


def _steps(unit: Unit, region: str | None, catalogue: Catalogue) -> str:
    """How the search for the most local body went: which levels have none of this line, and why the
    body found stands for them; empty where there was nothing to pass over."""
    path = catalogue.region_path(region)
    if not path:
        return ""
    above = next((at for at, place in enumerate(path) if place.code == unit.region), len(path))
    passed = [place for place in path[:above] if place.level in _LEVEL_NAMES]
    if not passed:
        return f"，{_LEVEL_NAMES.get(path[0].level, '本地')}一级有承办单位"
    names = "、".join(place.name for place in passed)
    if unit.line == unit.code and catalogue.regions[unit.region].level is RegionLevel.PREFECTURE:
        return f"，{catalogue.regions[unit.region].name}范围由该单位直接承担"
    return f"，{names}没有登记该条线的单位，由上一级承接"


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
