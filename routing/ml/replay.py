"""Predictors for answers that are only measured."""

from collections.abc import Sequence

import numpy as np

from routing.ml.model import Model
from routing.ml.predictor import Prediction, Predictor, prediction_of
from routing.ml.training import Training
from routing.ml.vectors import Vector

NOTHING = Vector(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32), (), ())


class SilentPredictor(Predictor):
    """A predictor that gives no words as evidence, for answers that are only measured."""

    def __init__(self, model: Model) -> None:
        super().__init__(model, "unseen")

    def read(self, text: str, signals: Sequence[str]) -> Vector:
        return NOTHING

    def telling_words(self, vector: Vector, item_code: str, limit: int = 4) -> tuple[str, ...]:
        return ()


class Replay(SilentPredictor):
    """Says of a training text what the model said when it had not seen it."""

    def __init__(self, training: Training, place: int) -> None:
        super().__init__(training.model)
        self._chances = {head: chances[place] for head, chances in training.unseen.items()}

    def predict(self, vector: Vector) -> Prediction:
        return prediction_of(self._chances, self.model.labels, self.model.mixture)
