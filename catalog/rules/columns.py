"""What each table file holds: its columns, what may stand in them, and what names a row."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from catalog.rules.entries import HotlineMode, Platform, RegionLevel, UnitKind, UnitLevel
from catalog.rules.limits import HandlingClass, Rung, Step, Trigger
from catalog.rules.roles import Role


class Kind(StrEnum):
    TEXT = "text"
    WORDS = "words"  # parted by |
    NUMBER = "number"  # a whole number, 0 or more
    FLAG = "flag"
    DATE = "date"
    CODE = "code"  # of a row in the table `refers`
    CODES = "codes"


@dataclass(frozen=True, slots=True)
class Column:
    """`longest`: characters; `choices`: the words allowed, if any; `shape`: what the cell must look
    like, told to people as `shape_told`; `may_lack`: the file may do without the whole column."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    longest: int = 120
    choices: frozenset[str] = frozenset()
    refers: str = ""
    may_lack: bool = False
    shape: re.Pattern[str] | None = None
    shape_told: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """`key`: the columns that name a row. Tables whose key holds `valid_from` may have several rows
    of one code, one after the other."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _words(values: Iterable[StrEnum]) -> frozenset[str]:
    return frozenset(value.value for value in values)


_PUBLISHED = (
    Column("document", longest=80),
    Column("place"),
    Column("is_local", Kind.FLAG),
    Column("valid_from", Kind.DATE),
    Column("valid_to", Kind.DATE, required=False, may_lack=True),
)
_CODE = Column("code", longest=20)
_PLATFORM = Column("platform", choices=_words(Platform))

REGIONS = TableSpec(
    "regions",
    ("code",),
    (
        Column(
            "code",
            longest=9,
            shape=re.compile(r"\d{6}|\d{9}"),
            shape_told="六位行政区划代码，乡镇街道为九位，如 630102",
        ),
        Column("name", longest=40),
        Column("short_names", Kind.WORDS, required=False),
        Column("former_names", Kind.WORDS, required=False),
        Column("former_codes", Kind.WORDS, required=False),
        Column("level", choices=_words(RegionLevel)),
        Column("parent", Kind.CODE, required=False, refers="regions"),
        *_PUBLISHED,
    ),
)
UNITS = TableSpec(
    "units",
    ("code",),
    (
        Column(
            "code",
            longest=40,
            shape=re.compile(r"\d{6}(-[a-z][a-z0-9-]*)?"),
            shape_told="行政区划代码，部门另加“-”和小写英文名，如 630100-housing",
        ),
        Column("name", longest=60),
        Column("short_names", Kind.WORDS, required=False),
        Column("kind", choices=_words(UnitKind)),
        Column("level", choices=_words(UnitLevel)),
        Column("region", Kind.CODE, refers="regions"),
        Column("line", Kind.CODE, required=False, refers="units"),
        Column("is_sample", Kind.FLAG),
        *_PUBLISHED,
    ),
)
HOTLINES = TableSpec(
    "hotlines",
    ("number",),
    (
        Column("number", longest=8, shape=re.compile(r"\d{5}"), shape_told="五位号码，如 12315"),
        Column("name", longest=40),
        Column("unit", Kind.CODE, required=False, refers="units"),
        Column("unit_printed", longest=60),
        Column("mode", choices=_words(HotlineMode)),
        *_PUBLISHED,
    ),
)
ITEMS = TableSpec(
    "items",
    ("code", "valid_from"),
    (
        Column(
            "code",
            longest=20,
            shape=re.compile(r"(?:12345|110)-\d{6}"),
            shape_told="平台号码、“-”和六位数字（类别、类型、细类各两位），如 12345-020503",
        ),
        _PLATFORM,
        Column("category", longest=80),
        Column("type", longest=40),
        Column("name", longest=60),
        Column("title", longest=60),
        Column("printed", required=False, longest=200),
        Column("keywords", Kind.WORDS, required=False),
        Column("lead_line", Kind.CODE, required=False, refers="units"),
        Column("co_lines", Kind.CODES, required=False, refers="units"),
        Column("hotline", Kind.CODE, required=False, refers="hotlines"),
        Column("open_line", Kind.FLAG),
        Column("lines_source", required=False, longest=40, may_lack=True),
        *_PUBLISHED,
    ),
)
CLAUSES = TableSpec(
    "clauses",
    ("code",),
    (
        _CODE,
        _PLATFORM,
        Column("number", Kind.NUMBER),
        Column("label", longest=40),
        Column("text", longest=2000),
        *_PUBLISHED,
    ),
)
EXCLUSIONS = TableSpec(
    "exclusions",
    ("code",),
    (
        _CODE,
        Column("name", longest=40),
        Column("route"),
        Column("guidance", longest=2000),
        *_PUBLISHED,
    ),
)
LIMITS = TableSpec(
    "limits",
    ("step", "handling_class", "valid_from"),
    (
        Column("step", choices=_words(Step)),
        Column("handling_class", required=False, choices=_words(HandlingClass)),
        Column("min_days", Kind.NUMBER),
        Column("default_days", Kind.NUMBER),
        Column("max_days", Kind.NUMBER),
        Column("quote", required=False, longest=200),
        *_PUBLISHED,
    ),
)
LADDER = TableSpec(
    "ladder",
    ("code", "valid_from"),
    (
        Column("code", longest=30),
        Column("step", required=False, choices=_words(Step)),
        Column("rung", choices=_words(Rung)),
        Column("trigger", choices=_words(Trigger)),
        Column("offset_days", Kind.NUMBER),
        Column("audience", choices=_words(Role)),
        *_PUBLISHED,
    ),
)
# In the order in which they lean on each other.
TABLES = (REGIONS, UNITS, HOTLINES, ITEMS, CLAUSES, EXCLUSIONS, LIMITS, LADDER)

DAYS = TableSpec(
    "days",
    ("date", "region"),
    (
        Column("date", Kind.DATE),
        Column("region", Kind.CODE, required=False, refers="regions"),
        Column("is_workday", Kind.FLAG),
        Column("name", longest=40),
        Column("document"),
    ),
)
YEARS = TableSpec(
    "years",
    ("year",),
    (
        Column("year", Kind.NUMBER),
        Column("is_provisional", Kind.FLAG),
        Column("document"),
    ),
)
