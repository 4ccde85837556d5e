"""Table files -> checked rows. Everything is checked first; all mistakes are told at once."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalog.rules.columns import DAYS, TABLES, YEARS, Column, Kind, TableSpec
from catalog.rules.crosschecks import check_rows
from catalog.rules.sheets import SUFFIXES, Row, RowError, Sheet, TableErrors, read_sheet

CALENDAR_FOLDER = "calendar"


@dataclass(frozen=True, slots=True)
class Tables:
    """Checked rows by the table's name. A table whose file was not given is absent."""

    rows: Mapping[str, tuple[Row, ...]]

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        return self.rows.get(table, ())


def read_tables(directory: Path, *, known: Mapping[str, frozenset[str]] | None = None) -> Tables:
    """The tables in `directory` (CSV or XLSX), and those in its folder calendar/ if it has one.

    `known`: the codes that are there already, by table; with it a table may be left out, without it
    every table must be given. Raises TableErrors with every mistake found.
    """
    if not directory.is_dir():
        raise TableErrors([RowError(str(directory), None, None, "没有这个文件夹", "请检查路径")])
    errors: list[RowError] = []
    rows: dict[str, tuple[Row, ...]] = {}
    files = _table_files(directory, {spec.name for spec in TABLES}, errors)
    for spec in TABLES:
        if spec.name in files:
            rows[spec.name] = _read(spec, files[spec.name], errors)
        elif known is None:
            mend = f"请补充 {spec.name}.csv 或 {spec.name}.xlsx"
            errors.append(RowError(f"{spec.name}.csv", None, None, "缺少文件", mend))
    if not rows and not errors:
        mend = f"应有 {'、'.join(spec.name for spec in TABLES)} 中的一个或者几个（CSV 或 XLSX）"
        errors.append(RowError(str(directory), None, None, "文件夹中没有目录文件", mend))
    calendar = directory / CALENDAR_FOLDER
    if calendar.is_dir():
        rows |= _read_calendar_folder(calendar, errors)
    if not errors:
        errors += check_rows(rows, known or {})
    if errors:
        raise TableErrors(errors)
    return Tables({name: _close_former(name, table) for name, table in rows.items()})


def read_days(path: Path, *, regions: frozenset[str]) -> tuple[Row, ...]:
    """The rows of one calendar file. `regions`: the codes that may be named. Raises TableErrors."""
    errors: list[RowError] = []
    rows = _read(DAYS, path, errors)
    if not errors:
        errors += check_rows({DAYS.name: rows}, {"regions": regions})
    if errors:
        raise TableErrors(errors)
    return rows


