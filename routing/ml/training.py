"""From examples to a model: linear heads over one vector space, calibrated on unseen texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from routing.ml.corpus import CATALOGUE_WEIGHT, REQUEST_TYPES, Example
from routing.ml.heads import (
    Lesson,
    Recipe,
    fit_sharpness,
    solve_and_score,
    solve_groups,
    solve_head,
)
from routing.ml.labels import HEADS, JOINT, Labels, Mixture, type_of, usual_requests
from routing.ml.matrices import fit_vectorizer, matrix_of
from routing.ml.model import Model
from routing.ml.softening import Doubles, Floats, soften
from routing.ml.tokens import WordCutter, count_tokens
from routing.ml.weights import Weights

HEAD_NAMES = {
    "number": "平台",
    "type": "类型",
    "item": "细类",
    "line": "条线",
    "request": "诉求类别",
    "urgent": "紧急",
    "complex": "复杂",
}
# Measured on texts left out (`manage.py compare_models`).
RECIPES = {
    "number": Recipe(0.3, 0.17),
    "type": Recipe(0.2, 0.17),
    "item": Recipe(0.5, 0.2),
    "line": Recipe(0.6, 0.3),
    "request": Recipe(0.2, 0.17),
    "urgent": Recipe(0.1),
    "complex": Recipe(0.3),
}
# Measured on texts left out: rarer tokens than these only make the file larger.
BLOCK_WEIGHTS = (1.0, 1.3, 1.0)
LEAST_TEXTS = (2, 2, 1)
MIXTURES = ((1.0, 1.0, 0.0), (1.0, 1.0, 0.3), (1.0, 1.0, 0.6), (0.7, 1.0, 0.3))

Report = Callable[[str], None]
SignalsOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Training:
    """A trained model, and what it says of the full examples when it has not seen them:
    `unseen[head]` holds probabilities, a row for each of `rows` (places among the examples)."""

    model: Model
    rows: tuple[int, ...]
    unseen: Mapping[str, Doubles]


def answers_of(example: Example) -> dict[str, tuple[str, ...]]:
    """The accepted labels of each head, best first; empty when unknown."""
    return {
        "number": example.numbers,
        "type": tuple(dict.fromkeys(type_of(code) for code in example.items)),
        "item": example.items,
        "line": example.lines,
        "request": (example.request,) if example.request else _requests_of(example),
        "urgent": () if example.urgent is None else (str(int(example.urgent)),),
        "complex": () if example.complex is None else (str(int(example.complex)),),
    }


def _requests_of(example: Example) -> tuple[str, ...]:
    return usual_requests(example.items[0]) if example.items else ()


def train_model(
    examples: Sequence[Example],
    *,
    cutter: WordCutter,
    signals_of: SignalsOf,
    report: Report = lambda _: None,
    block_weights: tuple[float, ...] = BLOCK_WEIGHTS,
) -> Training:
    """Train on all examples; calibrate and measure by what the model says of texts left out.

    `signals_of` gives the rule signals of a text; the predictor must be given the same. The
    measured figures count full examples only (weight 1).
    """
    report(f"切分 {len(examples)} 条例句")
    tokens = [count_tokens(example.text, cutter, signals_of(example.text)) for example in examples]
    vectorizer = fit_vectorizer(tokens, block_weights, LEAST_TEXTS)
    matrix = matrix_of(tokens, vectorizer)
    report(f"特征 {vectorizer.width} 个")
    labels = _labels(examples)
    mass = np.array([example.weight for example in examples], dtype=np.float32)
    full = [row for row, example in enumerate(examples) if example.weight > CATALOGUE_WEIGHT]
    groups = group_numbers([examples[row].pair for row in full])
    every_answer = [answers_of(example) for example in examples]
    answers = [every_answer[row] for row in full]
    weights: list[Floats] = []
    unseen: dict[str, Floats] = {}
    for head in HEADS:
        lesson = Lesson(matrix, [answer[head] for answer in every_answer], mass)
        solved, unseen[head] = solve_and_score(lesson, _solver_of(head, labels), full, groups)
        weights.append(solved)
        report(f"{HEAD_NAMES[head]}已训练，共 {len(labels.names[head])} 类")
    calibration = _calibrate(unseen, labels, answers)
    _join_numbers(calibration, labels, answers)
    mixture, measured = _fit_mixture(calibration.chances, labels, answers)
    model = Model(
        vectorizer=vectorizer,
        weights=Weights.of(np.concatenate(weights, axis=1)),
        labels=labels,
        sharpness=calibration.sharpness,
        mixture=mixture,
        words=cutter.words,
        measured=calibration.right | measured | {"examples": float(len(full))},
    )
    return Training(model, tuple(full), calibration.chances)


def group_numbers(pairs: Sequence[str]) -> list[int]:
    """A number for each text, the same for those of one pair. A model that has seen one of a pair has
    seen the other's words under the wrong answer: both are left out together."""
    numbers: dict[str, int] = {}
    return [
        numbers.setdefault(pair or f"row {row}", len(numbers)) for row, pair in enumerate(pairs)
    ]


