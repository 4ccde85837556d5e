"""Other ways to answer, measured beside the one in use on texts that none of them has seen."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.naive_bayes import ComplementNB

from routing.ml.corpus import CATALOGUE_WEIGHT, Example
from routing.ml.heads import (
    FOLDS,
    SEED,
    Lesson,
    Recipe,
    fit_sharpness,
    solve_head,
)
from routing.ml.matrices import fit_vectorizer, matrix_of
from routing.ml.softening import Doubles, Floats, soften
from routing.ml.tokens import BLOCKS, Tokens
from routing.ml.training import BLOCK_WEIGHTS, LEAST_TEXTS, RECIPES, answers_of, group_numbers
from routing.ml.vectors import Vectorizer

COMPARED_HEADS = ("number", "type", "line")
IN_USE = "词＋字＋规则信号，支持向量＋贝叶斯（在用）"
_VECTORS = "词＋字＋规则信号，支持向量"
_NEAREST = "词＋字＋规则信号，最近例句"
# The nearest examples of a label that speak for it.
NEAREST = 3

# What is known (matrix, answers, weights), the labels, what is asked (matrix), the recipe of the head
# in use -> scores.
Way = Callable[[Lesson, Sequence[str], csr_matrix, Recipe], Floats]


@dataclass(frozen=True)
class Compared:
    """How one way did on one head: shares of the texts whose first, and whose first three answers
    hold an accepted label; `loss` is the mean negative log-likelihood of the accepted labels, `seconds`
    the time to learn and to answer all folds."""

    head: str
    way: str
    right: float
    right_three: float
    loss: float
    seconds: float


def _in_use(known: Lesson, names: Sequence[str], asked: csr_matrix, recipe: Recipe) -> Floats:
    return np.asarray(asked @ solve_head(known, names, recipe), dtype=np.float32)


def _vectors(known: Lesson, names: Sequence[str], asked: csr_matrix, recipe: Recipe) -> Floats:
    return _in_use(known, names, asked, Recipe(recipe.strength))


def _logistic(known: Lesson, names: Sequence[str], asked: csr_matrix, recipe: Recipe) -> Floats:
    rows = [row for row, answers in enumerate(known.answers) if answers]
    head = LogisticRegression(C=recipe.strength * 40, max_iter=300)
    firsts = [known.answers[row][0] for row in rows]
    head.fit(known.matrix[rows], firsts, sample_weight=known.weights[rows])
    return _in_columns(head.predict_log_proba(asked), head.classes_, names)


def _bayes(known: Lesson, names: Sequence[str], asked: csr_matrix, _: Recipe) -> Floats:
    rows = [row for row, answers in enumerate(known.answers) if answers]
    head = ComplementNB(alpha=0.3)
    firsts = [known.answers[row][0] for row in rows]
    head.fit(known.matrix[rows], firsts, sample_weight=known.weights[rows])
    return _in_columns(head.predict_joint_log_proba(asked), head.classes_, names)


def _nearest(known: Lesson, names: Sequence[str], asked: csr_matrix, _: Recipe) -> Floats:
    """A label's score: the mean likeness (cosine) of its nearest examples."""
    near = _unit(asked) @ _unit(known.matrix).T
    near = near.toarray()
    scores = np.zeros((asked.shape[0], len(names)), dtype=np.float32)
    for at, name in enumerate(names):
        rows = [row for row, answers in enumerate(known.answers) if name in answers[:1]]
        if rows:
            few = min(NEAREST, len(rows))
            top = np.partition(near[:, rows], len(rows) - few, axis=1)[:, len(rows) - few :]
            scores[:, at] = top.mean(axis=1)
    return scores


def _catalogue_alone(
    known: Lesson, names: Sequence[str], asked: csr_matrix, recipe: Recipe
) -> Floats:
    """The nearest line of the catalogue's own words, without any example."""
    rows = np.flatnonzero(known.weights <= np.float32(CATALOGUE_WEIGHT)).tolist()
    part = Lesson(known.matrix[rows], [known.answers[row] for row in rows], known.weights[rows])
    return _nearest(part, names, asked, recipe)


