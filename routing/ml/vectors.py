"""TF-IDF in blocks, small and fast enough for one text at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, chain, repeat

import numpy as np
import numpy.typing as npt

from routing.ml.tokens import Tokens

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vector:
    """One text: `values[i]` stands in column `columns[i]`, the last of them in the constant one;
    `tokens[i]` is the token, those of a block side by side up to `ends[block]`."""

    columns: Columns
    values: Floats
    tokens: tuple[str, ...]
    ends: tuple[int, ...]


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

    def vector(self, tokens: Tokens) -> Vector:
        """The known tokens of a text with their values."""
        said = tuple(chain.from_iterable(tokens))
        looked_up = (
            map(block.get, tokens_of, repeat(-1))
            for block, tokens_of in zip(self.columns, tokens, strict=True)
        )
        places = np.fromiter(chain.from_iterable(looked_up), np.int64, len(said))
        counts = np.fromiter(
            chain.from_iterable(tokens_of.values() for tokens_of in tokens), np.float32, len(said)
        )
        known = np.flatnonzero(places >= 0)
        columns = np.empty(len(known) + 1, dtype=np.int64)
        columns[:-1] = places[known]
        columns[-1] = self.width - 1
        values = np.empty(len(columns), dtype=np.float32)
        values[-1] = 0.5
        values[:-1] = (1.0 + np.log(counts[known])) * self.idf[columns[:-1]]
        ends = np.searchsorted(known, list(accumulate(map(len, tokens)))).tolist()
        for start, end, weight in zip([0, *ends], ends, self.weights, strict=False):
            part = values[start:end]
            if len(part):
                part *= weight / float(np.sqrt(np.dot(part, part)))
        return Vector(columns, values, tuple(map(said.__getitem__, known.tolist())), tuple(ends))
