"""jieba's dictionary, kept in a file of our own that loads in a third of the time."""

import logging
import math
import os
import warnings
import zipfile
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
        """jieba's own search of the likeliest way through a text, but one that looks each word up
        once, not first for its end and then for its weight: cutting is a fifth of every answer."""

        def get_DAG(self, sentence: str) -> None:  # noqa: N802
            """The words are found by `calc` as it goes."""

        def calc(self, sentence: str, ends: None, route: dict[int, tuple[float, int]]) -> None:
            count_of, log, total = self.FREQ.get, math.log, math.log(self.total)
            length = len(sentence)
            route[length] = (0.0, 0)
            for start in range(length - 1, -1, -1):
                best = (-math.inf, 0)
                end = start + 1
                # Every beginning of a word stands in the dictionary, with 0 if it is none itself.
                while (count := count_of(sentence[start:end])) is not None:
                    if count:
                        way = (log(count) - total + route[end][0], end - 1)
                        if way > best:
                            best = way
                    end += 1
                    if end > length:
                        break
                if best[0] == -math.inf:  # no word begins here: the character counts as seen once
                    best = (route[start + 1][0] - total, start)
                route[start] = best

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
