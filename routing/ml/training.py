"""From examples to a model: five linear heads over one vector space, calibrated on unseen texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from routing.ml.corpus import NOT_ACCEPTED, Example
from routing.ml.heads import Doubles, Floats, fit_sharpness, soften, solve_heads
from routing.ml.tokens import WordCutter, count_tokens
from routing.ml.vectors import Vectorizer, fit_vectorizer

HEADS = ("number", "type", "item", "urgent", "complex")
# An item that would do as well is half as right as the best one.
ALSO_RIGHT = 0.5
PENALTIES = (0.35, 0.6, 1.0)
BLOCK_WEIGHTS = (1.0, 1.0, 1.0)

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
    penalty: float
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
    penalties: Sequence[float] = PENALTIES,
    block_weights: tuple[float, ...] = BLOCK_WEIGHTS,
) -> Model:
    """Train on all examples and choose the penalty by what the model says of texts left out.

    `signals_of` gives the rule signals of a text; the predictor must be given the same. The
    measured figures count full examples only (weight 1).
    """
    report(f"切分 {len(examples)} 条例句")
    tokens = [count_tokens(example.text, cutter, signals_of(example.text)) for example in examples]
    vectorizer = fit_vectorizer(tokens, block_weights)
    matrix = vectorizer.matrix(tokens)
    report(f"特征 {vectorizer.width} 个")
    labels = _labels(examples)
    targets = _targets(examples, labels)
    mass = np.array([example.weight for example in examples], dtype=np.float32)
    full = [row for row, example in enumerate(examples) if example.weight >= 1]
    best: Model | None = None
    for penalty in penalties:
        solution = solve_heads(matrix, targets, penalty, mass)
        unseen = solution.unseen[full]
        model = _calibrate(
            [examples[row] for row in full], unseen, solution.weights, vectorizer, labels, penalty
        )
        report(
            f"正则 {penalty}：平台 {model.measured['number']:.3f}，类型 {model.measured['type']:.3f}，"
            f"细类 {model.measured['item']:.3f}"
        )
        if best is None or _merit(model) > _merit(best):
            best = model
    if best is None:
        raise ValueError("penalties is empty")
    return Model(**{**_fields(best), "words": cutter.words})


def _merit(model: Model) -> float:
    return model.measured["number"] + model.measured["type"] + model.measured["item"]


def _fields(model: Model) -> dict[str, object]:
    return {name: getattr(model, name) for name in Model.__dataclass_fields__}


def _labels(examples: Sequence[Example]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {head: set() for head in HEADS}
    for example in examples:
        for head, answers in answers_of(example).items():
            found[head].update(answers)
    found["urgent"] |= {"0", "1"}
    found["complex"] |= {"0", "1"}
    return {head: tuple(sorted(names)) for head, names in found.items()}


def _targets(examples: Sequence[Example], labels: Mapping[str, tuple[str, ...]]) -> Floats:
    width = sum(len(names) for names in labels.values())
    targets = np.zeros((len(examples), width), dtype=np.float32)
    offsets = head_offsets(labels)
    places = {head: {name: at for at, name in enumerate(labels[head])} for head in HEADS}
    for row, example in enumerate(examples):
        for head, answers in answers_of(example).items():
            start = offsets[head]
            if not answers:
                targets[row, start : start + len(labels[head])] = 1 / len(labels[head])
            for rank, answer in enumerate(answers):
                targets[row, start + places[head][answer]] = 1.0 if rank == 0 else ALSO_RIGHT
    return targets


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


def list_chances(numbers: Doubles, labels: Sequence[str]) -> dict[str, Doubles]:
    """Probability of each list (12345, 110 with its sister numbers, 不予受理)."""
    lists: dict[str, Doubles] = {}
    for name in ("12345", "110", NOT_ACCEPTED):
        columns = [at for at, label in enumerate(labels) if list_of_number(label) == name]
        lists[name] = numbers[..., columns].sum(axis=-1)
    return lists


def _calibrate(
    examples: Sequence[Example],
    unseen: Floats,
    weights: Floats,
    vectorizer: Vectorizer,
    labels: Mapping[str, tuple[str, ...]],
    penalty: float,
) -> Model:
    offsets = head_offsets(labels)
    answers = [answers_of(example) for example in examples]
    sharpness: dict[str, float] = {}
    chances: dict[str, Doubles] = {}
    measured: dict[str, float] = {"examples": float(len(examples))}
    for head in HEADS:
        scores = unseen[:, offsets[head] : offsets[head] + len(labels[head])]
        places = {name: at for at, name in enumerate(labels[head])}
        accepted = [[places[name] for name in answer[head]] for answer in answers]
        sharpness[head] = fit_sharpness(scores, accepted)
        chances[head] = soften(scores, sharpness[head])
        measured[head] = _right(chances[head], accepted)
    mixture, mixed = _fit_mixture(chances, labels, answers)
    places = {name: at for at, name in enumerate(labels["item"])}
    measured["item"] = _right(mixed, [[places[n] for n in a["item"]] for a in answers])
    chosen_types = [type_of(labels["item"][at]) for at in mixed.argmax(axis=1)]
    measured["type"] = float(
        np.mean(
            [kind in answer["type"] for kind, answer in zip(chosen_types, answers, strict=True)]
        )
    )
    return Model(vectorizer, weights, labels, sharpness, mixture, (), penalty, measured)


def _right(chances: Doubles, accepted: Sequence[Sequence[int]]) -> float:
    top = chances.argmax(axis=1)
    known = [at in places for at, places in zip(top, accepted, strict=True) if places]
    return float(np.mean(known)) if known else 0.0


def _fit_mixture(
    chances: Mapping[str, Doubles],
    labels: Mapping[str, tuple[str, ...]],
    answers: Sequence[Mapping[str, tuple[str, ...]]],
) -> tuple[Mixture, Doubles]:
    """The exponents under which the accepted items get the highest probability."""
    places = {name: at for at, name in enumerate(labels["item"])}
    accepted = [[places[name] for name in answer["item"]] for answer in answers]
    best: tuple[float, Mixture, Doubles] | None = None
    for item, kind, listed in product((0.5, 0.8, 1.0), (0.2, 0.5, 0.8), (0.3, 0.6, 1.0)):
        mixture = Mixture(item, kind, listed)
        mixed = mix_items(chances, labels, mixture)
        right = [mixed[row, places_].sum() for row, places_ in enumerate(accepted)]
        merit = float(np.mean(np.log(np.maximum(right, 1e-9))))
        if best is None or merit > best[0]:
            best = (merit, mixture, mixed)
    assert best is not None
    return best[1], best[2]