def _table_files(directory: Path, names: set[str], errors: list[RowError]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in sorted(directory.iterdir()):
        if path.suffix.lower() not in SUFFIXES or path.name.startswith(("~$", ".")):
            continue
        if path.stem not in names:
            mend = f"文件名应为 {'、'.join(sorted(names))} 之一"
            errors.append(RowError(path.name, None, None, "不认识的文件", mend))
        elif path.stem in files:
            mend = f"{files[path.stem].name} 与 {path.name} 只能保留一个"
            errors.append(RowError(path.name, None, None, "同一张表有两个文件", mend))
        else:
            files[path.stem] = path
    return files


def _read_calendar_folder(folder: Path, errors: list[RowError]) -> dict[str, tuple[Row, ...]]:
    days: list[Row] = []
    years: tuple[Row, ...] = ()
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in SUFFIXES or path.name.startswith(("~$", ".")):
            continue
        if path.stem == YEARS.name:
            years = _read(YEARS, path, errors)
        elif re.fullmatch(r"\d{4}", path.stem):
            days += _read(DAYS, path, errors)
        else:
            mend = "文件名应为年份（如 2026.csv）或者 years.csv"
            errors.append(RowError(path.name, None, None, "不认识的文件", mend))
    return {DAYS.name: tuple(days), YEARS.name: years}


def _read(spec: TableSpec, path: Path, errors: list[RowError]) -> tuple[Row, ...]:
    """The rows of one file; what is wrong goes to `errors`."""
    try:
        sheet = read_sheet(path)
    except TableErrors as found:
        errors += found.errors
        return ()
    missing = [c.name for c in spec.columns if c.name not in sheet.columns and not c.may_lack]
    unknown = [name for name in sheet.columns if name not in {c.name for c in spec.columns}]
    for name in missing:
        errors.append(
            RowError(sheet.file, 1, name, "缺少这一列", "请在第一行补上列名，并填写各行内容")
        )
    for name in unknown:
        mend = f"可用的列名是 {'、'.join(c.name for c in spec.columns)}"
        errors.append(RowError(sheet.file, 1, name, "不认识的列名", mend))
    if missing or unknown:
        return ()
    return tuple(
        Row(sheet.file, number, _values(spec, sheet, number, cells, errors))
        for number, cells in sheet.rows
    )


def _values(
    spec: TableSpec, sheet: Sheet, number: int, cells: dict[str, str], errors: list[RowError]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in spec.columns:
        cell = cells.get(column.name, "")
        try:
            values[column.name] = _value(column, cell)
        except _BadCell as bad:
            errors.append(RowError(sheet.file, number, column.name, bad.problem, bad.mend))
    return values


class _BadCell(ValueError):
    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.mend = mend


def _value(column: Column, cell: str) -> Any:
    if column.required and not cell:
        raise _BadCell("没有填写", "请填写内容")
    if "\x00" in cell:
        raise _BadCell("含有无法保存的空字符", "请删除后重新填写")
    value = _PARSERS[column.kind](cell)
    if column.choices and cell and cell not in column.choices:
        allowed = "、".join(sorted(column.choices))
        raise _BadCell(f"不认识的内容“{cell}”", f"应为 {allowed} 之一")
    if column.shape and not column.shape.fullmatch(cell):
        raise _BadCell(f"代码“{cell}”的格式不对", f"应为{column.shape_told}")
    if column.kind in (Kind.TEXT, Kind.CODE) and len(cell) > column.longest:
        raise _BadCell(
            f"共 {len(cell)} 个字，超过 {column.longest} 个", f"请缩短到 {column.longest} 个字以内"
        )
    return value


def _words(cell: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in cell.split("|")) if cell else ()
    if "" in words:
        raise _BadCell("列表中有空的一项", "请用一个竖线 | 分隔各项，首尾不加竖线")
    doubled = sorted({word for word in words if words.count(word) > 1})
    if doubled:
        raise _BadCell(f"列表中重复：{'、'.join(doubled)}", "请只保留一个")
    return words


def _number(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", cell):
        raise _BadCell(f"“{cell}”不是整数", "请填写 0 至 9999 的整数")
    return int(cell)


def _flag(cell: str) -> bool:
    flags = {"1": True, "0": False, "是": True, "否": False, "TRUE": True, "FALSE": False}
    if cell.upper() not in flags:
        raise _BadCell(f"“{cell}”不是“是”或“否”", "请填写 1（是）或 0（否）")
    return flags[cell.upper()]


def _date(cell: str) -> dt.date | None:
    if not cell:
        return None
    found = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", cell)
    try:
        if found is None:
            raise ValueError(cell)
        return dt.date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise _BadCell(f"“{cell}”不是日期", "请按 2026-10-01 的格式填写实际存在的日期") from error


_PARSERS: dict[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.WORDS: _words,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.DATE: _date,
    Kind.CODE: lambda cell: cell or None,
    Kind.CODES: _words,
}


def _close_former(table: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Of several rows of one code an open one ends the day before the next begins."""
    spec = next((spec for spec in TABLES if spec.name == table), None)
    if spec is None or "valid_from" not in spec.key:
        return tuple(rows)
    names = [name for name in spec.key if name != "valid_from"]
    starts: dict[tuple[Any, ...], list[dt.date]] = {}
    for row in rows:
        starts.setdefault(tuple(row.values[name] for name in names), []).append(
            row.values["valid_from"]
        )
    closed = []
    for row in rows:
        code = tuple(row.values[name] for name in names)
        later = [start for start in starts[code] if start > row.values["valid_from"]]
        if later and row.values["valid_to"] is None:
            ends = min(later) - dt.timedelta(days=1)
            row = replace(row, values={**row.values, "valid_to": ends})
        closed.append(row)
    return tuple(closed)
