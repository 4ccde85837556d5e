"""The rungs of a limit that was moved, and when urging is held back."""

import pytest

from catalog.rules.limits import HandlingClass, Rung, Step, Trigger
from catalog.rules.roles import Role
from hotline.rules.clocks import Pause, count_limit
from hotline.rules.escalation import LadderStep, is_quiet, may_urge_again, plan_rungs
from tests.catalog.test_calendar import CALENDAR, LOCAL, YUSHU, at

LADDER = tuple(
    LadderStep(code, None, rung, trigger, offset, Role.UNIT_CLERK)
    for code, rung, trigger, offset in (
        ("half", Rung.URGE, Trigger.HALF, 0),
        ("last", Rung.URGE, Trigger.LAST_DAY, 0),
        ("supervise", Rung.SUPERVISE, Trigger.OVERDUE, 0),
        ("summon", Rung.SUMMON, Trigger.OVERDUE, 2),
    )
)


def planned(received, days, pause, handling_class=HandlingClass.GENERAL):
    due = count_limit(
        CALENDAR,
        step=Step.HANDLE,
        handling_class=handling_class,
        days=days,
        started_at=at(received),
        region_path=(),
        pauses=(Pause(*map(at, pause)),),
    )
    rungs = plan_rungs(
        LADDER,
        step=Step.HANDLE,
        handling_class=handling_class,
        due=due,
        calendar=CALENDAR,
        region_path=(),
    )
    return {rung.code: rung.at for rung in rungs}


def test_rungs_of_a_limit_that_ends_at_noon_of_a_later_day():
    # Monday 16; Tuesday 17 to Friday 20, Monday 23, and by the pause Tuesday 24 to 12:20.
    rungs = planned("2026-11-16T10:00", 5, ("2026-11-18T10:00", "2026-11-18T13:20"))
    assert rungs == {
        "half": at("2026-11-20T09:00"),  # Friday, the fourth of six days
        "last": at("2026-11-24T09:00"),
        "supervise": at("2026-11-24T12:20:01"),
        "summon": at("2026-11-26T09:00"),  # Thursday
    }


def test_urgent_limit_that_ends_at_night_is_urged_the_day_before():
    rungs = planned(
        "2026-11-20T22:00", 1, ("2026-11-21T08:00", "2026-11-21T10:30"), HandlingClass.URGENT
    )
    assert rungs == {
        "last": at("2026-11-23T09:00"),  # Monday: the limit ends on Tuesday, 02:29:59
        "supervise": at("2026-11-24T02:30"),
        "summon": at("2026-11-26T09:00"),
    }


def test_urgent_limit_that_ends_on_a_holiday_has_its_rungs_on_working_days():
    # Tuesday 29 September; the limit ends on Thursday 1 October, 11:59:59.
    rungs = planned(
        "2026-09-29T10:00", 1, ("2026-09-30T08:00", "2026-09-30T20:00"), HandlingClass.URGENT
    )
    assert rungs["last"] == at("2026-09-30T09:00")
    assert rungs["supervise"] == at("2026-10-01T12:00")
    assert rungs["summon"] == at("2026-10-09T09:00")  # Friday, after Thursday 8


@pytest.mark.parametrize(
    ("acted", "now", "recent"),
    [
        ("2026-11-18T10:00", "2026-11-18T10:00", True),  # Wednesday, at once
        ("2026-11-18T10:00", "2026-11-19T09:59", True),  # Thursday, a minute before it is a day
        ("2026-11-18T10:00", "2026-11-19T10:00", False),
        ("2026-11-20T17:00", "2026-11-23T09:00", True),  # Friday to Monday: half an hour
        ("2026-11-20T20:00", "2026-11-23T17:29", True),  # the evening is no office time
        ("2026-11-20T20:00", "2026-11-23T17:30", False),
        ("2026-09-30T16:00", "2026-10-08T09:00", True),  # 国庆节 between
    ],
)
def test_one_working_day_of_quiet_after_an_act_or_an_urging(acted, now, recent):
    assert is_quiet(Rung.URGE, at(acted), at(now), CALENDAR, ()) is recent
    assert may_urge_again(at(acted), at(now), CALENDAR, ()) is not recent


def test_quiet_is_counted_by_the_calendar_of_the_place():
    acted, now = at("2026-03-09T12:00"), at("2026-03-12T09:00")  # Monday to Thursday
    assert not is_quiet(Rung.URGE, acted, now, LOCAL, ())
    assert is_quiet(Rung.URGE, acted, now, LOCAL, YUSHU)  # Tuesday and Wednesday off
    assert not may_urge_again(acted, now, LOCAL, YUSHU)


def test_only_urging_is_ever_quiet():
    now = at("2026-11-18T10:00")
    quiet = {rung for rung in Rung if is_quiet(rung, now, now, CALENDAR, ())}
    assert quiet == {Rung.URGE}


def test_nothing_is_quiet_where_nobody_acted():
    now = at("2026-11-18T10:00")
    assert not is_quiet(Rung.URGE, None, now, CALENDAR, ())
    assert may_urge_again(None, now, CALENDAR, ())
