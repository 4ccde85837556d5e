"""Scores to probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Groups:
    """Labels side by side that belong together: where each group starts, and how many it has."""

    starts: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]

    @classmethod
    def of(cls, numbers: npt.NDArray[np.int64]) -> Groups:
        """`numbers` gives the group of each label; at least one."""
        starts = np.concatenate([[0], np.flatnonzero(np.diff(numbers)) + 1])
        return cls(starts, np.diff(np.append(starts, len(numbers))))


def soften(scores: Floats, sharpness: float) -> Doubles:
    """Scores (last axis: labels) to probabilities that sum to one."""
    raised = scores.astype(np.float64) * sharpness
    raised -= raised.max(axis=-1, keepdims=True)
    powers = np.exp(raised)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)


def soften_groups(scores: Floats, sharpness: float | Doubles, groups: Groups) -> Doubles:
    """Like `soften`, but the probabilities sum to one within each group. `sharpness` may be one for
    each label."""
    raised = scores.astype(np.float64) * sharpness
    raised -= np.repeat(np.maximum.reduceat(raised, groups.starts, axis=-1), groups.sizes, axis=-1)
    powers = np.exp(raised)
    sums = np.repeat(np.add.reduceat(powers, groups.starts, axis=-1), groups.sizes, axis=-1)
    return np.asarray(powers / sums, dtype=np.float64)
