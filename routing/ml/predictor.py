"""A model at work: one text in, calibrated probabilities out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.ml.heads import soften
from routing.ml.tokens import Tokens, WordCutter, count_tokens
from routing.ml.training import HEADS, JOINT, Model, head_offsets, mix_items, number_logits


@dataclass(frozen=True, slots=True)
class Prediction:
    """Probabilities, 0 to 1. `numbers` and `items` sum to one each, best first."""

    numbers: tuple[tuple[str, float], ...]
    items: tuple[tuple[str, float], ...]
    urgent: float
    complex: float


class Predictor:
    """Answers from one loaded model; safe for many threads. `name` is the model's name."""

    def __init__(self, model: Model, name: str) -> None:
        self.name = name
        self._model = model
        self._cutter = WordCutter(model.words)
        self._offsets = head_offsets(model.labels)

    @property
    def model(self) -> Model:
        return self._model

    def read(self, text: str, signals: Sequence[str]) -> Tokens:
        """The tokens of a normalised text, for `predict` and `telling_words`."""
        return count_tokens(text, self._cutter, signals)

    def predict(self, tokens: Tokens) -> Prediction:
        model = self._model
        indices, values = model.vectorizer.vector(tokens)
        scores = values @ model.weights[indices]
        chances = {
            head: soften(
                scores[self._offsets[head] : self._offsets[head] + len(model.labels[head])],
                model.sharpness[head],
            )
            for head in HEADS
        }
        chances["number"] = soften(number_logits(chances, model.labels), model.sharpness[JOINT])
        mixed = mix_items(chances, model.labels, model.mixture)
        return Prediction(
            numbers=_ranked(model.labels["number"], chances["number"]),
            items=_ranked(model.labels["item"], mixed),
            urgent=float(chances["urgent"][model.labels["urgent"].index("1")]),
            complex=float(chances["complex"][model.labels["complex"].index("1")]),
        )

    def telling_words(self, tokens: Tokens, item_code: str, limit: int = 4) -> tuple[str, ...]:
        """The caller's own words that spoke most for an item; empty when none did."""
        model = self._model
        if item_code not in model.labels["item"]:
            return ()
        column = self._offsets["item"] + model.labels["item"].index(item_code)
        words = [word for word in tokens[0] if "_" not in word and len(word) > 1]
        places = [model.vectorizer.columns[0].get(word) for word in words]
        known = [(word, at) for word, at in zip(words, places, strict=True) if at is not None]
        if not known:
            return ()
        rows = np.array([at for _, at in known])
        pull = model.weights[rows, column] * model.vectorizer.idf[rows]
        order = np.argsort(-pull)
        return tuple(known[at][0] for at in order[:limit] if pull[at] > 0)


def _ranked(labels: Sequence[str], chances: object) -> tuple[tuple[str, float], ...]:
    values = np.asarray(chances)
    return tuple((labels[at], float(values[at])) for at in np.argsort(-values))
