"""From examples to a model: five linear heads over one vector space, calibrated on unseen texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.ml.corpus import NOT_ACCEPTED, Example
from routing.ml.heads import (
    Doubles,
    Floats,
    Lesson,
    fit_sharpness,
    score_unseen,
    soften,
    solve_head,
)
from routing.ml.tokens import WordCutter, count_tokens
from routing.ml.vectors import Vectorizer, fit_vectorizer

HEADS = ("number", "type", "item", "urgent", "complex")
# Key of the factor for `number_logits` among the heads' own.
JOINT = "number+type"
HEAD_NAMES = {
    "number": "平台",
    "type": "类型",
    "item": "细类",
    "urgent": "紧急",
    "complex": "复杂",
}
# The C of each head's LinearSVC, measured on texts left out.
STRENGTHS = {"number": 0.1, "type": 0.2, "item": 0.2, "urgent": 0.1, "complex": 0.1}
# Measured on texts left out: rarer tokens than these only make the file larger.
BLOCK_WEIGHTS = (1.0, 1.3, 1.0)
LEAST_TEXTS = (2, 3, 1)
MIXTURES = ((1.0, 1.0, 0.3), (1.0, 0.5, 0.3), (0.8, 0.5, 0.3), (0.5, 0.8, 0.3), (1.0, 1.0, 0.6))

Report = Callable[[str], None]
SignalsOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Mixture:
    """How far the heads count when an item is chosen: exponents of the item's, its type's and its
    list's probability."""

    item: float
    type: float
    list: float


@dataclass(frozen=True)
class Model:
    """Everything a predictor needs. `labels[head]` names the columns of that head; the columns of
    `weights` are the heads' labels in the order of `HEADS`."""

    vectorizer: Vectorizer
    weights: Floats
    labels: Mapping[str, tuple[str, ...]]
    sharpness: Mapping[str, float]
    mixture: Mixture
    words: tuple[str, ...]
    measured: Mapping[str, float]


def list_of(code: str) -> str:
    """On which list a code stands: 12345, 110, or 不予受理 for an exclusion."""
    return code.split("-")[0] if "-" in code else NOT_ACCEPTED


def type_of(code: str) -> str:
    """The type's code (12345-0203), or 不予受理 for an exclusion."""
    return code[:-2] if "-" in code else NOT_ACCEPTED


def list_of_number(number: str) -> str:
    return number if number in ("12345", NOT_ACCEPTED) else "110"


def answers_of(example: Example) -> dict[str, tuple[str, ...]]:
    """The accepted labels of each head, best first; empty when unknown."""
    return {
        "number": example.numbers,
        "type": tuple(dict.fromkeys(type_of(code) for code in example.items)),
        "item": example.items,
        "urgent": () if example.urgent is None else (str(int(example.urgent)),),
        "complex": () if example.complex is None else (str(int(example.complex)),),
    }


def train_model(
    examples: Sequence[Example],
    *,
    cutter: WordCutter,
    signals_of: SignalsOf,
    report: Report = lambda _: None,
    block_weights: tuple[float, ...] = BLOCK_WEIGHTS,
) -> Model:
    """Train on all examples; calibrate and measure by what the model says of texts left out.

    `signals_of` gives the rule signals of a text; the predictor must be given the same. The
    measured figures count full examples only (weight 1).
    """
    report(f"切分 {len(examples)} 条例句")
    tokens = [count_tokens(example.text, cutter, signals_of(example.text)) for example in examples]
    vectorizer = fit_vectorizer(tokens, block_weights, LEAST_TEXTS)
    matrix = vectorizer.matrix(tokens)
    report(f"特征 {vectorizer.width} 个")
    labels = _labels(examples)
    mass = np.array([example.weight for example in examples], dtype=np.float32)
    full = [row for row, example in enumerate(examples) if example.weight >= 1]
    every_answer = [answers_of(example) for example in examples]
    answers = [every_answer[row] for row in full]
    weights: list[Floats] = []
    unseen: dict[str, Floats] = {}
    for head in HEADS:
        lesson = Lesson(matrix, [answer[head] for answer in every_answer], mass)
        weights.append(solve_head(lesson, labels[head], STRENGTHS[head]))
        unseen[head] = score_unseen(lesson, labels[head], STRENGTHS[head], full)
        report(f"{HEAD_NAMES[head]}已训练，共 {len(labels[head])} 类")
    calibration = _calibrate(unseen, labels, answers)
    _join_numbers(calibration, labels, answers)
    mixture, measured = _fit_mixture(calibration.chances, labels, answers)
    return Model(
        vectorizer=vectorizer,
        weights=np.concatenate(weights, axis=1),
        labels=labels,
        sharpness=calibration.sharpness,
        mixture=mixture,
        words=cutter.words,
        measured=calibration.right | measured | {"examples": float(len(full))},
    )


@dataclass(frozen=True)
class _Calibration:
    """Per head: the factor of its softmax, the probabilities of unseen texts, the share of right
    first answers among them."""

    sharpness: dict[str, float]
    chances: dict[str, Doubles]
    right: dict[str, float]


