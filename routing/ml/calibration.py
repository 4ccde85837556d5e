"""Confidence that means what it says: its weights, fitted on answers to texts that were not seen."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression


def fit_confidence(values: Sequence[Sequence[float]], right: Sequence[bool]) -> tuple[float, ...]:
    """Weights of a logistic curve over `values` (one row a text, the last value constant) for the
    probability that the answer was right. All zero when every answer was right, or none."""
    if len(set(right)) < 2:
        return (0.0,) * (len(values[0]) if values else 0)
    curve = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
    curve.fit(np.asarray(values), np.asarray(right))
    return tuple(float(weight) for weight in curve.coef_[0])
