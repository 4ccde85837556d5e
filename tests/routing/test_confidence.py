"""Confidence, its weights and thresholds."""

import pytest
from django.core.exceptions import ValidationError

from routing.ml.calibration import fit_confidence
from routing.models import Threshold
from routing.policies import current_thresholds, forget_thresholds
from routing.rules.confidence import FEATURE_COUNT, Features, Thresholds, confidence_of


def features(**changes: float) -> Features:
    plain = dict.fromkeys(Features.__dataclass_fields__, 0.0) | {
        "number": 0.8, "type": 0.7, "line": 0.6, "item_line": 0.6, "length": 40.0
    }  # fmt: skip
    return Features(**(plain | changes))


def test_confidence_is_a_probability_and_grows_with_what_speaks_for_it():
    weights = (1.0, *[0.0] * (FEATURE_COUNT - 1))
    low, high = (confidence_of(features(number=n), weights) for n in (0.2, 0.9))
    assert 0.0 < low < high < 1.0
    assert confidence_of(features(), (0.0,) * FEATURE_COUNT) == 0.5


def test_fitted_weights_tell_right_from_wrong():
    rows = [features(number=n / 100).values() for n in range(1, 100)]
    weights = fit_confidence(rows, [n > 50 for n in range(1, 100)])
    assert confidence_of(features(number=0.95), weights) > 0.9
    assert confidence_of(features(number=0.05), weights) < 0.1


def test_weights_of_another_length_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        confidence_of(features(), (1.0, 2.0))


def test_answers_that_are_all_right_teach_nothing():
    assert fit_confidence([features().values()], [True]) == (0.0,) * FEATURE_COUNT


@pytest.mark.django_db
def test_policy_rows_replace_the_defaults():
    forget_thresholds()
    assert current_thresholds() == Thresholds()
    Threshold.objects.create(name="automatic", value=0.99)
    forget_thresholds()
    assert current_thresholds().automatic == 0.99
    assert Threshold.history.count() == 1
    forget_thresholds()


@pytest.mark.django_db
def test_threshold_beyond_one_is_refused():
    with pytest.raises(ValidationError):
        Threshold(name="automatic", value=1.5).full_clean()
