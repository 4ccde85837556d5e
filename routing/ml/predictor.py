"""A model at work: one text in, calibrated probabilities out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routing.ml.labels import HEADS, JOINT, Labels, Mixture
from routing.ml.model import Model
from routing.ml.softening import Doubles, soften, soften_groups
from routing.ml.tokens import WordCutter, count_tokens
from routing.ml.vectors import Vector

# Three items of four are so unlikely that weighing them further only costs time.
HOPELESS = 1e-5


@dataclass(frozen=True, slots=True)
class Prediction:
    """Probabilities, 0 to 1. `numbers`, `items`, `lines` (codes of member units, for a matter of
    12345) and `requests` sum to one each, best first; what is below `HOPELESS` is left out."""

    numbers: tuple[tuple[str, float], ...]
    items: tuple[tuple[str, float], ...]
    lines: tuple[tuple[str, float], ...]
    requests: tuple[tuple[str, float], ...]
    urgent: float
    complex: float


class Predictor:
    """Answers from one loaded model; safe for many threads. `name` is the model's name, `folder` a
    place to keep what makes the next start faster."""

    def __init__(self, model: Model, name: str, folder: Path | None = None) -> None:
        self.name = name
        self._model = model
        self._cutter = WordCutter(model.words, folder)
        sizes = [len(model.labels.names[head]) for head in HEADS]
        self._sharpness = np.repeat([model.sharpness[head] for head in HEADS], sizes)

    @property
    def model(self) -> Model:
        return self._model

    def read(self, text: str, signals: Sequence[str]) -> Vector:
        """What is known of the words of a normalised text, for `predict` and `telling_words`."""
        return self._model.vectorizer.vector(count_tokens(text, self._cutter, signals))

    def predict(self, vector: Vector) -> Prediction:
        model, labels = self._model, self._model.labels
        scores = model.weights.score(vector.columns, vector.values)
        softened = soften_groups(scores, self._sharpness, labels.groups)
        chances = {head: softened[labels.columns[head]] for head in HEADS}
        chances["number"] = soften(labels.number_logits(chances), model.sharpness[JOINT])
        return prediction_of(chances, labels, model.mixture)

    def telling_words(self, vector: Vector, item_code: str, limit: int = 4) -> tuple[str, ...]:
        """The caller's own words that spoke most for an item and its type; empty when none did."""
        model = self._model
        if item_code not in model.labels.names["item"]:
            return ()
        at = model.labels.names["item"].index(item_code)
        columns = [
            model.labels.columns["item"].start + at,
            model.labels.columns["type"].start + int(model.labels.item_types[at]),
        ]
        start = 0
        for end in vector.ends[:2]:  # pairs of characters where no whole word is known
            words = vector.tokens[start:end]
            telling = [
                at for at, word in enumerate(words, start) if len(word) > 1 and word.isalpha()
            ]
            rows = vector.columns[telling]
            pull = model.weights.part(rows, columns).sum(axis=1) * model.vectorizer.idf[rows]
            best = np.argsort(-pull)[:limit]
            told = tuple(vector.tokens[telling[at]] for at in best if pull[at] > 0)
            if told:
                return told
            start = end
        return ()


def prediction_of(chances: Mapping[str, Doubles], labels: Labels, mixture: Mixture) -> Prediction:
    return Prediction(
        numbers=_ranked(labels.names["number"], chances["number"]),
        items=_ranked(labels.names["item"], labels.mix_items(chances, mixture)),
        lines=_ranked(labels.names["line"], chances["line"]),
        requests=_ranked(labels.names["request"], chances["request"]),
        urgent=float(chances["urgent"][labels.names["urgent"].index("1")]),
        complex=float(chances["complex"][labels.names["complex"].index("1")]),
    )


def _ranked(names: Sequence[str], chances: Doubles) -> tuple[tuple[str, float], ...]:
    likely = np.flatnonzero(chances >= HOPELESS)
    order = likely[np.argsort(-chances[likely])]
    return tuple(zip(map(names.__getitem__, order.tolist()), chances[order].tolist(), strict=True))
