"""What training leaves behind, and a predictor works with. Nothing here needs scikit-learn: it is half
of the start of a process that only answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.ml.labels import Labels, Mixture
from routing.ml.vectors import Vectorizer
from routing.ml.weights import Weights


@dataclass(frozen=True)
class Model:
    """Everything a predictor needs. The columns of `weights` are those of `labels`."""

    vectorizer: Vectorizer
    weights: Weights
    labels: Labels
    sharpness: Mapping[str, float]
    mixture: Mixture
    words: tuple[str, ...]
    measured: Mapping[str, float]
    # Weights of `routing.rules.confidence.Features`; fitted after the rules have had their say.
    confidence: tuple[float, ...] = ()
