"""Text to tokens: words, word pairs, characters and their pairs, and the signals that the rules found.

jieba's own dictionary cuts 湟中/区 and 路/灯不亮, so the catalogue's words and the gazetteer are
added to it before the first cut.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from operator import add
from pathlib import Path
from typing import Any

from routing.ml.dictionary import make_tokenizer

Tokens = tuple[Counter[str], ...]

# Words, pairs and runs are weighed in blocks of their own, each of length one.
BLOCKS = ("word", "run", "signal")

_NOISE = re.compile(r"[\s　]+")
_DIGITS = re.compile(r"\d+")
_WORDLIKE = re.compile(r"\w")
_UNWORDLIKE = re.compile(r"\W+")

# The beginning of a long text names the matter, its end the request.
HEAD_LENGTH = 4000
TAIL_LENGTH = 1000


def clip_text(text: str) -> str:
    """The part of a text that the model reads: the first 4000 and the last 1000 characters."""
    if len(text) <= HEAD_LENGTH + TAIL_LENGTH:
        return text
    return text[:HEAD_LENGTH] + "\n" + text[-TAIL_LENGTH:]


class WordCutter:
    """A jieba tokenizer of our own. Loads its dictionary at the first cut, once, whatever threads
    ask; `folder` is where it may be kept for the next time."""

    def __init__(self, words: Iterable[str] = (), folder: Path | None = None) -> None:
        self._folder = folder
        self._words = tuple(words)
        self._lock = threading.Lock()
        self._tokenizer: Any = None

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(sorted({word for word in self._words if 2 <= len(word) <= 12}))

    def cut(self, text: str) -> list[str]:
        tokenizer = self._tokenizer or self._load()
        words = tokenizer.lcut(text, HMM=False)
        return [word for word in words if word.isalnum() or _WORDLIKE.search(word)]

    def _load(self) -> Any:
        with self._lock:
            if self._tokenizer is None:
                tokenizer = make_tokenizer(self._folder)
                for word in self.words:
                    tokenizer.add_word(word)
                self._tokenizer = tokenizer
            return self._tokenizer


def count_tokens(text: str, cutter: WordCutter, signals: Sequence[str] = ()) -> Tokens:
    """Token counts per block of `BLOCKS`. Numbers count as one token, whatever they are."""
    plain = _DIGITS.sub("0", _NOISE.sub(" ", clip_text(text)).lower())
    words = cutter.cut(plain)
    word_block = Counter(words)
    word_block.update(map("_".join, pairwise(words)))
    run_block = Counter(map(add, plain, plain[1:]))
    run_block.update(_UNWORDLIKE.sub("", plain))
    return word_block, run_block, Counter(signals)
