"""Working days, with the weekday of each date beside it."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.loading import DATA_DIR
from catalog.rules.calendar import (
    SHANGHAI,
    CalendarMissing,
    DayEntry,
    WorkingCalendar,
)
from catalog.rules.tables import read_tables


def own_calendar() -> WorkingCalendar:
    tables = read_tables(DATA_DIR)
    return WorkingCalendar(
        {
            None: {
                row.values["date"]: DayEntry(row.values["is_workday"], row.values["name"])
                for row in tables["days"]
            }
        },
        frozenset(r.values["year"] for r in tables["years"] if r.values["is_provisional"]),
        frozenset(r.values["year"] for r in tables["years"]),
    )


CALENDAR = own_calendar()
# A prefecture that keeps Tuesday 10 and works on Saturday 14 March 2026 instead.
YUSHU = ("632701", "632700", "630000")
LOCAL = WorkingCalendar(
    {
        **CALENDAR.days,
        "632700": {
            dt.date(2026, 3, 10): DayEntry(False, "州定假日"),
            dt.date(2026, 3, 14): DayEntry(True, "州定假日调休"),
        },
        "632701": {dt.date(2026, 3, 11): DayEntry(False, "市定假日")},
    },
    CALENDAR.provisional_years,
    CALENDAR.known_years,
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def all_days(first: int, last: int) -> list[dt.date]:
    start = dt.date(first, 1, 1)
    return [start + dt.timedelta(days=n) for n in range((dt.date(last + 1, 1, 1) - start).days)]


# Holidays on weekdays (not worked) and make-up days at weekends (worked), from the three notices.
@pytest.mark.parametrize(
    ("day", "works"),
    [
        # 国办发明电〔2023〕7号
        ("2024-01-01", False),  # Monday, 元旦
        ("2024-02-04", True),  # Sunday, for 春节
        ("2024-02-09", True),  # Friday, 除夕 was no holiday
        ("2024-02-12", False),  # Monday, 春节
        ("2024-02-16", False),  # Friday, 春节
        ("2024-02-18", True),  # Sunday, for 春节
        ("2024-04-04", False),  # Thursday, 清明节
        ("2024-04-05", False),  # Friday
        ("2024-04-07", True),  # Sunday, for 清明节
        ("2024-04-28", True),  # Sunday, for 劳动节
        ("2024-05-03", False),  # Friday, 劳动节
        ("2024-05-11", True),  # Saturday, for 劳动节
        ("2024-06-10", False),  # Monday, 端午节
        ("2024-09-14", True),  # Saturday, for 中秋节
        ("2024-09-17", False),  # Tuesday, 中秋节
        ("2024-09-29", True),  # Sunday, for 国庆节
        ("2024-10-07", False),  # Monday, 国庆节
        ("2024-10-12", True),  # Saturday, for 国庆节
        # 国办发明电〔2024〕12号
        ("2025-01-01", False),  # Wednesday, 元旦
        ("2025-01-26", True),  # Sunday, for 春节
        ("2025-01-28", False),  # Tuesday, 除夕
        ("2025-02-04", False),  # Tuesday, 初七
        ("2025-02-08", True),  # Saturday, for 春节
        ("2025-04-04", False),  # Friday, 清明节
        ("2025-04-27", True),  # Sunday, for 劳动节
        ("2025-05-05", False),  # Monday, 劳动节
        ("2025-06-02", False),  # Monday, 端午节
        ("2025-09-28", True),  # Sunday, for 国庆节 and 中秋节
        ("2025-10-08", False),  # Wednesday, 国庆节 and 中秋节
        ("2025-10-09", True),  # Thursday
        ("2025-10-11", True),  # Saturday, for 国庆节 and 中秋节
        # 国办发明电〔2025〕7号
        ("2026-01-02", False),  # Friday, 元旦
        ("2026-01-04", True),  # Sunday, for 元旦
        ("2026-02-14", True),  # Saturday, for 春节
        ("2026-02-16", False),  # Monday, 除夕
        ("2026-02-23", False),  # Monday, 初七
        ("2026-02-24", True),  # Tuesday
        ("2026-02-28", True),  # Saturday, for 春节
        ("2026-04-06", False),  # Monday, 清明节
        ("2026-05-04", False),  # Monday, 劳动节
        ("2026-05-09", True),  # Saturday, for 劳动节
        ("2026-06-19", False),  # Friday, 端午节
        ("2026-09-20", True),  # Sunday, for 国庆节
        ("2026-09-25", False),  # Friday, 中秋节
        ("2026-10-07", False),  # Wednesday, 国庆节
        ("2026-10-08", True),  # Thursday
        ("2026-10-10", True),  # Saturday, for 国庆节
        ("2026-11-20", True),  # Friday, an ordinary day
        ("2026-11-21", False),  # Saturday, an ordinary weekend
    ],
)
def test_published_days(day, works):
    assert CALENDAR.is_workday(dt.date.fromisoformat(day)) is works


def test_every_day_of_three_years_against_a_second_source():
    for day in all_days(2024, 2026):
        assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day), day


def test_days_off_and_make_up_days_of_each_year():
    counted = {
        year: (
            sum(not e.is_workday for d, e in CALENDAR.days[None].items() if d.year == year),
            sum(e.is_workday for d, e in CALENDAR.days[None].items() if d.year == year),
        )
        for year in sorted(CALENDAR.known_years)
    }
    # 2027 holds the thirteen statutory days alone until its notice is published.
    assert counted == {2024: (28, 8), 2025: (28, 5), 2026: (33, 6), 2027: (13, 0)}
    assert CALENDAR.provisional_years == {2027}


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        # Monday; Tuesday and Wednesday count, then 国庆节, Thursday 8, Friday 9, Saturday 10 made up.
        ("2026-09-28T16:00", 5, "2026-10-10T17:30"),
        # Received on a Saturday: Monday is day 1.
        ("2026-11-21T10:00", 1, "2026-11-23T17:30"),
        # Received on a made-up Saturday: it is the day of receipt and does not count.
        ("2026-10-10T09:00", 1, "2026-10-12T17:30"),
        # Received after closing time on Friday: Monday is still day 1.
        ("2026-11-20T23:59", 1, "2026-11-23T17:30"),
        # Thursday 12 February; Friday, made-up Saturday 14, then 春节 to Monday 23, Tuesday 24.
        ("2026-02-12T08:00", 3, "2026-02-24T17:30"),
        # Over the year's end: Friday 1 January 2027 is off.
        ("2026-12-28T16:00", 5, "2027-01-05T17:30"),
    ],
)
def test_count_forward(received, days, due):
    assert CALENDAR.count_forward(at(received), days).due_at == at(due)


def test_count_forward_tells_what_it_skipped():
    due = CALENDAR.count_forward(at("2026-09-24T12:00"), 2)  # Thursday
    assert due.counted == (dt.date(2026, 9, 28), dt.date(2026, 9, 29))  # Monday, Tuesday
    assert due.skipped == tuple((dt.date(2026, 9, day), "中秋节") for day in (25, 26, 27))
    plain = CALENDAR.count_forward(at("2026-11-20T12:00"), 1)  # Friday
    assert [why for _, why in plain.skipped] == ["周末", "周末"]


def test_count_forward_is_provisional_only_when_an_unpublished_year_takes_part():
    assert CALENDAR.count_forward(at("2026-12-28T16:00"), 5).provisional
    assert not CALENDAR.count_forward(at("2026-12-28T16:00"), 3).provisional  # to Thursday 31


def test_day_of_receipt_is_beijings():
    # 20:00 UTC on Sunday is Monday morning in Beijing, so that Tuesday is day 1.
    moment = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)
    assert CALENDAR.count_forward(moment, 1).due_at == at("2026-11-24T17:30")


def test_urgent_limit_ends_with_the_next_working_day():
    # Friday evening: Monday is the next working day, to its last second.
    due = CALENDAR.urgent_due(at("2026-11-20T22:00"))
    assert due.due_at == at("2026-11-23T23:59:59")


def test_local_days_hold_in_their_prefecture_alone():
    tuesday, saturday = dt.date(2026, 3, 10), dt.date(2026, 3, 14)
    assert LOCAL.is_workday(tuesday)
    assert not LOCAL.is_workday(tuesday, ("632700", "630000"))
    assert LOCAL.is_workday(saturday, ("632700", "630000"))
    assert not LOCAL.is_workday(saturday, ("630100", "630000"))


def test_smaller_region_wins():
    # Monday 9 March; Tuesday is the prefecture's, Wednesday the county's holiday: Thursday is day 1.
    due = LOCAL.count_forward(at("2026-03-09T09:00"), 3, YUSHU)
    assert due.counted == tuple(dt.date(2026, 3, day) for day in (12, 13, 14))
    assert due.skipped == ((dt.date(2026, 3, 10), "州定假日"), (dt.date(2026, 3, 11), "市定假日"))


@pytest.mark.parametrize("year", [2023, 2028])
def test_unknown_year_is_named_with_the_mend(year):
    with pytest.raises(CalendarMissing, match=rf"{year} 年.*load_calendar"):
        CALENDAR.is_workday(dt.date(year, 6, 1))


def test_limit_that_runs_into_an_unknown_year():
    with pytest.raises(CalendarMissing, match="2028"):
        CALENDAR.count_forward(at("2027-12-30T09:00"), 5)


@pytest.mark.parametrize("days", [0, -1, 751])
def test_days_out_of_range(days):
    with pytest.raises(ValueError, match="工作日数"):
        CALENDAR.count_forward(at("2026-11-20T09:00"), days)
    if days:
        with pytest.raises(ValueError, match="工作日数"):
            CALENDAR.add_working_days(dt.date(2026, 11, 20), days)


def test_naive_moment_is_refused():
    naive = dt.datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="时区"):
        CALENDAR.count_forward(naive, 1)


@pytest.mark.parametrize(
    ("moment", "notice"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:00"),  # Friday, in office hours
        ("2026-11-20T17:30", "2026-11-20T17:30"),  # the last moment of them
        ("2026-11-20T17:31", "2026-11-23T09:00"),  # after them: Monday
        ("2026-11-20T03:00", "2026-11-20T09:00"),  # before them
        ("2026-11-21T12:00", "2026-11-23T09:00"),  # Saturday
        ("2026-10-10T12:00", "2026-10-10T12:00"),  # Saturday, made up
        ("2026-10-01T12:00", "2026-10-08T09:00"),  # 国庆节
    ],
)
def test_office_time(moment, notice):
    assert CALENDAR.office_time_at_or_after(at(moment)) == at(notice)


def test_office_time_of_a_place_with_its_own_holiday():
    moment = at("2026-03-10T10:00")  # Tuesday
    assert LOCAL.office_time_at_or_after(moment) == moment
    assert LOCAL.office_time_at_or_after(moment, YUSHU[1:]) == at("2026-03-11T09:00")


# Any moment of 2024 to 2026 with up to 100 working days stays within the known years.
moments = st.datetimes(
    dt.datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(2026, 12, 31),  # noqa: DTZ001
    timezones=st.just(SHANGHAI),
)
days_asked = st.integers(1, 100)


@given(moments, days_asked)
def test_count_holds_exactly_the_days_asked_for(moment, days):
    due = CALENDAR.count_forward(moment, days)
    assert len(due.counted) == days
    assert all(CALENDAR.is_workday(day) for day in due.counted)
    assert not any(CALENDAR.is_workday(day) for day, _ in due.skipped)
    told = sorted([*due.counted, *(day for day, _ in due.skipped)])
    span = (due.due_at.date() - moment.date()).days
    assert told == [moment.date() + dt.timedelta(days=n) for n in range(1, span + 1)]


@given(moments, days_asked)
def test_one_day_more_is_never_earlier(moment, days):
    sooner = CALENDAR.count_forward(moment, days).due_at
    assert CALENDAR.count_forward(moment, days + 1).due_at > sooner


@given(moments, st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)), days_asked)
def test_received_later_is_never_due_earlier(moment, later, days):
    first = CALENDAR.count_forward(moment, days)
    assert CALENDAR.count_forward(moment + later, days).due_at >= first.due_at


@given(moments, days_asked)
def test_adding_and_counting_between_agree(moment, days):
    start = moment.date()
    end = CALENDAR.add_working_days(start, days)
    assert CALENDAR.working_days_between(start, end) == days
    assert CALENDAR.working_days_between(end, start) == -days
    assert CALENDAR.count_forward(moment, days).due_at.date() == end


@given(moments)
def test_office_time_is_in_office_hours_and_stays_put(moment):
    notice = CALENDAR.office_time_at_or_after(moment)
    assert notice >= moment
    assert CALENDAR.is_workday(notice.date())
    assert dt.time(9, 0) <= notice.time() <= dt.time(17, 30)
    assert CALENDAR.office_time_at_or_after(notice) == notice
