"""Many texts as one matrix, for training."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from routing.ml.tokens import BLOCKS, Tokens
from routing.ml.vectors import Vectorizer


def matrix_of(texts: Sequence[Tokens], vectorizer: Vectorizer) -> csr_matrix:
    """Texts x columns."""
    rows = [vectorizer.vector(tokens) for tokens in texts]
    starts = np.cumsum([0] + [len(row.columns) for row in rows])
    return csr_matrix(
        (
            np.concatenate([row.values for row in rows]),
            np.concatenate([row.columns for row in rows]),
            starts,
        ),
        shape=(len(rows), vectorizer.width),
        dtype=np.float32,
    )


def fit_vectorizer(
    texts: Sequence[Tokens],
    weights: tuple[float, ...] = (1.0, 1.0, 1.0),
    least: tuple[int, ...] = (1, 2, 1),
) -> Vectorizer:
    """Learn columns and IDF. `least`: in how many texts a token of each block must stand."""
    columns: list[dict[str, int]] = []
    idf: list[float] = []
    for number in range(len(BLOCKS)):
        seen: Counter[str] = Counter()
        for tokens in texts:
            seen.update(tokens[number].keys())
        block: dict[str, int] = {}
        for token in sorted(token for token, count in seen.items() if count >= least[number]):
            block[token] = len(idf)
            idf.append(float(np.log((1 + len(texts)) / (1 + seen[token])) + 1.0))
        columns.append(block)
    return Vectorizer(tuple(columns), np.array(idf, dtype=np.float32), weights)
