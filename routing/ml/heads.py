"""Linear heads over one matrix of texts, solved together and in closed form.

Kernel ridge regression on one-hot targets: on our few examples per item it is as exact as a linear
SVM, all heads share one inverse, and the leave-one-out answers come with it for free, so that
calibration and every reported figure are measured on unseen texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """`weights` (columns x labels) answers a new text; `unseen` (texts x labels) are the scores of
    each training text from a solution without it."""

    weights: Floats
    unseen: Floats


def kernel_of(matrix: csr_matrix, mass: Floats) -> Doubles:
    """How alike each two texts are, weighed by their `mass` (1 is a full example)."""
    root = np.sqrt(mass.astype(np.float64))
    kernel = np.asarray((matrix @ matrix.T).todense(), dtype=np.float64)
    return np.asarray(kernel * root[:, None] * root[None, :], dtype=np.float64)


def solve_heads(
    matrix: csr_matrix, kernel: Doubles, targets: Floats, penalty: float, mass: Floats
) -> Solution:
    """Solve for all target columns at once; `kernel` is `kernel_of(matrix, mass)`."""
    root = np.sqrt(mass.astype(np.float64))
    ridge = kernel.copy()
    ridge[np.diag_indices_from(ridge)] += penalty
    factor = cho_factor(ridge, lower=True, overwrite_a=True, check_finite=False)
    inverse = cho_solve(factor, np.eye(len(mass)), check_finite=False)
    scaled = targets * root[:, None]
    alpha = inverse @ scaled
    left_out = scaled - alpha / np.diag(inverse)[:, None]
    weights = matrix.T @ (alpha * root[:, None]).astype(np.float32)
    return Solution(
        np.asarray(weights, dtype=np.float32), (left_out / root[:, None]).astype(np.float32)
    )


def soften(scores: Floats, sharpness: float) -> Doubles:
    """Scores (last axis: labels) to probabilities that sum to one."""
    raised = scores.astype(np.float64) * sharpness
    raised -= raised.max(axis=-1, keepdims=True)
    powers = np.exp(raised)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float64)


def fit_sharpness(scores: Floats, accepted: Sequence[Sequence[int]]) -> float:
    """The factor under which `soften` gives the most honest probabilities of the accepted labels
    (least negative log-likelihood over unseen scores)."""
    best, best_loss = 1.0, float("inf")
    for sharpness in np.geomspace(0.5, 60, 40):
        chances = soften(scores, float(sharpness))
        right = [chances[row, list(labels)].sum() for row, labels in enumerate(accepted) if labels]
        loss = -float(np.mean(np.log(np.maximum(right, 1e-9))))
        if loss < best_loss:
            best, best_loss = float(sharpness), loss
    return best
