"""Linear heads over one matrix of texts: one-against-the-rest support vectors, calibrated on texts
that the solver did not see."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

# An answer that would do as well as the first teaches half as much.
ALSO_RIGHT = 0.5
FOLDS = 5
# Fixed, so that the same corpus gives the same model.
SEED = 12345


@dataclass(frozen=True)
class Lesson:
    """What one head learns from: `answers[row]` are the accepted labels of a text, best first, empty
    when unknown; `weights[row]` its weight, 1 for a full example."""

    matrix: csr_matrix
    answers: Sequence[Sequence[str]]
    weights: Floats


def solve_head(lesson: Lesson, labels: Sequence[str], strength: float) -> Floats:
    """Weights (columns x labels): `matrix @ weights` scores each label. The matrix carries its own
    constant column, so no intercept is fitted. `strength` is the C of LinearSVC."""
    rows: list[int] = []
    names: list[str] = []
    weights: list[float] = []
    for row, answers in enumerate(lesson.answers):
        for rank, answer in enumerate(answers):
            rows.append(row)
            names.append(answer)
            weights.append(float(lesson.weights[row]) * (1.0 if rank == 0 else ALSO_RIGHT))
    solved = np.zeros((lesson.matrix.shape[1], len(labels)), dtype=np.float32)
    if len(set(names)) < 2:  # nothing to tell apart: the one answer for every text
        solved[-1, [labels.index(name) for name in names[:1]]] = 1.0
        return solved
    solver = LinearSVC(C=strength, fit_intercept=False, random_state=SEED)
    solver.fit(lesson.matrix[rows], names, sample_weight=weights)
    coefficients = np.asarray(solver.coef_, dtype=np.float32)
    known = list(solver.classes_)
    if len(known) == 2:  # the solver keeps one row for two labels
        coefficients = np.stack([-coefficients[0], coefficients[0]])
    solved[:, [labels.index(name) for name in known]] = coefficients.T
    return solved


def score_unseen(
    lesson: Lesson, labels: Sequence[str], strength: float, full: Sequence[int]
) -> Floats:
    """Scores (len(full) x labels) of the rows `full`, each by a head that did not see it."""
    scores = np.zeros((len(full), len(labels)), dtype=np.float32)
    at = np.asarray(full)
    for _, tested in KFold(FOLDS, shuffle=True, random_state=SEED).split(at):
        hidden = set(at[tested].tolist())
        kept = [row for row in range(len(lesson.answers)) if row not in hidden]
        part = Lesson(
            lesson.matrix[kept], [lesson.answers[row] for row in kept], lesson.weights[kept]
        )
        scores[tested] = lesson.matrix[at[tested]] @ solve_head(part, labels, strength)
    return scores


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
