"""Spoiled input: data files edited as a clerk would edit them, text typed full-width."""

import csv
from pathlib import Path


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def set_cell(path: Path, row: int, column: str, value: str) -> None:
    """`row` as a spreadsheet counts: the header is row 1."""
    rows = read_rows(path)
    rows[row - 1][rows[0].index(column)] = value
    write_rows(path, rows)


def row_of(path: Path, code: str) -> int:
    """The spreadsheet's number of the row that begins with `code`."""
    return next(number for number, row in enumerate(read_rows(path), 1) if row[0] == code)


def full_width(text: str) -> str:
    """ASCII signs as a Chinese input method may type them."""
    return "".join(chr(ord(char) + 0xFEE0) for char in text)
