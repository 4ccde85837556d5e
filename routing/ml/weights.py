"""The weights of all heads, in a quarter of the memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int64]
STEPS = 127


@dataclass(frozen=True)
class Weights:
    """`steps` (tokens x labels, whole numbers of -127 to 127) times `scales` (one a token). A row's
    largest weight is met exactly, the others within a 254th of it, which moves no answer that the
    calibration could tell apart."""

    steps: npt.NDArray[np.int8]
    scales: Floats

    @classmethod
    def of(cls, weights: Floats) -> Weights:
        scales = np.abs(weights).max(axis=1) / STEPS
        divisors = np.where(scales > 0, scales, 1.0)[:, None]
        steps = np.rint(weights / divisors).astype(np.int8)
        return cls(steps, scales.astype(np.float32))

    def score(self, rows: Columns, values: Floats) -> Floats:
        """Every label's score for a text whose token `rows[i]` has the value `values[i]`."""
        steps = self.steps.take(rows, axis=0).astype(np.float32)
        return np.asarray((values * self.scales[rows]) @ steps)

    def part(self, rows: Columns, columns: Sequence[int]) -> Floats:
        """The weights of some tokens for some labels."""
        steps = self.steps[rows[:, None], np.asarray(columns, dtype=np.int64)]
        return np.asarray(steps * self.scales[rows][:, None])
