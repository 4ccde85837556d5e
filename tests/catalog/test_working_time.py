"""Office time between two moments, and on from one."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.calendar import (
    CLOSES,
    OFFICE_DAY,
    OPENS,
    CalendarMissing,
    WorkingCalendar,
)
from tests.catalog.test_calendar import CALENDAR, LOCAL, YUSHU, at
from tests.catalog.test_due_dates import PLACES, moments, places


def hours(text: str) -> dt.timedelta:
    """H:MM."""
    whole, minutes = text.split(":")
    return dt.timedelta(hours=int(whole), minutes=int(minutes))


@pytest.mark.parametrize(
    ("start", "end", "time"),
    [
        ("2026-11-18T10:00", "2026-11-18T13:20", "3:20"),  # Wednesday, within office hours
        ("2026-11-18T00:00", "2026-11-19T00:00", "8:30"),  # all of Wednesday
        ("2026-11-18T17:30", "2026-11-19T09:00", "0:00"),  # Wednesday evening to Thursday morning
        ("2026-11-20T17:00", "2026-11-23T09:10", "0:40"),  # Friday to Monday
        ("2026-09-30T16:30", "2026-10-08T10:00", "2:00"),  # Wednesday to Thursday, 国庆节 between
        ("2026-10-10T08:00", "2026-10-11T20:00", "8:30"),  # a made-up Saturday, then Sunday
        ("2026-12-31T17:00", "2027-01-04T10:00", "1:30"),  # Thursday to Monday, 元旦 between
        ("2026-11-18T13:00", "2026-11-18T10:00", "0:00"),  # the end is first
        ("2026-11-19T10:00", "2026-11-18T10:00", "0:00"),  # by a day
    ],
)
def test_working_time(start, end, time):
    assert CALENDAR.working_time(at(start), at(end)) == hours(time)


@pytest.mark.parametrize(
    ("moment", "amount", "end"),
    [
        ("2026-11-18T10:00", "3:20", "2026-11-18T13:20"),  # Wednesday
        ("2026-11-18T10:00", "7:30", "2026-11-18T17:30"),  # stays at closing
        ("2026-11-18T10:00", "7:31", "2026-11-19T09:01"),  # a minute more: Thursday
        ("2026-11-20T17:30", "8:30", "2026-11-23T17:30"),  # from Friday's closing: all of Monday
        ("2026-11-21T12:00", "0:01", "2026-11-23T09:01"),  # from Saturday: Monday
        ("2026-11-18T03:00", "1:00", "2026-11-18T10:00"),  # from before opening
        ("2026-09-30T17:00", "9:00", "2026-10-08T17:30"),  # over 国庆节: Wednesday, then Thursday
        ("2026-10-09T17:30", "9:30", "2026-10-12T10:00"),  # made-up Saturday 10, then Monday
        ("2026-11-21T12:00", "0:00", "2026-11-21T12:00"),  # none: the moment itself
    ],
)
def test_add_working_time(moment, amount, end):
    assert CALENDAR.add_working_time(at(moment), hours(amount)) == at(end)


def test_none_added_needs_no_calendar_and_keeps_the_moment_as_it_is():
    moment = dt.datetime(2031, 5, 1, 3, 0, tzinfo=dt.UTC)
    assert CALENDAR.add_working_time(moment, dt.timedelta(0)) is moment


def test_office_time_of_a_prefecture_lacks_its_own_holiday():
    start, end = at("2026-03-09T17:00"), at("2026-03-12T09:30")  # Monday to Thursday
    assert LOCAL.working_time(start, end) == hours("18:00")
    assert LOCAL.working_time(start, end, YUSHU) == hours("1:00")  # Tuesday, Wednesday off
    assert LOCAL.add_working_time(start, hours("1:00"), YUSHU) == end


def test_stretch_is_provisional_when_any_of_its_years_is():
    calendar = WorkingCalendar({}, frozenset({2026}), frozenset({2025, 2026, 2027}))
    for start, end, provisional in (
        ("2025-12-31T23:59", "2026-01-01T00:00", True),
        ("2026-12-31T23:59", "2027-01-01T00:00", True),
        ("2025-12-31T23:59", "2027-01-01T00:00", True),
        ("2025-01-01T00:00", "2025-12-31T23:59", False),
        ("2027-01-01T00:00", "2027-12-31T23:59", False),
    ):
        assert calendar.is_provisional(at(start), at(end)) is provisional


def test_naive_moment_and_negative_amount_are_refused():
    moment = at("2026-11-20T09:00")
    naive = moment.replace(tzinfo=None)
    for ask in (
        lambda: CALENDAR.working_time(naive, moment),
        lambda: CALENDAR.working_time(moment, naive),
        lambda: CALENDAR.add_working_time(naive, dt.timedelta(0)),
    ):
        with pytest.raises(ValueError, match="时区"):
            ask()
    with pytest.raises(ValueError, match="负数"):
        CALENDAR.add_working_time(moment, dt.timedelta(minutes=-1))


def test_office_time_that_runs_into_an_unknown_year():
    last = at("2027-12-31T17:00")
    with pytest.raises(CalendarMissing, match="2028"):
        CALENDAR.working_time(last, at("2028-01-03T10:00"))
    with pytest.raises(CalendarMissing, match="2028"):
        CALENDAR.add_working_time(last, hours("1:00"))


spans = st.timedeltas(dt.timedelta(0), dt.timedelta(days=60))


@given(moments, spans, spans, places)
def test_working_time_is_additive(start, first, second, place):
    middle, end = start + first, start + first + second
    whole = PLACES.working_time(start, end, place)
    parts = PLACES.working_time(start, middle, place) + PLACES.working_time(middle, end, place)
    assert parts == whole


@given(moments, st.integers(0, 200), places)
def test_whole_days_hold_the_office_time_of_their_working_days(moment, days, place):
    start, end = moment.date(), moment.date() + dt.timedelta(days=days)
    time = PLACES.working_time(PLACES.closing(start), PLACES.closing(end), place)
    assert time == PLACES.working_days_between(start, end, place) * OFFICE_DAY


@given(moments, spans, places)
def test_adding_the_office_time_since_lands_on_the_last_office_moment(moment, span, place):
    now = moment + span
    time = PLACES.working_time(moment, now, place)
    end = PLACES.add_working_time(moment, time, place)
    assert PLACES.working_time(moment, end, place) == time
    assert end <= now
    assert PLACES.working_time(end, now, place) == dt.timedelta(0)
    if time:
        assert PLACES.is_workday(end.date(), place)
        assert OPENS < end.time() <= CLOSES
    else:
        assert end == moment


# Two of them are less than a hundred working days, as in the other tables.
amounts = st.timedeltas(dt.timedelta(0), dt.timedelta(hours=400))


@given(moments, amounts, amounts, places)
def test_adding_more_is_later(moment, amount, more, place):
    sooner = PLACES.add_working_time(moment, amount, place)
    later = PLACES.add_working_time(moment, amount + more, place)
    assert later >= sooner
    assert PLACES.working_time(sooner, later, place) == more
