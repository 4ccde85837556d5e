"""A model at work: one text in, calibrated probabilities out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from routing.ml.heads import Doubles, soften
from routing.ml.labels import HEADS, JOINT, Labels, Mixture
from routing.ml.tokens import Tokens, WordCutter, count_tokens
from routing.ml.training import Model, Training

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
    """Answers from one loaded model; safe for many threads. `name` is the model's name."""

    def __init__(self, model: Model, name: str) -> None:
        self.name = name
        self._model = model
        self._cutter = WordCutter(model.words)

    @property
    def model(self) -> Model:
        return self._model

    def read(self, text: str, signals: Sequence[str]) -> Tokens:
        """The tokens of a normalised text, for `predict` and `telling_words`."""
        return count_tokens(text, self._cutter, signals)

    def predict(self, tokens: Tokens) -> Prediction:
        model = self._model
        indices, values = model.vectorizer.vector(tokens)
        scores = model.weights.score(indices, values)
        chances = {
            head: model.labels.soften(
                head, scores[model.labels.columns[head]], model.sharpness[head]
            )
            for head in HEADS
        }
        logits = model.labels.number_logits(chances)
        chances["number"] = soften(logits, model.sharpness[JOINT])
        return _prediction(chances, model.labels, model.mixture)

    def telling_words(self, tokens: Tokens, item_code: str, limit: int = 4) -> tuple[str, ...]:
        """The caller's own words that spoke most for an item and its type; empty when none did."""
        model = self._model
        if item_code not in model.labels.names["item"]:
            return ()
        at = model.labels.names["item"].index(item_code)
        columns = [
            model.labels.columns["item"].start + at,
            model.labels.columns["type"].start + int(model.labels.item_types[at]),
        ]
        for block in (0, 1):  # pairs of characters where no whole word is known
            columns_of = model.vectorizer.columns[block]
            known = [
                (word, columns_of[word])
                for word in tokens[block]
                if len(word) > 1 and word.isalpha() and word in columns_of
            ]
            rows = np.array([at for _, at in known], dtype=np.int64)
            pull = model.weights.part(rows, columns).sum(axis=1) * model.vectorizer.idf[rows]
            told = tuple(known[at][0] for at in np.argsort(-pull)[:limit] if pull[at] > 0)
            if told:
                return told
        return ()


class SilentPredictor(Predictor):
    """A predictor that gives no words as evidence, for answers that are only measured."""

    def __init__(self, model: Model) -> None:
        super().__init__(model, "unseen")

    def read(self, text: str, signals: Sequence[str]) -> Tokens:
        return ()

    def telling_words(self, tokens: Tokens, item_code: str, limit: int = 4) -> tuple[str, ...]:
        return ()


class Replay(SilentPredictor):
    """Says of a training text what the model said when it had not seen it."""

    def __init__(self, training: Training, place: int) -> None:
        super().__init__(training.model)
        self._chances = {head: chances[place] for head, chances in training.unseen.items()}

    def predict(self, tokens: Tokens) -> Prediction:
        return _prediction(self._chances, self.model.labels, self.model.mixture)


def _prediction(chances: Mapping[str, Doubles], labels: Labels, mixture: Mixture) -> Prediction:
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
    order = likely[np.argsort(-chances[likely])].tolist()
    return tuple(
        (names[at], chance) for at, chance in zip(order, chances[order].tolist(), strict=True)
    )
