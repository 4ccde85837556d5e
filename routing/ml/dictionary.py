"""jieba's dictionary, kept in a file of our own that loads in a third of the time."""

import logging
import math
import os
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

logger = logging.getLogger(__name__)


def make_tokenizer(folder: Path | None = None) -> Any:
    """A jieba tokenizer with its dictionary. `folder` is where the dictionary is kept for the next
    time; without one jieba keeps it in its own way."""
    with warnings.catch_warnings():
        # jieba imports pkg_resources and has unescaped patterns.
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel(60)

    class Tokenizer(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
        def calc(
            self,
            sentence: str,
            ends: Mapping[int, Sequence[int]],
            route: dict[int, tuple[float, int]],
        ) -> None:
            """jieba's own search of the likeliest way (`ends`: where a word from each place may end),
            without a generator for each character: a tenth of every answer's time."""
            count, log, total = self.FREQ.get, math.log, math.log(self.total)
            route[len(sentence)] = (0, 0)
            for at in range(len(sentence) - 1, -1, -1):
                best = (-math.inf, at)
                for end in ends[at]:
                    weight = log(count(sentence[at : end + 1]) or 1) - total
                    way = (weight + route[end + 1][0], end)
                    if way > best:
                        best = way
                route[at] = best

    tokenizer = Tokenizer()
    if folder is None:
        tokenizer.initialize()
        return tokenizer
    path = folder / f"jieba-{jieba.__version__}.npz"
    kept = _read(path)
    if kept:
        tokenizer.FREQ, tokenizer.total = kept
        tokenizer.initialized = True
    else:
        tokenizer.initialize()
        _write(path, tokenizer.FREQ, tokenizer.total)
    return tokenizer


def _read(path: Path) -> tuple[dict[str, int], int] | None:
    """How often each word stands in jieba's corpus, and the sum; None where no file can be read."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            words = file["words"].tobytes().decode().split("\n")
            return dict(zip(words, file["counts"].tolist(), strict=True)), int(file["total"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        logger.warning("%s cannot be read and is written anew: %s", path.name, error)
        return None


def _write(path: Path, counts: dict[str, int], total: int) -> None:
    """Whole or not at all, whoever else writes; a folder that takes no file costs time, no answer."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            np.savez(
                file,
                words=np.frombuffer("\n".join(counts).encode(), dtype=np.uint8),
                counts=np.fromiter(counts.values(), np.int32, len(counts)),
                total=np.int64(total),
            )
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        logger.warning("%s cannot be written: %s", path.name, error)
