"""Checked rows -> the frozen catalogue."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from catalog.rules.entries import (
    Catalogue,
    Clause,
    Exclusion,
    Hotline,
    HotlineMode,
    Item,
    Platform,
    Region,
    RegionLevel,
    Source,
    Unit,
    UnitKind,
    UnitLevel,
)
from catalog.rules.tables import Tables, read_tables


def catalogue_from_files(directory: Path, *, on: dt.date | None = None) -> Catalogue:
    """The catalogue in `directory` as it holds on the day `on` (None: whatever has not ended).

    Needs no database. Raises TableErrors.
    """
    return catalogue_from_tables(read_tables(directory), on=on)


def catalogue_from_tables(tables: Tables, *, on: dt.date | None = None) -> Catalogue:
    def valid(table: str) -> list[dict[str, Any]]:
        return [
            dict(row.values)
            for row in tables[table]
            if (
                row.values["valid_to"] is None
                if on is None
                else row.values["valid_from"] <= on
                and (row.values["valid_to"] is None or row.values["valid_to"] >= on)
            )
        ]

    return build_catalogue(
        items=[item_entry(values) for values in valid("items")],
        units=[unit_entry(values) for values in valid("units")],
        regions=[region_entry(values) for values in valid("regions")],
        hotlines=[hotline_entry(values) for values in valid("hotlines")],
        clauses=[clause_entry(values) for values in valid("clauses")],
        exclusions=[exclusion_entry(values) for values in valid("exclusions")],
    )


def build_catalogue(
    *,
    items: list[Item],
    units: list[Unit],
    regions: list[Region],
    hotlines: list[Hotline],
    clauses: list[Clause],
    exclusions: list[Exclusion],
) -> Catalogue:
    """The catalogue of these entries. Its version is a hash of what they say and of nothing else, so
    the same rows have the same version wherever they were read."""
    tables: tuple[dict[str, Any], ...] = (
        {item.code: item for item in items},
        {unit.code: unit for unit in units},
        {region.code: region for region in regions},
        {hotline.number: hotline for hotline in hotlines},
        {clause.code: clause for clause in clauses},
        {exclusion.code: exclusion for exclusion in exclusions},
    )
    content = repr([sorted(table.items()) for table in tables])
    version = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Catalogue(version, *tables)


def item_entry(values: dict[str, Any]) -> Item:
    return Item(
        code=values["code"],
        platform=Platform(values["platform"]),
        category=values["category"],
        type=values["type"],
        name=values["name"],
        title=values["title"],
        keywords=tuple(values["keywords"]),
        lead_line=values["lead_line"],
        # The order of co-lines means nothing, and a database does not keep it.
        co_lines=tuple(sorted(values["co_lines"])),
        open_line=values["open_line"],
        hotline=values["hotline"],
        source=_source(values),
    )


def unit_entry(values: dict[str, Any]) -> Unit:
    return Unit(
        code=values["code"],
        name=values["name"],
        short_names=tuple(values["short_names"]),
        kind=UnitKind(values["kind"]),
        level=UnitLevel(values["level"]),
        region=values["region"],
        line=values["line"],
        is_sample=values["is_sample"],
        source=_source(values),
    )


def region_entry(values: dict[str, Any]) -> Region:
    return Region(
        code=values["code"],
        name=values["name"],
        short_names=tuple(values["short_names"]),
        former_names=tuple(values["former_names"]),
        level=RegionLevel(values["level"]),
        parent=values["parent"],
        source=_source(values),
    )


def hotline_entry(values: dict[str, Any]) -> Hotline:
    return Hotline(
        number=values["number"],
        name=values["name"],
        unit=values["unit"],
        mode=HotlineMode(values["mode"]),
        source=_source(values),
    )


def clause_entry(values: dict[str, Any]) -> Clause:
    return Clause(
        code=values["code"],
        platform=Platform(values["platform"]),
        number=values["number"],
        label=values["label"],
        text=values["text"],
        source=_source(values),
    )


def exclusion_entry(values: dict[str, Any]) -> Exclusion:
    return Exclusion(
        code=values["code"],
        name=values["name"],
        route=values["route"],
        guidance=values["guidance"],
        source=_source(values),
    )


def _source(values: dict[str, Any]) -> Source:
    return Source(values["document"], values["place"])
