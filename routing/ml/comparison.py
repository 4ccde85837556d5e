"""The same text pipeline on any set of labels, for comparison on public data."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import accuracy_score, f1_score
from sklearn.svm import LinearSVC

from routing.ml.matrices import fit_vectorizer, matrix_of
from routing.ml.tokens import WordCutter, count_tokens


@dataclass(frozen=True)
class Comparison:
    """`accuracy` and `macro_f1` lie between 0 and 1; times are wall seconds."""

    accuracy: float
    macro_f1: float
    train_seconds: float
    test_seconds: float
    labels: tuple[str, ...]
    predictions: tuple[str, ...]


def compare_texts(
    train: Sequence[tuple[str, str]], test: Sequence[tuple[str, str]], words: Sequence[str] = ()
) -> Comparison:
    """Train on (text, label) pairs and answer the test texts.

    Tokens and TF-IDF blocks are the router's; the head is a linear SVM, which unlike the router's
    closed form also takes sets of any size.
    """
    cutter = WordCutter(words)
    cutter.cut("准备")
    started = time.perf_counter()
    tokens = [count_tokens(text, cutter) for text, _ in train]
    vectorizer = fit_vectorizer(tokens, (1.0, 1.0, 1.0), (2, 2, 1))
    labels = np.array([label for _, label in train])
    head = LinearSVC(C=1.0, class_weight="balanced", random_state=0)
    head.fit(matrix_of(tokens, vectorizer), labels)
    trained = time.perf_counter()
    answers = head.predict(matrix_of([count_tokens(text, cutter) for text, _ in test], vectorizer))
    finished = time.perf_counter()
    truth = [label for _, label in test]
    return Comparison(
        accuracy=float(accuracy_score(truth, answers)),
        macro_f1=float(f1_score(truth, answers, average="macro")),
        train_seconds=trained - started,
        test_seconds=finished - trained,
        labels=tuple(sorted(set(truth) | set(labels.tolist()))),
        predictions=tuple(str(answer) for answer in answers),
    )
