"""TF-IDF in blocks, small and fast enough for one text at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain

import numpy as np
import numpy.typing as npt

from routing.ml.tokens import BLOCKS, Tokens

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int64]

# Odd and large: neighbours lie far apart.
_SPREAD = 0x9E3779B97F4A7C1


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

    @cached_property
    def _hashes(self) -> tuple[Columns, Columns]:
        """The tokens' hashes, ascending, and the column of each. A hundred thousand words in a
        dictionary lie all over the memory, and waiting for them took a tenth of every answer."""
        hashes = np.concatenate(
            [_hash(tuple(block), number) for number, block in enumerate(self.columns)]
        )
        order = np.argsort(hashes)
        return hashes[order], order

    def vector(self, tokens: Tokens) -> Vector:
        """The known tokens of a text with their values."""
        said = tuple(chain.from_iterable(tokens))
        sizes = list(map(len, tokens))
        hashes = _hash(said, np.repeat(np.arange(len(sizes)), sizes))
        kept, order = self._hashes
        places = np.minimum(np.searchsorted(kept, hashes), len(kept) - 1)
        counts = np.fromiter(
            chain.from_iterable(tokens_of.values() for tokens_of in tokens), np.float32, len(said)
        )
        known = np.flatnonzero(kept[places] == hashes)
        columns = np.empty(len(known) + 1, dtype=np.int64)
        columns[:-1] = order[places[known]]
        columns[-1] = self.width - 1
        values = np.empty(len(columns), dtype=np.float32)
        values[-1] = 0.5
        values[:-1] = (1.0 + np.log(counts[known])) * self.idf[columns[:-1]]
        ends = np.searchsorted(known, list(accumulate(sizes))).tolist()
        for start, end, weight in zip([0, *ends], ends, self.weights, strict=False):
            part = values[start:end]
            if len(part):
                part *= weight / float(np.sqrt(np.dot(part, part)))
        return Vector(columns, values, tuple(map(said.__getitem__, known.tolist())), tuple(ends))


def _hash(tokens: Sequence[str], blocks: int | Columns) -> Columns:
    """A number for each token of a block; that two share one has a chance of 1 in 2^64. Python's own
    hash sees bytes alone, to which tm is 浴, so the length joins in."""
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    own = np.fromiter(map(hash, tokens), np.int64, len(tokens))
    return np.asarray(own ^ (lengths * len(BLOCKS) + blocks) * _SPREAD)
