"""Linear heads over one matrix of texts: one-against-the-rest support vectors, to which the weights of
naive Bayes are added, calibrated on texts that the solver did not see. Support vectors tell apart what
has many examples, Bayes what has few; being linear both, they are one matrix at work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from routing.ml.softening import Doubles, Floats, soften

# An answer that would do as well as the first teaches half as much.
ALSO_RIGHT = 0.5
# Of naive Bayes; measured on texts left out.
SMOOTHING = 0.1
# Each is a training more. Three calibrate as well as five did, in two thirds of the time.
FOLDS = 3
# Fixed, so that the same corpus gives the same model.
SEED = 12345


@dataclass(frozen=True)
class Lesson:
    """What one head learns from: `answers[row]` are the accepted labels of a text, best first, empty
    when unknown; `weights[row]` its weight, 1 for a full example."""

    matrix: csr_matrix
    answers: Sequence[Sequence[str]]
    weights: Floats


@dataclass(frozen=True)
class Recipe:
    """How a head is solved: `strength` is the C of LinearSVC, `bayes` what the weights of naive Bayes
    count beside those of the support vectors."""

    strength: float
    bayes: float = 0.0


def solve_head(lesson: Lesson, labels: Sequence[str], recipe: Recipe) -> Floats:
    """Weights (columns x labels): `matrix @ weights` scores each label. The matrix carries its own
    constant column, so no intercept is fitted."""
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
    part = lesson.matrix[rows]
    solver = LinearSVC(C=recipe.strength, fit_intercept=False, random_state=SEED)
    solver.fit(part, names, sample_weight=weights)
    coefficients = np.asarray(solver.coef_, dtype=np.float32)
    known = list(solver.classes_)
    if len(known) == 2:  # the solver keeps one row for two labels
        coefficients = np.stack([-coefficients[0], coefficients[0]])
    columns = [labels.index(name) for name in known]
    solved[:, columns] = coefficients.T
    if recipe.bayes:
        solved[:, columns] += np.float32(recipe.bayes) * _bayes_weights(part, names, weights)
    return solved


def _bayes_weights(matrix: csr_matrix, names: Sequence[str], weights: Sequence[float]) -> Floats:
    """Log-probabilities (columns x labels, sorted) of complement naive Bayes, centred on each column:
    what all labels share tells nothing."""
    bayes = ComplementNB(alpha=SMOOTHING).fit(matrix, names, sample_weight=weights)
    logs = np.asarray(bayes.feature_log_prob_, dtype=np.float32)
    return np.asarray((logs - logs.mean(axis=0)).T, dtype=np.float32)


def solve_groups(
    lesson: Lesson, labels: Sequence[str], recipe: Recipe, groups: npt.NDArray[np.int64]
) -> Floats:
    """Like `solve_head`, but each label is told apart only from those of its own group:
    `groups[column]` numbers the group of a label."""
    solved = np.zeros((lesson.matrix.shape[1], len(labels)), dtype=np.float32)
    group_of = dict(zip(labels, groups.tolist(), strict=True))
    for group in np.unique(groups).tolist():
        columns = np.flatnonzero(groups == group).tolist()
        rows = [
            row
            for row, answers in enumerate(lesson.answers)
            if any(group_of[answer] == group for answer in answers)
        ]
        if len(columns) < 2 or not rows:
            continue
        part = Lesson(
            lesson.matrix[rows],
            [[a for a in lesson.answers[row] if group_of[a] == group] for row in rows],
            lesson.weights[rows],
        )
        solved[:, columns] = solve_head(part, [labels[at] for at in columns], recipe)
    return solved


Solver = Callable[[Lesson], Floats]


def solve_and_score(
    lesson: Lesson, solver: Solver, full: Sequence[int], groups: Sequence[int]
) -> tuple[Floats, Floats]:
    """The head's weights, and the scores (len(full) x labels) of the rows `full`, each by a head
    that saw neither it nor another row of its group; `groups` numbers the group of each of `full`."""
    at = np.asarray(full)
    weights = solver(lesson)
    scores = np.zeros((len(full), weights.shape[1]), dtype=np.float32)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for _, tested in folds.split(at, groups=groups):
        hidden = set(at[tested].tolist())
        kept = [row for row in range(len(lesson.answers)) if row not in hidden]
        part = Lesson(
            lesson.matrix[kept], [lesson.answers[row] for row in kept], lesson.weights[kept]
        )
        scores[tested] = lesson.matrix[at[tested]] @ solver(part)
    return weights, scores


def fit_sharpness(
    scores: Floats,
    accepted: Sequence[Sequence[int]],
    soften_by: Callable[[Floats, float], Doubles] = soften,
) -> float:
    """The factor under which `soften_by` gives the most honest probabilities of the accepted labels
    (least negative log-likelihood over unseen scores); 1 when no answer is known."""
    best, best_loss = 1.0, float("inf")
    if not any(accepted):
        return best
    for sharpness in np.geomspace(0.5, 60, 40):
        chances = soften_by(scores, float(sharpness))
        right = [chances[row, list(labels)].sum() for row, labels in enumerate(accepted) if labels]
        loss = -float(np.mean(np.log(np.maximum(right, 1e-9))))
        if loss < best_loss:
            best, best_loss = float(sharpness), loss
    return best
