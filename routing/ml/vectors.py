"""TF-IDF in blocks, small and fast enough for one text at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from routing.ml.tokens import BLOCKS, Tokens

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Vectorizer:
    """`columns[block][token]` is a column of the matrix, `idf[column]` its weight; every block is
    brought to length one and multiplied by its weight."""

    columns: tuple[Mapping[str, int], ...]
    idf: Floats
    weights: tuple[float, ...]

    @property
    def width(self) -> int:
        """Number of columns; the last one is constant (the intercept)."""
        return len(self.idf) + 1

    def vector(self, tokens: Tokens) -> tuple[npt.NDArray[np.int64], Floats]:
        """Column numbers and values of one text."""
        columns: list[int] = []
        counts: list[int] = []
        ends: list[int] = []
        for block, tokens_of in zip(self.columns, tokens, strict=True):
            for token, count in tokens_of.items():
                if (column := block.get(token)) is not None:
                    columns.append(column)
                    counts.append(count)
            ends.append(len(columns))
        indices = np.array([*columns, self.width - 1], dtype=np.int64)
        values = np.empty(len(indices), dtype=np.float32)
        values[-1] = 0.5
        values[:-1] = (1.0 + np.log(np.array(counts, dtype=np.float32))) * self.idf[indices[:-1]]
        for start, end, weight in zip([0, *ends], ends, self.weights, strict=False):
            part = values[start:end]
            if len(part):
                part *= weight / float(np.sqrt(np.dot(part, part)))
        return indices, values

    def matrix(self, texts: Sequence[Tokens]) -> csr_matrix:
        rows = [self.vector(tokens) for tokens in texts]
        starts = np.cumsum([0] + [len(indices) for indices, _ in rows])
        return csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([indices for indices, _ in rows]),
                starts,
            ),
            shape=(len(rows), self.width),
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
