"""The counted days in words and as a calendar."""

import datetime as dt

import pytest

from hotline.rules.clocks import Standstill
from hotline.rules.counting import explain_count, weeks_of

# Received Monday 28 September 2026; holiday 1 to 7 October; 10 October is a make-up Saturday.
STARTED = dt.datetime(2026, 9, 28, 16, 0)  # noqa: DTZ001
DUE = dt.datetime(2026, 10, 10, 17, 30)  # noqa: DTZ001
COUNTED = tuple(
    dt.date(2026, month, day) for month, day in ((9, 29), (9, 30), (10, 8), (10, 9), (10, 10))
)
SKIPPED = {dt.date(2026, 10, day): "国庆节" for day in range(1, 8)}


def numbered(counted):
    return {day: number for number, day in enumerate(counted, 1)}


def test_sentence_names_start_skipped_stretch_and_end():
    sentence = explain_count(STARTED, DUE, COUNTED, SKIPPED, provisional=False)
    assert sentence == (
        "9月28日 16:00 起算，当日不计；第 1 个工作日为 9月29日（周二）；"
        "不计 10月1日至10月7日（国庆节）；共 5 个工作日，10月10日 17:30 到期。"
    )


def test_provisional_calendar_is_said():
    assert "尚未公布" in explain_count(STARTED, DUE, COUNTED, SKIPPED, provisional=True)


def test_calendar_has_whole_weeks_with_each_day_once():
    weeks = weeks_of(STARTED.date(), numbered(COUNTED), SKIPPED)
    assert [len(week) for week in weeks] == [7, 7]
    cells = [cell for week in weeks for cell in week if cell]
    assert [cell.kind for cell in cells] == (
        ["start", "counted", "counted"] + ["skipped"] * 7 + ["counted", "counted", "last"]
    )


def test_calendar_of_a_limit_without_days_off():
    # Monday, Tuesday and Wednesday.
    weeks = weeks_of(
        dt.date(2026, 11, 16), numbered((dt.date(2026, 11, 17), dt.date(2026, 11, 18))), {}
    )
    assert [cell.kind for cell in weeks[0] if cell] == ["start", "counted", "last"]


def test_calendar_goes_on_to_a_holiday_on_which_an_urgent_limit_ends():
    # From Sunday 27 September to Monday 5 October, in 国庆节.
    counted = tuple(dt.date(2026, 9, day) for day in (28, 29, 30))
    skipped = {dt.date(2026, 10, day): "国庆节" for day in range(1, 6)}
    weeks = weeks_of(dt.date(2026, 9, 27), numbered(counted), skipped)
    assert [len([cell for cell in week if cell]) for week in weeks] == [1, 7, 1]
    assert [cell.kind for cell in weeks[2] if cell] == ["skipped"]


def test_calendar_names_a_day_on_which_the_clock_stood_still():
    numbers = {dt.date(2026, 11, 17): 1, dt.date(2026, 11, 18): None, dt.date(2026, 11, 19): 2}
    weeks = weeks_of(dt.date(2026, 11, 16), numbers, {})
    cells = [(cell.kind, cell.note) for cell in weeks[0] if cell]
    assert cells == [
        ("start", "起算"),
        ("counted", "第1天"),
        ("skipped", "暂停"),
        ("last", "第2天"),
    ]


def explained(pauses, time, *, round_the_clock=False, **more):
    stood = Standstill(pauses, time, round_the_clock, provisional=False)
    return explain_count(STARTED, DUE, COUNTED, SKIPPED, provisional=False, stood=stood, **more)


def test_sentence_tells_extension_and_pauses_and_the_days_promised():
    # Monday 16 November; 5 and 5 days end on Monday 30; 3:20 go on into Tuesday 1 December.
    counted = tuple(dt.date(2026, 11, day) for day in (17, 18, 19, 20, 23, 24, 25, 26, 27, 30))
    sentence = explain_count(
        dt.datetime(2026, 11, 16, 10, 0),  # noqa: DTZ001
        dt.datetime(2026, 12, 1, 12, 20),  # noqa: DTZ001
        (*counted, dt.date(2026, 12, 1)),
        {dt.date(2026, 11, day): "周末" for day in (21, 22, 28, 29)},
        provisional=False,
        days=5,
        extra_days=5,
        stood=Standstill(1, dt.timedelta(hours=3, minutes=20), False, provisional=False),
    )
    assert sentence == (
        "11月16日 10:00 起算，当日不计；第 1 个工作日为 11月17日（周二）；"
        "不计 11月21日至11月22日、11月28日至11月29日（周末）；批准延期 5 个工作日；"
        "暂停 1 次，共 3 小时 20 分工作时间不计；共 10 个工作日，12月1日 12:20 到期。"
    )


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (dt.timedelta(hours=58), "共 58 小时工作时间不计"),
        (dt.timedelta(minutes=40), "共 40 分工作时间不计"),
        (dt.timedelta(minutes=61, seconds=59), "共 1 小时 1 分工作时间不计"),
        (dt.timedelta(seconds=20), "不足 1 分工作时间不计"),
        (dt.timedelta(0), "未占工作时间"),
    ],
)
def test_length_of_pauses_in_words(time, words):
    assert f"；暂停 2 次，{words}；" in explained(2, time)


def test_urgent_matter_stood_still_by_the_clock():
    sentence = explained(1, dt.timedelta(hours=26), round_the_clock=True)
    assert "；暂停 1 次，共 26 小时不计；" in sentence


def test_sentence_is_silent_on_what_did_not_happen():
    plain = explain_count(STARTED, DUE, COUNTED, SKIPPED, provisional=False)
    assert explained(0, dt.timedelta(0), days=5) == plain