def _labels(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {head: set() for head in HEADS}
    for example in examples:
        for head, answers in answers_of(example).items():
            found[head].update(answers)
    found["urgent"] |= {"0", "1"}
    found["complex"] |= {"0", "1"}
    return {head: tuple(sorted(names)) for head, names in found.items()}


def head_offsets(labels: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """In which column of the weights each head begins."""
    offsets: dict[str, int] = {}
    start = 0
    for head in HEADS:
        offsets[head] = start
        start += len(labels[head])
    return offsets


def mix_items(
    chances: Mapping[str, Doubles],
    labels: Mapping[str, tuple[str, ...]],
    mixture: Mixture,
) -> Doubles:
    """Item probabilities that agree with type and list: the heads' product, normalised."""
    types = {name: at for at, name in enumerate(labels["type"])}
    type_columns = [types[type_of(code)] for code in labels["item"]]
    lists = list_chances(chances["number"], labels["number"])
    names = sorted(lists)
    stacked = np.stack([lists[name] for name in names], axis=-1)
    list_columns = [names.index(list_of(code)) for code in labels["item"]]
    tiny = 1e-9
    logs = (
        mixture.item * np.log(chances["item"] + tiny)
        + mixture.type * np.log(chances["type"][..., type_columns] + tiny)
        + mixture.list * np.log(stacked[..., list_columns] + tiny)
    )
    return soften(logs.astype(np.float32), 1.0)


def number_logits(chances: Mapping[str, Doubles], labels: Mapping[str, tuple[str, ...]]) -> Floats:
    """Numbers judged by two heads together: log of the number's own probability and of what the type
    head gives to the number's list. Each errs where the other does not."""
    lists = {
        name: chances["type"][
            ..., [at for at, label in enumerate(labels["type"]) if _list_of_type(label) == name]
        ].sum(axis=-1)
        for name in ("12345", "110", NOT_ACCEPTED)
    }
    by_type = np.stack([lists[list_of_number(label)] for label in labels["number"]], axis=-1)
    tiny = 1e-6
    return (np.log(chances["number"] + tiny) + np.log(by_type + tiny)).astype(np.float32)


def _list_of_type(code: str) -> str:
    return code.split("-")[0] if "-" in code else NOT_ACCEPTED


def list_chances(numbers: Doubles, labels: Sequence[str]) -> dict[str, Doubles]:
    """Probability of each list (12345, 110 with its sister numbers, 不予受理)."""
    lists: dict[str, Doubles] = {}
    for name in ("12345", "110", NOT_ACCEPTED):
        columns = [at for at, label in enumerate(labels) if list_of_number(label) == name]
        lists[name] = numbers[..., columns].sum(axis=-1)
    return lists


def _calibrate(
    unseen: Mapping[str, Floats],
    labels: Mapping[str, tuple[str, ...]],
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> _Calibration:
    found = _Calibration({}, {}, {})
    for head in HEADS:
        scores = unseen[head]
        accepted = _columns(labels[head], [answer[head] for answer in answers])
        found.sharpness[head] = fit_sharpness(scores, accepted)
        found.chances[head] = soften(scores, found.sharpness[head])
        found.right[head] = _right(found.chances[head], accepted)
    return found


def _join_numbers(
    calibration: _Calibration,
    labels: Mapping[str, tuple[str, ...]],
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> None:
    """Put the joint judgement of number and type head in the number head's place."""
    logits = number_logits(calibration.chances, labels)
    accepted = _columns(labels["number"], [answer["number"] for answer in answers])
    calibration.sharpness[JOINT] = fit_sharpness(logits, accepted)
    calibration.chances["number"] = soften(logits, calibration.sharpness[JOINT])
    calibration.right["number"] = _right(calibration.chances["number"], accepted)


def _columns(labels: Sequence[str], answers: Sequence[Sequence[str]]) -> list[list[int]]:
    places = {name: at for at, name in enumerate(labels)}
    return [[places[name] for name in answer] for answer in answers]


def _right(chances: Doubles, accepted: Sequence[Sequence[int]]) -> float:
    top = chances.argmax(axis=1)
    known = [at in places for at, places in zip(top, accepted, strict=True) if places]
    return float(np.mean(known)) if known else 0.0


def _fit_mixture(
    chances: Mapping[str, Doubles],
    labels: Mapping[str, tuple[str, ...]],
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> tuple[Mixture, dict[str, float]]:
    """The exponents under which types and items come out right most often, and how often."""
    items = _columns(labels["item"], [answer["item"] for answer in answers])
    types = _columns(labels["type"], [answer["type"] for answer in answers])
    belongs = np.zeros((len(labels["item"]), len(labels["type"])))
    for row, code in enumerate(labels["item"]):
        belongs[row, labels["type"].index(type_of(code))] = 1.0
    best: tuple[float, Mixture, dict[str, float]] | None = None
    for exponents in MIXTURES:
        mixture = Mixture(*exponents)
        mixed = mix_items(chances, labels, mixture)
        by_type = mixed @ belongs
        # As the service does: the type first, then the best item within it.
        inside = mixed * belongs[:, by_type.argmax(axis=1)].T
        measured = {"type": _right(by_type, types), "item": _right(inside, items)}
        merit = measured["type"] + measured["item"]
        if best is None or merit > best[0]:
            best = (merit, mixture, measured)
    assert best is not None
    return best[1], best[2]
