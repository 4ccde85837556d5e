import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

from catalog.models import CatalogueVersion
from catalog.snapshot import forget_snapshot

pytestmark = pytest.mark.usefixtures("published")


def ask(capsys, **options):
    call_command("workdays", **options)
    return capsys.readouterr().out


def test_answer_is_one_line_of_json(capsys):
    said = ask(capsys, start="2026-09-28T16:00", days="5", region="632700")
    assert said.count("\n") == 1
    assert json.loads(said) == {
        "due": "2026-10-10T17:30:00+08:00",
        "counted": ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"],
        "skipped": [{"date": f"2026-10-0{day}", "why": "国庆节"} for day in range(1, 8)],
        "provisional": False,
    }
    assert "国庆节" in said  # not escaped


def test_answer_over_the_years_end_is_provisional(capsys):
    answer = json.loads(ask(capsys, start="2026-12-28T16:00", days="5"))
    assert (answer["due"], answer["provisional"]) == ("2027-01-05T17:30:00+08:00", True)


def test_moment_with_a_zone_of_its_own(capsys):
    # 20:00 UTC on Sunday is Monday in Beijing.
    answer = json.loads(ask(capsys, start="2026-11-22T20:00:00+00:00", days="1"))
    assert answer["due"] == "2026-11-24T17:30:00+08:00"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"start": "2026-02-30", "days": "5"}, "时间“2026-02-30”无效"),
        ({"start": "28日", "days": "5"}, "时间“28日”无效"),
        ({"days": "5"}, "缺少收到时间"),
        ({"start": "2026-09-28"}, "缺少工作日数"),
        ({"start": "2026-09-28", "days": "0"}, "工作日数“0”无效"),
        ({"start": "2026-09-28", "days": "-3"}, "工作日数“-3”无效"),
        ({"start": "2026-09-28", "days": "五"}, "工作日数“五”无效"),
        ({"start": "2026-09-28", "days": "99999999999"}, "无效"),
        (
            {"start": "2026-09-28", "days": "5", "region": "999999"},
            "行政区划代码“999999”不在目录中",
        ),
        ({"start": "2031-09-28", "days": "5"}, "没有 2031 年的数据"),
        ({"start": "9999-12-31", "days": "1"}, "超出可以计算的范围"),
    ],
)
def test_wrong_question_is_told_in_chinese(options, said):
    with pytest.raises(CommandError, match=said) as caught:
        call_command("workdays", **options)
    assert caught.value.returncode == 2


def answers(monkeypatch, capsys, text: bytes):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    status = 0
    try:
        call_command("workdays", jsonl=True)
    except SystemExit as left:
        status = left.code
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_lines_are_answered_in_order(monkeypatch, capsys):
    status, said = answers(
        monkeypatch,
        capsys,
        b'{"start": "2026-11-20T10:00", "days": 1}\n'
        b'{"start": "2026-11-20T10:00", "days": 2, "region": "630102"}',
    )
    assert status == 0
    assert [line["due"] for line in said] == [
        "2026-11-23T17:30:00+08:00",
        "2026-11-24T17:30:00+08:00",
    ]


def test_bad_lines_are_told_by_number_and_the_run_goes_on(monkeypatch, capsys):
    bad = [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"days": 1}',
        b'{"start": 5, "days": 1}',
        b'{"start": "2026-11-20", "days": true}',
        b'{"start": "2026-11-20", "days": 1.5}',
        b'{"start": "2026-11-20", "days": "1"}',
        b'{"start": "2026-11-20", "days": 1, "region": 630102}',
    ]
    good = b'{"start": "2026-11-20", "days": 1}'
    status, said = answers(monkeypatch, capsys, b"\n".join([*bad, good]) + b"\n")
    assert status == 1
    assert [line["line"] for line in said[:-1]] == list(range(1, len(bad) + 1))
    assert all(line["error"] for line in said[:-1])
    assert said[-1]["due"] == "2026-11-23T17:30:00+08:00"


def test_nothing_loaded_is_told_with_the_mend():
    CatalogueVersion.objects.all().delete()
    forget_snapshot()
    with pytest.raises(CommandError, match="make setup"):
        call_command("workdays", start="2026-11-20", days="1")