def _unit(matrix: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return matrix.multiply((1.0 / np.maximum(lengths, 1e-9))[:, None]).tocsr()


def _in_columns(scores: Doubles, known: Sequence[str], names: Sequence[str]) -> Floats:
    found = np.full((scores.shape[0], len(names)), scores.min() - 1.0, dtype=np.float32)
    found[:, [list(names).index(name) for name in known]] = scores
    return found


# Name -> the blocks of tokens it reads, and how it answers.
WAYS: Mapping[str, tuple[tuple[str, ...], Way]] = {
    "只有目录原文，最近一条": (("word", "run"), _catalogue_alone),
    "词，支持向量": (("word",), _vectors),
    "单字与字对，支持向量": (("run",), _vectors),
    "词＋字，支持向量": (("word", "run"), _vectors),
    _VECTORS: (BLOCKS, _vectors),
    IN_USE: (BLOCKS, _in_use),
    "词＋字＋规则信号，逻辑回归": (BLOCKS, _logistic),
    "词＋字＋规则信号，补集朴素贝叶斯": (BLOCKS, _bayes),
    _NEAREST: (BLOCKS, _nearest),
}
# Ways whose log-probabilities are added, each brought to its most honest sharpness first.
BLENDS: Mapping[str, tuple[str, ...]] = {
    "在用＋最近例句": (IN_USE, _NEAREST),
    "支持向量＋最近例句": (_VECTORS, _NEAREST),
}


def compare_ways(
    examples: Sequence[Example],
    tokens: Sequence[Tokens],
    report: Callable[[Compared], None],
    heads: Sequence[str] = COMPARED_HEADS,
) -> list[Compared]:
    """Every way on every head, by cross-validation over the full examples; the two texts of a pair
    are left out together. `tokens` are those of the examples."""
    vectorizer = fit_vectorizer(tokens, BLOCK_WEIGHTS, LEAST_TEXTS)
    whole = matrix_of(tokens, vectorizer)
    weights = np.array([example.weight for example in examples], dtype=np.float32)
    full = np.flatnonzero(weights > np.float32(CATALOGUE_WEIGHT))
    groups = group_numbers([examples[row].pair for row in full.tolist()])
    folds = list(GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(full, groups=groups))
    done: list[Compared] = []
    for head in heads:
        answers = [answers_of(example)[head] for example in examples]
        names = sorted({name for answer in answers for name in answer})
        accepted = [[names.index(name) for name in answers[row]] for row in full]
        chances: dict[str, Doubles] = {}
        for name, (blocks, way) in WAYS.items():
            started = time.perf_counter()
            matrix = _of_blocks(whole, vectorizer, blocks)
            scores = np.zeros((len(full), len(names)), dtype=np.float32)
            for _, tested in folds:
                hidden = set(full[tested].tolist())
                kept = [row for row in range(len(examples)) if row not in hidden]
                known = Lesson(matrix[kept], [answers[row] for row in kept], weights[kept])
                scores[tested] = way(known, names, matrix[full[tested]], RECIPES[head])
            chances[name] = soften(scores, _sharpness(scores, accepted))
            seconds = time.perf_counter() - started
            done.append(_compared(head, name, chances[name], accepted, seconds))
            report(done[-1])
        for name, parts in BLENDS.items():
            logs = sum(np.log(chances[part] + 1e-6) for part in parts)
            scores = np.asarray(logs, dtype=np.float32)
            blended = soften(scores, _sharpness(scores, accepted))
            seconds = sum(one.seconds for one in done if one.head == head and one.way in parts)
            done.append(_compared(head, name, blended, accepted, seconds))
            report(done[-1])
    return done


def _of_blocks(matrix: csr_matrix, vectorizer: Vectorizer, blocks: Sequence[str]) -> csr_matrix:
    """The columns of some blocks, and the constant one."""
    columns = [
        np.array(sorted(block.values()), dtype=np.int64)
        for name, block in zip(BLOCKS, vectorizer.columns, strict=True)
        if name in blocks
    ]
    columns.append(np.array([vectorizer.width - 1], dtype=np.int64))
    return hstack([matrix[:, part] for part in columns]).tocsr()


def _sharpness(scores: Floats, accepted: Sequence[Sequence[int]]) -> float:
    """Scores are brought to the size of a support vector's first: ways differ by orders."""
    spread = float(np.std(scores)) or 1.0
    return fit_sharpness(np.asarray(scores / spread, dtype=np.float32), accepted) / spread


def _compared(
    head: str, way: str, chances: Doubles, accepted: Sequence[Sequence[int]], seconds: float
) -> Compared:
    known = [row for row, labels in enumerate(accepted) if labels]
    order = np.argsort(-chances, axis=1)
    first = [order[row, 0] in accepted[row] for row in known]
    three = [bool({*order[row, :3].tolist()} & {*accepted[row]}) for row in known]
    losses = [-np.log(max(chances[row, list(accepted[row])].sum(), 1e-9)) for row in known]
    return Compared(
        head, way, float(np.mean(first)), float(np.mean(three)), float(np.mean(losses)), seconds
    )
