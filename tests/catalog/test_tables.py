"""Mistakes in data files: each is told by file, row and column, in words, all of them at once."""

import shutil

import pytest
from openpyxl import Workbook

from catalog.loading import DATA_DIR
from catalog.rules.assembly import catalogue_from_files
from catalog.rules.sheets import TableErrors
from catalog.rules.tables import read_tables
from tests.catalog.spoil import read_rows, row_of, set_cell, write_rows


def errors_in(directory):
    with pytest.raises(TableErrors) as caught:
        read_tables(directory)
    return caught.value.errors


# File, row as a spreadsheet counts, column, what is written there, and a part of what is said.
@pytest.mark.parametrize(
    ("file", "row", "column", "value", "said"),
    [
        ("items.csv", 3, "code", "12345-0101", "代码“12345-0101”的格式不对"),
        ("regions.csv", 5, "code", "63O103", "代码“63O103”的格式不对"),
        ("hotlines.csv", 3, "number", "123", "代码“123”的格式不对"),
        ("items.csv", 3, "lead_line", "630000-nobody", "代码“630000-nobody”不存在"),
        ("items.csv", 3, "co_lines", "630000-justice|630000-x", "代码“630000-x”不存在"),
        ("items.csv", 3, "hotline", "99999", "代码“99999”不存在"),
        ("items.csv", 3, "valid_from", "2022-13-01", "“2022-13-01”不是日期"),
        ("items.csv", 3, "valid_from", "昨天", "“昨天”不是日期"),
        ("items.csv", 3, "platform", "119", "不认识的内容“119”"),
        ("items.csv", 3, "title", "", "没有填写"),
        ("items.csv", 3, "title", "长" * 61, "共 61 个字，超过 60 个"),
        ("items.csv", 3, "keywords", "补贴||政策", "列表中有空的一项"),
        ("items.csv", 3, "keywords", "补贴|补贴", "列表中重复：补贴"),
        ("items.csv", 3, "is_local", "也许", "“也许”不是“是”或“否”"),
        ("units.csv", 4, "region", "999999", "代码“999999”不存在"),
        ("units.csv", 12, "line", "630000-education", "已有单位"),
        ("regions.csv", 5, "parent", "630102", "层级不高于本地区"),
        ("regions.csv", 5, "parent", "", "上级地区与层级不符"),
        ("limits.csv", 6, "default_days", "11", "天数次序不对"),
        ("limits.csv", 6, "max_days", "十", "“十”不是整数"),
        ("limits.csv", 6, "min_days", "-1", "“-1”不是整数"),
        ("ladder.csv", 2, "audience", "mayor", "不认识的内容“mayor”"),
    ],
)
def test_wrong_cell(files, file, row, column, value, said):
    set_cell(files / file, row, column, value)
    errors = errors_in(files)
    [error] = [e for e in errors if (e.file, e.row, e.column) == (file, row, column)]
    assert said in error.problem
    assert str(error).startswith(f"{file} 第 {row} 行“{column}”列：")
    assert error.mend


def test_end_before_beginning(files):
    rows = read_rows(files / "clauses.csv")
    write_rows(
        files / "clauses.csv",
        [[*rows[0], "valid_to"], *([*row, "2020-01-01"] for row in rows[1:])],
    )
    assert {e.problem for e in errors_in(files)} == {"失效日期早于生效日期"}


def test_doubled_code(files):
    path = files / "exclusions.csv"
    rows = read_rows(path)
    write_rows(path, [*rows, rows[1]])
    [error] = errors_in(files)
    assert (error.row, error.column) == (len(rows) + 1, "code")
    assert error.problem == "“secret”与 exclusions.csv 第 2 行重复"


def test_missing_column(files):
    path = files / "hotlines.csv"
    write_rows(path, [row[1:] for row in read_rows(path)])
    assert (errors_in(files)[0].row, errors_in(files)[0].column) == (1, "number")
    assert errors_in(files)[0].problem == "缺少这一列"


def test_unknown_column(files):
    path = files / "hotlines.csv"
    write_rows(path, [[*row, "x"] for row in read_rows(path)])
    assert [(e.column, e.problem) for e in errors_in(files)] == [("x", "不认识的列名")]


def test_column_twice(files):
    path = files / "hotlines.csv"
    write_rows(path, [[*row, row[0]] for row in read_rows(path)])
    assert [e.problem for e in errors_in(files)] == ["列名重复：number"]


