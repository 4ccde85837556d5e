"""The hash that chains events."""

import datetime as dt

import pytest

from hotline.rules.chain import event_hash

ROW = {
    "ticket": 1,
    "sequence": 2,
    "kind": "sign",
    "by": 3,
    "at": dt.datetime(2026, 11, 20, 1, 2, 3, tzinfo=dt.UTC),
    "data": {"from": "dispatched", "to": "handling"},
}


def test_same_row_has_same_hash_in_any_time_zone():
    local = ROW["at"].astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert event_hash("", **ROW) == event_hash("", **(ROW | {"at": local}))


@pytest.mark.parametrize(
    "change",
    [
        {"ticket": 2},
        {"sequence": 3},
        {"kind": "reply"},
        {"by": None},
        {"at": ROW["at"] + dt.timedelta(microseconds=1)},
        {"data": {"from": "dispatched", "to": "closed"}},
    ],
)
def test_any_change_shows(change):
    assert event_hash("", **ROW) != event_hash("", **(ROW | change))


def test_row_before_it_shows():
    assert event_hash("a", **ROW) != event_hash("b", **ROW)
