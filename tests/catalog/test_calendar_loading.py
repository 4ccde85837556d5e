import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from catalog.loading import DATA_DIR, load_catalogue
from catalog.models import CalendarDay, CalendarYear, CatalogueVersion
from catalog.snapshot import forget_snapshot, working_calendar
from tests.catalog.spoil import write_rows

pytestmark = pytest.mark.usefixtures("published")

HEADER = ["date", "region", "is_workday", "name", "document"]
# 2027 as a notice might settle it: a bridge on Monday 4 January, made up on Saturday 9.
PUBLISHED = [
    HEADER,
    ["2027-01-01", "", "0", "元旦", "示例通知"],
    ["2027-01-04", "", "0", "元旦", "示例通知"],
    ["2027-01-09", "", "1", "元旦调休", "示例通知"],
]


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "notice.csv"
    write_rows(path, PUBLISHED)
    return path


def calendar():
    forget_snapshot()
    return working_calendar()


def test_published_year_replaces_the_provisional_one(notice):
    assert calendar().is_workday(dt.date(2027, 1, 4))
    before = CatalogueVersion.objects.get(pk=1).number
    call_command("load_calendar", notice, year=2027, verbosity=0)
    assert not calendar().is_workday(dt.date(2027, 1, 4))
    assert calendar().is_workday(dt.date(2027, 1, 9))
    assert calendar().provisional_years == frozenset()
    assert CalendarDay.objects.filter(date__year=2027).count() == 3
    assert CatalogueVersion.objects.get(pk=1).number == before + 1


def test_provisional_file_of_the_project_does_not_replace_a_published_year(notice):
    call_command("load_calendar", notice, verbosity=0)
    report = load_catalogue(DATA_DIR)
    assert not report.is_change
    assert CalendarYear.objects.get(year=2027).document == "示例通知"
    assert CalendarDay.objects.filter(date__year=2027).count() == 3


def test_same_calendar_again_changes_nothing(notice, capsys):
    call_command("load_calendar", notice, verbosity=0)
    before = CatalogueVersion.objects.get(pk=1).number
    call_command("load_calendar", notice)
    assert capsys.readouterr().out == "节假日与调休：新增 0，修改 0，删除 0，未变 3\n"
    assert CatalogueVersion.objects.get(pk=1).number == before


def test_provisional_calendar_is_marked(notice):
    call_command("load_calendar", notice, provisional=True, verbosity=0)
    assert calendar().provisional_years == {2027}


def test_prefectures_days_leave_the_countrys_alone(tmp_path):
    path = tmp_path / "yushu.csv"
    write_rows(path, [HEADER, ["2026-03-10", "632700", "0", "州定假日", "示例州文件"]])
    call_command("load_calendar", path, verbosity=0)
    tuesday = dt.date(2026, 3, 10)
    assert not calendar().is_workday(tuesday, ("632700", "630000"))
    assert calendar().is_workday(tuesday)
    assert not calendar().is_workday(dt.date(2026, 10, 1), ("632700", "630000"))
    assert CalendarYear.objects.get(year=2026).document == "国办发明电〔2025〕7号"


def test_prefectures_days_of_an_unknown_year_are_refused(tmp_path):
    path = tmp_path / "yushu.csv"
    write_rows(path, [HEADER, ["2031-03-10", "632700", "0", "州定假日", "示例州文件"]])
    with pytest.raises(CommandError, match="2031 年全国的节假日安排尚未载入"):
        call_command("load_calendar", path)
    assert not CalendarDay.objects.filter(date__year=2031).exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["2027-02-30", "", "0", "春节", "x"], "不是日期"),
        (["2027-01-01", "", "0", "元旦", "x"], "重复"),
        (["2027-02-05", "999999", "0", "春节", "x"], "代码“999999”不存在"),
        (["2027-02-05", "", "2", "春节", "x"], "不是“是”或“否”"),
        (["2026-02-05", "", "0", "春节", "x"], "不在 2027 年"),
    ],
)
def test_one_bad_row_loads_nothing(notice, row, said):
    write_rows(notice, [*PUBLISHED, row])
    with pytest.raises(CommandError, match=said):
        call_command("load_calendar", notice, year=2027)
    assert CalendarYear.objects.get(year=2027).is_provisional
    assert CalendarDay.objects.filter(date__year=2027).count() == 13


def test_file_that_is_missing(tmp_path):
    with pytest.raises(CommandError, match="无法读取文件"):
        call_command("load_calendar", tmp_path / "nowhere.csv")