def test_more_cells_than_columns(files):
    path = files / "hotlines.csv"
    rows = read_rows(path)
    rows[2].append("多出")
    write_rows(path, rows)
    [error] = errors_in(files)
    assert error.row == 3
    assert "多于列名" in error.problem


def test_wrong_encoding(files):
    path = files / "units.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert [e.problem for e in errors_in(files)] == ["编码不是 UTF-8"]


def test_byte_order_mark_is_no_mistake(files):
    path = files / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert catalogue_from_files(files) == catalogue_from_files(DATA_DIR)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "文件是空的"),
        ("\n\n", "文件是空的"),
        ("code,name\n", "只有列名，没有数据行"),
        ('code,name\n"a,b\n', "引号不成对或者格式损坏"),
    ],
)
def test_file_without_rows(files, content, said):
    (files / "units.csv").write_text(content, encoding="utf-8")
    assert [e.problem for e in errors_in(files)] == [said]


def test_missing_file(files):
    (files / "clauses.csv").unlink()
    [error] = errors_in(files)
    assert (error.file, error.problem) == ("clauses.csv", "缺少文件")


def test_unknown_file(files):
    (files / "item.csv").write_text("code\n1\n", encoding="utf-8")
    assert [(e.file, e.problem) for e in errors_in(files)] == [("item.csv", "不认识的文件")]


def test_missing_folder(tmp_path):
    assert [e.problem for e in errors_in(tmp_path / "nowhere")] == ["没有这个文件夹"]


def test_empty_folder(tmp_path):
    with pytest.raises(TableErrors, match="没有目录文件"):
        read_tables(tmp_path, known={})


def test_all_mistakes_are_told_at_once(files):
    set_cell(files / "items.csv", 3, "valid_from", "x")
    set_cell(files / "items.csv", 9, "platform", "x")
    set_cell(files / "limits.csv", 2, "max_days", "x")
    assert [(e.file, e.row) for e in errors_in(files)] == [
        ("items.csv", 3),
        ("items.csv", 9),
        ("limits.csv", 2),
    ]


def test_day_twice_and_day_of_an_unlisted_year(files):
    path = files / "calendar" / "2026.csv"
    rows = read_rows(path)
    write_rows(path, [*rows, rows[1], ["2031-01-01", "", "0", "元旦", "某文件"]])
    assert [e.problem for e in errors_in(files)] == [
        "“2026-01-01”与 2026.csv 第 2 行重复",
        "2031 年不在 years 表中",
    ]


def test_year_without_days(files):
    (files / "calendar" / "2025.csv").unlink()
    assert [e.problem for e in errors_in(files)] == ["2025 年没有节假日数据"]


def test_workbook_says_the_same_as_csv(files):
    for path in [*files.glob("*.csv"), *files.glob("calendar/*.csv")]:
        book = Workbook()
        for row in read_rows(path):
            # Numbers as numbers, as a spreadsheet would keep them.
            book.active.append([int(c) if c.isdecimal() and len(c) < 7 else c for c in row])
        book.save(path.with_suffix(".xlsx"))
        path.unlink()
    assert catalogue_from_files(files) == catalogue_from_files(DATA_DIR)
    assert len(read_tables(files)["days"]) == len(read_tables(DATA_DIR)["days"])


def test_workbook_that_is_none(files):
    (files / "units.csv").unlink()
    (files / "units.xlsx").write_bytes(b"not a workbook")
    assert [e.problem for e in errors_in(files)] == ["不是可读的 XLSX 文件"]


def test_csv_and_workbook_of_one_table(files):
    shutil.copy(files / "units.csv", files / "units.xlsx")
    assert [e.problem for e in errors_in(files)] == ["同一张表有两个文件"]


def test_dates_as_spreadsheets_write_them(files):
    set_cell(files / "items.csv", 3, "valid_from", "2022/10/10")
    assert catalogue_from_files(files) == catalogue_from_files(DATA_DIR)


def test_successor_of_a_row_ends_it(files):
    path = files / "limits.csv"
    rows = read_rows(path)
    general = rows[row_of(path, "handle")]  # the row after the first of handle: general
    assert general[1] == "general"
    later = [*general]
    later[rows[0].index("default_days")] = "7"
    later[rows[0].index("valid_from")] = "2027-01-01"
    write_rows(path, [*rows, later])
    [former, latter] = [
        row.values
        for row in read_tables(files)["limits"]
        if (row.values["step"], row.values["handling_class"]) == ("handle", "general")
    ]
    assert former["valid_to"].isoformat() == "2026-12-31"
    assert latter["valid_to"] is None
