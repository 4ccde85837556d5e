"""Table files as they come: CSV in UTF-8, or the first sheet of an XLSX workbook, as rows of text."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class RowError:
    """One mistake in a file. `row` is the number a spreadsheet shows (the header is row 1); `column`
    the header's word; `mend` tells what to do."""

    file: str
    row: int | None
    column: str | None
    problem: str
    mend: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" 第 {self.row} 行"
        if self.column is not None:
            place += f"“{self.column}”列"
        return f"{place}：{self.problem}。{self.mend}。"


class TableErrors(ValueError):
    """Everything that is wrong with a set of files. Nothing of them was taken."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True, slots=True)
class Row:
    """One checked row: values by column, lists as tuples, an empty cell of any kind but text as None."""

    file: str
    number: int
    values: Mapping[str, Any]

    def error(self, column: str, problem: str, mend: str) -> RowError:
        return RowError(self.file, self.number, column, problem, mend)


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows`: (row number, column -> text without margins); blank rows are left out."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_sheet(path: Path) -> Sheet:
    """The table in `path`. Raises TableErrors: unreadable, not UTF-8, empty, a header that is missing
    or double, a row with more cells than the header."""
    lines = list(_workbook_lines(path) if path.suffix.lower() == ".xlsx" else _csv_lines(path))
    if not lines:
        raise _error(path, "文件是空的", "请放入第一行为列名的表格")
    (_, header), *body = lines
    columns = tuple(header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    doubled = {name for name in columns if columns.count(name) > 1}
    if doubled or not columns or "" in columns:
        problem = f"列名重复：{'、'.join(sorted(doubled))}" if doubled else "第一行有空的列名"
        raise _error(path, problem, "请使第一行的每个列名都不为空且只出现一次", row=1)
    errors = [
        RowError(
            path.name,
            number,
            None,
            f"有 {len(cells)} 个单元格，多于列名的 {len(columns)} 个",
            "请检查逗号与引号，含逗号的内容须加英文双引号",
        )
        for number, cells in body
        if any(cells[len(columns) :])
    ]
    if errors:
        raise TableErrors(errors)
    if not body:
        raise _error(
            path, "只有列名，没有数据行", "请补充数据；如需停用全部内容，请在系统管理中逐条办理"
        )
    rows = tuple(
        (number, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False)))
        for number, cells in body
    )
    return Sheet(path.name, columns, rows)


def _csv_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(
            path,
            "编码不是 UTF-8",
            "请另存为“CSV UTF-8（逗号分隔）”，或者直接使用 XLSX 文件",
        ) from error
    except OSError as error:
        raise _error(path, f"无法读取文件（{error.strerror}）", "请检查路径和读取权限") from error
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), strict=True), 1):
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield number, stripped
    except csv.Error as error:
        raise _error(path, "引号不成对或者格式损坏", "请用表格软件打开检查后重新保存") from error


def _workbook_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    # Half a second that only who loads a workbook should wait for: every process reads this module.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise _error(
            path, "不是可读的 XLSX 文件", "请用表格软件打开后另存为 XLSX，再重新载入"
        ) from error
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            texts = [_cell_text(cell) for cell in cells]
            if any(texts):
                yield number, texts
    finally:
        book.close()


def _cell_text(cell: object) -> str:
    """What a spreadsheet keeps as number, date or truth value, as it would be typed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def _error(path: Path, problem: str, mend: str, *, row: int | None = None) -> TableErrors:
    return TableErrors([RowError(path.name, row, None, problem, mend)])
