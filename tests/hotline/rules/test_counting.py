"""The counted days in words and as a calendar."""

import datetime as dt

from hotline.rules.counting import explain_count, weeks_of

# Received Monday 28 September 2026; holiday 1 to 7 October; 10 October is a make-up Saturday.
STARTED = dt.datetime(2026, 9, 28, 16, 0)  # noqa: DTZ001
DUE = dt.datetime(2026, 10, 10, 17, 30)  # noqa: DTZ001
COUNTED = tuple(
    dt.date(2026, month, day) for month, day in ((9, 29), (9, 30), (10, 8), (10, 9), (10, 10))
)
SKIPPED = {dt.date(2026, 10, day): "国庆节" for day in range(1, 8)}


def test_sentence_names_start_skipped_stretch_and_end():
    sentence = explain_count(STARTED, DUE, COUNTED, SKIPPED, provisional=False)
    assert sentence == (
        "9月28日 16:00 起算，当日不计；第 1 个工作日为 9月29日（周二）；"
        "不计 10月1日至10月7日（国庆节）；共 5 个工作日，10月10日 17:30 到期。"
    )


def test_provisional_calendar_is_said():
    assert "尚未公布" in explain_count(STARTED, DUE, COUNTED, SKIPPED, provisional=True)


def test_calendar_has_whole_weeks_with_each_day_once():
    weeks = weeks_of(STARTED.date(), COUNTED, SKIPPED)
    assert [len(week) for week in weeks] == [7, 7]
    cells = [cell for week in weeks for cell in week if cell]
    assert [cell.kind for cell in cells] == (
        ["start", "counted", "counted"] + ["skipped"] * 7 + ["counted", "counted", "last"]
    )