@dataclass(frozen=True)
class _Calibration:
    """Per head: the factor of its softmax, the probabilities of unseen texts, the share of right
    first answers among them."""

    sharpness: dict[str, float]
    chances: dict[str, Doubles]
    right: dict[str, float]


def _labels(examples: Sequence[Example]) -> Labels:
    found: dict[str, set[str]] = {head: set() for head in HEADS}
    for example in examples:
        for head, answers in answers_of(example).items():
            found[head].update(answers)
    found["urgent"] |= {"0", "1"}
    found["complex"] |= {"0", "1"}
    found["request"] |= set(REQUEST_TYPES)
    return Labels({head: tuple(sorted(names)) for head, names in found.items()})


def _solver_of(head: str, labels: Labels) -> Callable[[Lesson], Floats]:
    """How a head is solved. Items are told apart within their type alone: which type it is, the type
    head knows better, and the work is a tenth."""
    names, recipe = labels.names[head], RECIPES[head]
    if head == "item":
        return lambda lesson: solve_groups(lesson, names, recipe, labels.item_types)
    return lambda lesson: solve_head(lesson, names, recipe)


def _calibrate(
    unseen: Mapping[str, Floats],
    labels: Labels,
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> _Calibration:
    found = _Calibration({}, {}, {})
    for head, scores in unseen.items():
        accepted = labels.positions(head, [answer[head] for answer in answers])
        soften_by = partial(labels.soften, head)
        found.sharpness[head] = fit_sharpness(scores, accepted, soften_by)
        found.chances[head] = soften_by(scores, found.sharpness[head])
        found.right[head] = _right(found.chances[head], accepted)
    return found


def _join_numbers(
    calibration: _Calibration,
    labels: Labels,
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> None:
    """Put the joint judgement of number and type head in the number head's place."""
    logits = labels.number_logits(calibration.chances)
    accepted = labels.positions("number", [answer["number"] for answer in answers])
    calibration.sharpness[JOINT] = fit_sharpness(logits, accepted)
    calibration.chances["number"] = soften(logits, calibration.sharpness[JOINT])
    calibration.right["number"] = _right(calibration.chances["number"], accepted)


def _right(chances: Doubles, accepted: Sequence[Sequence[int]]) -> float:
    if not chances.shape[1]:
        return 0.0
    top = chances.argmax(axis=1)
    known = [at in places for at, places in zip(top, accepted, strict=True) if places]
    return float(np.mean(known)) if known else 0.0


def _fit_mixture(
    chances: Mapping[str, Doubles],
    labels: Labels,
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> tuple[Mixture, dict[str, float]]:
    """The exponents under which types and items come out right most often, and how often."""
    items = labels.positions("item", [answer["item"] for answer in answers])
    types = labels.positions("type", [answer["type"] for answer in answers])
    belongs = np.zeros((len(labels.names["item"]), len(labels.names["type"])))
    belongs[np.arange(len(belongs)), labels.item_types] = 1.0
    best: tuple[float, Mixture, dict[str, float]] | None = None
    for exponents in MIXTURES:
        mixture = Mixture(*exponents)
        mixed = labels.mix_items(chances, mixture)
        by_type = mixed @ belongs
        # As the service does: the type first, then the best item within it.
        inside = mixed * belongs[:, by_type.argmax(axis=1)].T
        measured = {"type": _right(by_type, types), "item": _right(inside, items)}
        merit = measured["type"] + measured["item"]
        if best is None or merit > best[0]:
            best = (merit, mixture, measured)
    assert best is not None
    return best[1], best[2]
