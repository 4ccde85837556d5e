"""Files into the database: all or nothing, the same again for nothing, nothing forgotten."""

import datetime as dt
import time

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.loading import DATA_DIR, MODELS, load_catalogue, load_own_files
from catalog.models import CatalogueVersion, Hotline, Item, Region, TimeLimit, Unit
from catalog.rules.assembly import catalogue_from_files
from catalog.rules.columns import TABLES
from catalog.rules.sheets import TableErrors
from catalog.snapshot import current_catalogue, forget_snapshot
from tests.catalog.spoil import read_rows, row_of, set_cell, write_rows

pytestmark = pytest.mark.usefixtures("published")


def version() -> int:
    return CatalogueVersion.objects.get(pk=1).number


def test_database_says_what_the_files_say():
    assert current_catalogue() == catalogue_from_files(DATA_DIR)


def test_same_files_again_change_nothing():
    before, history = version(), Item.history.count()
    report = load_catalogue(DATA_DIR)
    assert not report.is_change
    assert report.tables["items"].unchanged == 262
    assert (version(), Item.history.count()) == (before, history)


def test_reload_is_quick():
    began = time.perf_counter()
    load_catalogue(DATA_DIR)
    assert time.perf_counter() - began < 3


def test_changed_row_is_updated_and_its_former_state_kept(files):
    path = files / "items.csv"
    set_cell(path, row_of(path, "12345-020602"), "title", "路灯不亮")
    before = version()
    report = load_catalogue(files)
    assert (report.tables["items"].changed, report.tables["items"].unchanged) == (1, 261)
    item = Item.objects.get(code="12345-020602")
    assert item.title == "路灯不亮"
    assert [h.title for h in item.history.order_by("history_id")] == ["路灯故障", "路灯不亮"]
    assert version() == before + 1


def test_changed_co_lines_are_kept_in_the_history(files):
    path = files / "items.csv"
    set_cell(path, row_of(path, "12345-020602"), "co_lines", "630000-grid|630000-energy")
    assert load_catalogue(files).tables["items"].changed == 1
    item = Item.objects.get(code="12345-020602")
    assert [unit.code for unit in item.co_lines.order_by("code")] == [
        "630000-energy",
        "630000-grid",
    ]
    latest, first = item.history.order_by("-history_id")
    assert latest.co_lines.count() == 2
    assert first.co_lines.count() == 0


def test_row_gone_from_the_file_is_closed_and_kept(files):
    path = files / "items.csv"
    write_rows(path, [row for row in read_rows(path) if row[0] != "12345-020602"])
    assert load_catalogue(files).tables["items"].closed == 1
    item = Item.objects.get(code="12345-020602")
    assert item.valid_to == timezone.localdate() - dt.timedelta(days=1)
    forget_snapshot()
    assert "12345-020602" not in current_catalogue().items
    assert not load_catalogue(files).is_change


def test_closed_row_that_comes_back_holds_again(files):
    path = files / "items.csv"
    write_rows(path, [row for row in read_rows(path) if row[0] != "12345-020602"])
    load_catalogue(files)
    assert load_catalogue(DATA_DIR).tables["items"].changed == 1
    assert Item.objects.get(code="12345-020602").valid_to is None


def test_new_limit_opens_beside_the_old_one(files):
    path = files / "limits.csv"
    set_cell(path, row_of(path, "callback"), "valid_from", "2027-01-01")
    report = load_catalogue(files).tables["limits"]
    assert (report.added, report.closed) == (1, 1)
    former = TimeLimit.objects.get(step="callback", valid_from=dt.date(2022, 10, 10))
    assert former.valid_to == dt.date(2026, 12, 31)


def test_new_unit_may_follow_a_line_and_lead_in_the_same_load(files):
    path = files / "units.csv"
    rows = read_rows(path)
    own = [*rows[row_of(path, "630000-energy") - 1]]
    own[0], own[1] = "630000-hydrogen", "省氢能办"
    own[rows[0].index("line")] = "630000-hydrogen"
    write_rows(path, [*rows, own])
    items = files / "items.csv"
    set_cell(items, row_of(items, "12345-020502"), "lead_line", "630000-hydrogen")
    load_catalogue(files)
    unit = Unit.objects.get(code="630000-hydrogen")
    assert unit.line == unit
    assert unit.history.get().line_id == unit.pk
    assert Item.objects.get(code="12345-020502").lead_line == unit


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_no_file_may_hold_more_than_the_database(spec):
    for column in spec.columns:
        longest = getattr(MODELS[spec.name]._meta.get_field(column.name), "max_length", None)
        if longest is not None:
            assert column.longest <= longest or column.choices


def test_one_mistake_loads_nothing(files):
    path = files / "items.csv"
    set_cell(path, row_of(path, "12345-020602"), "title", "路灯不亮")
    set_cell(files / "limits.csv", 2, "max_days", "x")
    before = version()
    with pytest.raises(TableErrors):
        load_catalogue(files)
    assert Item.objects.get(code="12345-020602").title == "路灯故障"
    assert version() == before


def test_folder_with_one_table_leaves_the_others_alone(tmp_path):
    rows = read_rows(DATA_DIR / "hotlines.csv")
    rows[1][1] = "新名称"
    write_rows(tmp_path / "hotlines.csv", rows)
    report = load_catalogue(tmp_path)
    assert list(report.tables) == ["hotlines"]
    assert Hotline.objects.get(number=rows[1][0]).name == "新名称"
    assert Region.objects.current().count() == 476


def test_folder_with_one_table_may_name_only_what_the_database_knows(tmp_path):
    rows = read_rows(DATA_DIR / "hotlines.csv")
    rows[1][rows[0].index("unit")] = "630000-nobody"
    write_rows(tmp_path / "hotlines.csv", rows)
    with pytest.raises(TableErrors, match="630000-nobody"):
        load_catalogue(tmp_path)


def test_own_files_do_not_undo_an_edit_by_hand():
    Item.objects.filter(code="12345-020602").update(title="路灯不亮")
    assert load_own_files() is None
    assert Item.objects.get(code="12345-020602").title == "路灯不亮"


def test_command_tells_numbers(files, capsys):
    set_cell(files / "clauses.csv", 2, "text", "新的原文")
    call_command("load_catalog", files)
    said = capsys.readouterr().out
    assert "受理范围条款：新增 0，修改 1，停用 0，未变 14" in said
    assert said.endswith("目录已载入。\n")
    call_command("load_catalog", files)
    assert capsys.readouterr().out.endswith("目录没有变化。\n")


def test_command_tells_every_mistake_and_that_nothing_was_loaded(files):
    set_cell(files / "limits.csv", 2, "max_days", "x")
    set_cell(files / "limits.csv", 3, "max_days", "x")
    with pytest.raises(CommandError) as caught:
        call_command("load_catalog", files)
    lines = str(caught.value).splitlines()
    assert lines == [
        "limits.csv 第 2 行“max_days”列：“x”不是整数。请填写 0 至 9999 的整数。",
        "limits.csv 第 3 行“max_days”列：“x”不是整数。请填写 0 至 9999 的整数。",
        "共 2 处错误，没有载入任何内容。",
    ]
