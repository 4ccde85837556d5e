"""What pauses and an extension do to a limit."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.calendar import OFFICE_DAY, Due
from catalog.rules.limits import HandlingClass, Step
from hotline.rules.clocks import Pause, count_limit, number_days, time_stood
from tests.catalog.test_calendar import CALENDAR, at
from tests.catalog.test_due_dates import PLACES, days_asked, moments, places

RECEIVED = at("2026-11-16T10:00")  # Monday; five working days end on Monday 23


def count(
    started: dt.datetime,
    days: int,
    pauses: tuple[Pause, ...] = (),
    *,
    extra: int = 0,
    place: tuple[str, ...] = (),
    handling_class: HandlingClass = HandlingClass.GENERAL,
    step: Step = Step.HANDLE,
) -> Due:
    return count_limit(
        PLACES,
        step=step,
        handling_class=handling_class,
        days=days,
        started_at=started,
        region_path=place,
        extra_days=extra,
        pauses=pauses,
    )


def pause(start: str, end: str) -> Pause:
    return Pause(at(start), at(end))


def test_pause_on_the_way_is_told_day_by_day():
    friday = at("2026-11-13T10:00")  # five days end on Friday 20
    due = count(friday, 5, (pause("2026-11-17T09:00", "2026-11-17T10:00"),))
    assert due.due_at == at("2026-11-23T10:00")
    assert [day.day for day in due.counted] == [16, 17, 18, 19, 20, 23]
    assert [(day.day, why) for day, why in due.skipped] == [
        (14, "周末"),
        (15, "周末"),
        (21, "周末"),
        (22, "周末"),
    ]


def test_only_the_handling_of_an_urgent_matter_stands_still_round_the_clock():
    night = (pause("2026-11-17T01:00", "2026-11-17T03:00"),)
    urgent = HandlingClass.URGENT
    assert count(RECEIVED, 1, night, handling_class=urgent).due_at == at("2026-11-18T01:59:59")
    signing = count(RECEIVED, 1, night, handling_class=urgent, step=Step.SIGN)
    assert signing.due_at == at("2026-11-17T17:30")


def test_urgent_limit_may_end_on_a_holiday_that_is_told_as_skipped():
    tuesday = at("2026-09-29T10:00")
    due = count(
        tuesday,
        1,
        (pause("2026-09-30T08:00", "2026-09-30T20:00"),),
        handling_class=HandlingClass.URGENT,
    )
    assert due.due_at == at("2026-10-01T11:59:59")
    assert due.counted == (dt.date(2026, 9, 30),)
    assert due.skipped == ((dt.date(2026, 10, 1), "国庆节"),)


def test_pause_after_the_limit_leaves_it_missed_and_tells_a_provisional_year():
    friday = at("2026-12-18T10:00")  # five days end on Friday 25
    # Thursday 4:30, Monday 1:00: by 5:30 into Monday 28.
    due = count(friday, 5, (pause("2026-12-31T13:00", "2027-01-04T10:00"),))
    assert due.due_at == at("2026-12-28T14:30")
    assert due.provisional
    assert not count(friday, 5, (pause("2026-12-29T13:00", "2026-12-29T17:30"),)).provisional


def test_pause_by_the_clock_leans_on_no_calendar():
    late = (pause("2027-01-04T10:00", "2027-01-04T12:00"),)
    due = count(at("2026-12-18T10:00"), 1, late, handling_class=HandlingClass.URGENT)
    assert due.due_at == at("2026-12-22T01:59:59")  # from Monday's last second
    assert not due.provisional


@pytest.mark.parametrize(
    "pauses",
    [
        (
            pause("2026-11-18T10:00", "2026-11-18T12:00"),
            pause("2026-11-18T11:00", "2026-11-18T13:00"),
        ),
        (
            pause("2026-11-19T10:00", "2026-11-19T12:00"),
            pause("2026-11-18T11:00", "2026-11-20T13:00"),
        ),
    ],
)
def test_overlapping_pauses_are_refused(pauses):
    with pytest.raises(ValueError, match="重叠"):
        count(RECEIVED, 5, pauses)


def test_wrong_pauses_and_extensions_are_refused():
    start = at("2026-11-18T10:00")
    with pytest.raises(ValueError, match="早于"):
        Pause(start, start - dt.timedelta(seconds=1))
    with pytest.raises(ValueError, match="时区"):
        Pause(start, start.replace(tzinfo=None))
    with pytest.raises(ValueError, match="延期"):
        count(RECEIVED, 5, extra=-1)


def test_pauses_before_the_start_are_not_among_those_told():
    stood = time_stood(
        CALENDAR,
        step=Step.HANDLE,
        handling_class=HandlingClass.GENERAL,
        started_at=RECEIVED,
        region_path=(),
        pauses=(
            pause("2026-11-13T09:00", "2026-11-16T10:00"),
            pause("2026-11-17T09:00", "2026-11-17T10:00"),
        ),
    )
    assert (stood.pauses, stood.time) == (1, dt.timedelta(hours=1))


spans = st.timedeltas(dt.timedelta(0), dt.timedelta(days=10))
gaps_and_lengths = st.lists(st.tuples(spans, spans), max_size=3)
classes = st.sampled_from([HandlingClass.GENERAL, HandlingClass.URGENT])
extras = st.integers(0, 10)


def pauses_after(
    moment: dt.datetime, steps: list[tuple[dt.timedelta, dt.timedelta]]
) -> tuple[Pause, ...]:
    pauses = []
    for gap, length in steps:
        pauses.append(Pause(moment + gap, moment + gap + length))
        moment += gap + length
    return tuple(pauses)


def numbers(
    started: dt.datetime,
    days: int,
    pauses: tuple[Pause, ...],
    *,
    extra: int = 0,
    place: tuple[str, ...] = (),
    handling_class: HandlingClass = HandlingClass.GENERAL,
) -> list[int | None]:
    due = count(started, days, pauses, extra=extra, place=place, handling_class=handling_class)
    numbered = number_days(
        PLACES,
        due.counted,
        step=Step.HANDLE,
        handling_class=handling_class,
        days=days + extra,
        started_at=started,
        region_path=place,
        pauses=pauses,
    )
    assert tuple(numbered) == due.counted
    return list(numbered.values())


def test_days_are_numbered_without_those_on_which_the_clock_stood_still():
    # Received on Monday 16; each row: the weekdays from Tuesday 17 on.
    whole_wednesday = pause("2026-11-18T09:00", "2026-11-18T17:30")
    over_night = pause("2026-11-17T15:30", "2026-11-18T17:30")
    weekend = pause("2026-11-20T17:30", "2026-11-23T09:00")
    receipt = pause("2026-11-16T10:00", "2026-11-16T17:30")
    assert numbers(RECEIVED, 5, ()) == [1, 2, 3, 4, 5]
    assert numbers(RECEIVED, 5, (whole_wednesday,)) == [1, None, 2, 3, 4, 5]
    assert numbers(RECEIVED, 5, (over_night,)) == [1, None, 2, 3, 4, 5, 5]
    assert numbers(RECEIVED, 5, (weekend,)) == [1, 2, 3, 4, 5]
    assert numbers(RECEIVED, 5, (receipt,)) == [1, 2, 3, 4, 5, 5]


@given(moments, days_asked, extras, gaps_and_lengths, places)
def test_days_are_numbered_up_to_those_promised(moment, days, extra, steps, place):
    pauses: tuple[Pause, ...] = ()
    for one in pauses_after(moment, steps):
        # After the limit nothing pauses any more.
        if one.start < count(moment, days, pauses, extra=extra, place=place).due_at:
            pauses = (*pauses, one)
    found = numbers(moment, days, pauses, extra=extra, place=place)
    told = [number for number in found if number is not None]
    assert found[-1] == days + extra
    assert told == sorted(told)
    assert set(told) == set(range(1, days + extra + 1))


@given(moments, gaps_and_lengths, places)
def test_days_of_an_urgent_matter_are_numbered_too(moment, steps, place):
    urgent = HandlingClass.URGENT
    found = numbers(moment, 1, pauses_after(moment, steps), place=place, handling_class=urgent)
    assert set(found) <= {1, None}


@given(moments, days_asked, extras, gaps_and_lengths, places)
def test_office_time_to_the_end_is_the_days_and_the_pauses(moment, days, extra, steps, place):
    pauses = pauses_after(moment, steps)
    due = count(moment, days, pauses, extra=extra, place=place)
    stood = sum((PLACES.working_time(p.start, p.end, place) for p in pauses), dt.timedelta(0))
    passed = PLACES.working_time(PLACES.closing(moment.date()), due.due_at, place)
    assert passed == (days + extra) * OFFICE_DAY + stood
    assert due.counted[-1] == due.due_at.date()
    between = PLACES.working_days_between(moment.date(), due.due_at.date(), place)
    assert len(due.counted) == between


@given(moments, spans, days_asked, extras, gaps_and_lengths, places, classes)
def test_received_later_is_never_due_earlier(moment, later, days, extra, steps, place, cls):
    """With the same pauses, all of them after both receipts."""
    pauses = pauses_after(moment + later, steps)
    first = count(moment, days, pauses, extra=extra, place=place, handling_class=cls)
    second = count(moment + later, days, pauses, extra=extra, place=place, handling_class=cls)
    assert second.due_at >= first.due_at


@given(moments, days_asked, gaps_and_lengths, spans, spans, spans, places, classes)
def test_pause_never_makes_a_limit_earlier_nor_a_longer_one(
    moment, days, steps, gap, length, more, place, cls
):
    dues = [
        count(moment, days, pauses_after(moment, all_steps), place=place, handling_class=cls)
        for all_steps in (steps, [*steps, (gap, length)], [*steps, (gap, length + more)])
    ]
    assert dues[0].due_at <= dues[1].due_at <= dues[2].due_at
    assert set(dues[0].counted) <= set(dues[1].counted) <= set(dues[2].counted)
    assert dues[0].provisional <= dues[1].provisional <= dues[2].provisional


@given(moments, days_asked, extras, gaps_and_lengths, places, classes)
def test_extension_is_never_earlier(moment, days, extra, steps, place, cls):
    pauses = pauses_after(moment, steps)
    limit = count(moment, days, pauses, place=place, handling_class=cls)
    extended = count(moment, days, pauses, extra=extra, place=place, handling_class=cls)
    assert extended.due_at >= limit.due_at
    if extra:
        assert extended.due_at > limit.due_at


@given(moments, days_asked, spans, spans, places)
def test_pause_after_the_limit_makes_no_missed_limit_kept(moment, days, gap, length, place):
    """It is over no later than the pause."""
    limit = count(moment, days, place=place)
    late = Pause(limit.due_at + gap, limit.due_at + gap + length)
    assert count(moment, days, (late,), place=place).due_at <= late.end
