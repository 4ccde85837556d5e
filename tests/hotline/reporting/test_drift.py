"""The stability index and what it says."""

import pytest

from hotline.reporting.drift import Drift, drift_of, stability_index


def test_same_mix_is_stable():
    assert stability_index({"a": 100, "b": 100}, {"a": 50, "b": 50}) == pytest.approx(0.0, abs=1e-4)


def test_moved_mix_is_seen():
    index = stability_index({"a": 90, "b": 10}, {"a": 10, "b": 90})
    assert drift_of(index) is Drift.MUCH


def test_new_kind_does_not_make_it_infinite():
    index = stability_index({"a": 100}, {"a": 60, "b": 40})
    assert 0.25 < index < 10


def test_few_cases_say_nothing():
    assert stability_index({"a": 49}, {"a": 1000}) is None
    assert drift_of(None) is None


@pytest.mark.parametrize(
    ("index", "drift"),
    [(0.0, Drift.NONE), (0.0999, Drift.NONE), (0.1, Drift.SOME), (0.25, Drift.MUCH)],
)
def test_marks(index, drift):
    assert drift_of(index) is drift
