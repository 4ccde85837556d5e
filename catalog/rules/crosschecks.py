"""What must agree between rows and tables: names once, codes known, periods and levels in order."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.rules.columns import DAYS, TABLES, YEARS, Kind, TableSpec
from catalog.rules.entries import RegionLevel
from catalog.rules.sheets import Row, RowError

_LEVELS = [level.value for level in RegionLevel]


def check_rows(
    rows: Mapping[str, tuple[Row, ...]], known: Mapping[str, frozenset[str]]
) -> list[RowError]:
    """All that is wrong between the rows of all tables. `known`: codes that stand elsewhere, by table,
    for the tables that are not among `rows`."""
    codes = dict(known)
    for spec in TABLES:
        if spec.name in rows:
            codes[spec.name] = frozenset(row.values[spec.key[0]] for row in rows[spec.name])
    errors: list[RowError] = []
    for spec in (*TABLES, DAYS, YEARS):
        table = rows.get(spec.name, ())
        errors += _doubled_keys(spec, table)
        errors += _unknown_codes(spec, table, codes)
        errors += _backward_periods(table)
    errors += _regions_out_of_order(rows.get("regions", ()))
    errors += _lines_twice_in_a_region(rows.get("units", ()))
    errors += _days_out_of_order(rows.get("limits", ()))
    errors += _days_of_unlisted_years(rows.get(DAYS.name, ()), rows.get(YEARS.name))
    return errors


def _doubled_keys(spec: TableSpec, table: tuple[Row, ...]) -> Iterator[RowError]:
    first: dict[tuple[Any, ...], Row] = {}
    for row in table:
        key = tuple(row.values[name] for name in spec.key)
        if key in first:
            shown = "、".join(str(part) for part in key if part)
            yield row.error(
                spec.key[0],
                f"“{shown}”与 {first[key].file} 第 {first[key].number} 行重复",
                "请只保留一行",
            )
        else:
            first[key] = row


def _unknown_codes(
    spec: TableSpec, table: tuple[Row, ...], codes: Mapping[str, frozenset[str]]
) -> Iterator[RowError]:
    for column in spec.columns:
        if not column.refers:
            continue
        for row in table:
            value = row.values[column.name]
            used = value if column.kind is Kind.CODES else (value,)
            for code in used:
                if code is not None and code not in codes.get(column.refers, frozenset()):
                    yield row.error(
                        column.name,
                        f"代码“{code}”不存在",
                        f"请改为 {column.refers} 表中已有的代码，或者先在该表中补充",
                    )


def _backward_periods(table: tuple[Row, ...]) -> Iterator[RowError]:
    for row in table:
        ends = row.values.get("valid_to")
        if ends is not None and ends < row.values["valid_from"]:
            yield row.error("valid_to", "失效日期早于生效日期", "请核对两个日期")


def _regions_out_of_order(table: tuple[Row, ...]) -> Iterator[RowError]:
    levels = {row.values["code"]: row.values["level"] for row in table}
    for row in table:
        level, parent = row.values["level"], row.values["parent"]
        if (parent is None) != (level == RegionLevel.PROVINCE):
            yield row.error("parent", "上级地区与层级不符", "省没有上级，其他地区须填写上级")
        elif parent in levels and _LEVELS.index(levels[parent]) >= _LEVELS.index(level):
            yield row.error("parent", f"上级“{parent}”的层级不高于本地区", "请核对上级与层级")


def _lines_twice_in_a_region(table: tuple[Row, ...]) -> Iterator[RowError]:
    first: dict[tuple[str, str], Row] = {}
    for row in table:
        line, region = row.values["line"], row.values["region"]
        if line is None or row.values["valid_to"] is not None:
            continue
        other = first.setdefault((line, region), row)
        if other is not row:
            yield row.error(
                "line",
                f"地区 {region} 中条线“{line}”已有单位“{other.values['name']}”",
                "同一地区同一条线只能有一个承办单位",
            )


def _days_out_of_order(table: tuple[Row, ...]) -> Iterator[RowError]:
    for row in table:
        least, usual, most = (row.values[f"{word}_days"] for word in ("min", "default", "max"))
        if not 1 <= least <= usual <= most:
            yield row.error(
                "default_days",
                f"天数次序不对：最短 {least}、默认 {usual}、最长 {most}",
                "应为 1 ≤ 最短 ≤ 默认 ≤ 最长",
            )


def _days_of_unlisted_years(
    days: tuple[Row, ...], years: tuple[Row, ...] | None
) -> Iterator[RowError]:
    if years is None:
        return
    listed = {row.values["year"] for row in years}
    for row in days:
        year = row.values["date"].year
        if year not in listed:
            listed.add(year)  # told once a year
            yield row.error("date", f"{year} 年不在 years 表中", "请在 years 表中补上该年")
    with_days = {row.values["date"].year for row in days}
    for row in years:
        if row.values["year"] not in with_days:
            yield row.error(
                "year", f"{row.values['year']} 年没有节假日数据", "请补充该年的日历文件"
            )
