"""Days, tails and the digest of the seal."""

import datetime as dt

import pytest

from hotline.rules.seals import (
    SealContent,
    day_of,
    is_late,
    last_settled_day,
    pack_tails,
    start_of,
    unpack_tails,
)

DAY = dt.date(2026, 11, 20)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
CONTENT = SealContent("a" * 64, dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC), 3, "b" * 64)


def at(hour, minute=0, second=0, micro=0, day=20):
    return dt.datetime(2026, 11, day, hour, minute, second, micro, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(0), DAY),
        (at(23, 59, 59, 999_999), DAY),
        (at(0, day=21), dt.date(2026, 11, 21)),
        (dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC), DAY),
        (dt.datetime(2026, 11, 19, 15, 59, 59, tzinfo=dt.UTC), dt.date(2026, 11, 19)),
    ],
)
def test_day_is_the_local_one(moment, day):
    assert day_of(moment) == day


def test_day_starts_at_local_midnight():
    assert start_of(DAY) == dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC)


def test_day_settles_an_hour_after_its_end():
    assert last_settled_day(at(0, 59, 59, day=21)) == dt.date(2026, 11, 19)
    assert last_settled_day(at(1, day=21)) == DAY


def test_seal_is_late_when_two_hourly_runs_have_missed_it():
    assert not is_late(DAY, at(3, day=21))
    assert is_late(DAY, at(3, 0, 1, day=21))


def test_last_row_of_each_ticket_is_kept():
    rows = [(1, 1, "a"), (1, 3, "b"), (2, 7, "c"), (12, 1, "d"), (12, 2, "e")]
    events, packed = pack_tails(iter(rows))
    assert events == 5
    assert list(unpack_tails(packed)) == [(1, 3, "b"), (2, 7, "c"), (12, 2, "e")]


def test_day_without_events_packs_to_nothing():
    events, packed = pack_tails([])
    assert events == 0
    assert list(unpack_tails(packed)) == []


def test_same_moment_in_another_zone_has_the_same_digest():
    local = SealContent(
        CONTENT.previous, CONTENT.made_at.astimezone(SHANGHAI), CONTENT.events, CONTENT.tails
    )
    assert local.digest(b"key", DAY) == CONTENT.digest(b"key", DAY)


@pytest.mark.parametrize(
    ("content", "key", "day"),
    [
        (CONTENT, b"other", DAY),
        (CONTENT, b"key", DAY + dt.timedelta(days=1)),
        (SealContent("", CONTENT.made_at, 3, CONTENT.tails), b"key", DAY),
        (SealContent(CONTENT.previous, at(1, day=21), 4, CONTENT.tails), b"key", DAY),
        (SealContent(CONTENT.previous, at(2, day=21), 3, CONTENT.tails), b"key", DAY),
        (SealContent(CONTENT.previous, CONTENT.made_at, 3, "c" * 64), b"key", DAY),
    ],
)
def test_anything_else_has_another_digest(content, key, day):
    assert content.digest(key, day) != CONTENT.digest(b"key", DAY)
