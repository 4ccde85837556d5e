"""The published catalogue as plain frozen values, for everything that must not know a database.

`catalog.snapshot` builds a `Catalogue` from the database, `catalog.loading` from the data files.
Codes are the keys everywhere; names are the documents' own words.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Platform(StrEnum):
    """Which number's list an item stands on."""

    HOTLINE = "12345"
    POLICE = "110"


class UnitLevel(StrEnum):
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class UnitKind(StrEnum):
    """government: a people's government; department: a line of work; enterprise: a utility,
    operator, college or other body that answers for its own service."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    ENTERPRISE = "enterprise"


class RegionLevel(StrEnum):
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"


class HotlineMode(StrEnum):
    """How 青政办〔2021〕48号 joined a professional hotline to 12345."""

    MERGED = "merged"  # 整体并入: the number is gone, 12345 answers
    PARALLEL = "parallel"  # 双号并行: number and seats stay, calls are passed on
    BRANCH = "branch"  # 设分中心: a vertical body's own centre


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row is printed: `document` e.g. 青政办〔2022〕88号, `place` e.g. 附件1·社会保险·第2项."""

    document: str
    place: str


@dataclass(frozen=True, slots=True)
class Item:
    """One fine item (细类). `name` as printed; `title` readable alone (name 大气, title 大气污染).

    `lead_line` and `co_lines` are codes of provincial member units whose line of work answers;
    empty on 110's list where the police themselves answer. `open_line` says that the item fits every
    line (a question on policy, a clerk's manner): the matter decides, `lead_line` only where it does
    not tell. `hotline` is a number or None.
    """

    code: str
    platform: Platform
    category: str
    type: str
    name: str
    title: str
    keywords: tuple[str, ...]
    lead_line: str | None
    co_lines: tuple[str, ...]
    open_line: bool
    hotline: str | None
    source: Source

    @property
    def type_code(self) -> str:
        """The code without the item's own two digits, e.g. 12345-0203."""
        return self.code[:-2]


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that can be given a ticket. `line` is the provincial member whose line it follows
    (a provincial member's own code for itself); governments follow none."""

    code: str
    name: str
    short_names: tuple[str, ...]
    kind: UnitKind
    level: UnitLevel
    region: str
    line: str | None
    is_sample: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Region:
    """`code` is GB/T 2260 (six digits), nine digits for a township. `short_names` are what people
    say (海西, 大通), `former_names` what it was called (湟中县)."""

    code: str
    name: str
    short_names: tuple[str, ...]
    former_names: tuple[str, ...]
    level: RegionLevel
    parent: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Hotline:
    number: str
    name: str
    unit: str | None
    mode: HotlineMode
    source: Source


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered scope clause: 1-6 of 12345, 1-9 of 110. `label` e.g. 三（一）1（3）."""

    code: str
    platform: Platform
    number: int
    label: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A kind of matter that 12345 does not accept, and the lawful route told to the caller."""

    code: str
    name: str
    route: str
    guidance: str
    source: Source


@dataclass(frozen=True)
class Catalogue:
    """Everything published, as of one day. `version` changes whenever any row does."""

    version: str
    items: dict[str, Item]
    units: dict[str, Unit]
    regions: dict[str, Region]
    hotlines: dict[str, Hotline]
    clauses: dict[str, Clause]
    exclusions: dict[str, Exclusion]

    @cached_property
    def units_by_line(self) -> dict[tuple[str, str], Unit]:
        """(line code, region code) -> the body of that line in that region."""
        return {(unit.line, unit.region): unit for unit in self.units.values() if unit.line}

    @cached_property
    def governments(self) -> dict[str, Unit]:
        """Region code -> its people's government."""
        return {
            unit.region: unit for unit in self.units.values() if unit.kind is UnitKind.GOVERNMENT
        }

    def region_path(self, code: str | None) -> tuple[Region, ...]:
        """The region and what it lies in, smallest first; empty for an unknown or missing code."""
        path: list[Region] = []
        while code and code in self.regions:
            region = self.regions[code]
            path.append(region)
            code = region.parent
        return tuple(path)
