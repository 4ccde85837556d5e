"""Whose line of work a matter is, by its own words (谁主管谁负责).

The documents name the members and leave to the hotline which matter is whose; `data/lines.csv` is
that local setting, a row a member: words that only its line has, and words that it shares.
"""

import csv
import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from routing.rules.phrases import DATA_DIR, compile_phrase
from routing.rules.sieve import Sieve

# Bounds the work on a very long text; the matter is named near the beginning.
READ_LENGTH = 1500
# Words counted of each kind: more say no more.
MOST = 4
OPENING = 60
# A letter comes back to its matter.
REPEATED = 0.3
MOST_REPEATED = 6


@dataclass(frozen=True, slots=True)
class LineWords:
    line: str
    strong: re.Pattern[str]
    weak: re.Pattern[str] | None
    why: str


@dataclass(frozen=True, slots=True)
class LineFound:
    """A line with the words that speak for it. `score`: two for a word of its own, one for a shared
    one, half a point more for words of the opening, a little more for each time one is said again."""

    line: str
    score: float
    words: tuple[str, ...]
    why: str


@cache
def line_words() -> tuple[LineWords, ...]:
    with (DATA_DIR / "lines.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            LineWords(
                row["line"],
                compile_phrase(row["strong"], f"lines.csv 第{number}行"),
                compile_phrase(row["weak"], f"lines.csv 第{number}行") if row["weak"] else None,
                row["why"],
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        )


@cache
def _sieve() -> Sieve:
    return Sieve([words.strong for words in line_words()])


def find_lines(text: str, pieces: Set[str] | None = None) -> tuple[LineFound, ...]:
    """The lines that a normalised text speaks of by a word of their own, likeliest first. `pieces` as
    of a sieve."""
    part = text[:READ_LENGTH]
    known = line_words()
    passing = _sieve().passing(part, pieces if len(text) == len(part) else None)
    found = [line for at in passing if (line := _read(known[at], part))]
    return tuple(sorted(found, key=lambda line: -line.score))


# A call names its line clearly from this score on, and with so much more than the next line.
CLEAR = 6.5
CLEARER_BY = 2.0


def speaks_clearly(found: Sequence[LineFound]) -> bool:
    """Whether one line stands out by its words."""
    if not found or found[0].score < CLEAR:
        return False
    return len(found) == 1 or found[0].score - found[1].score >= CLEARER_BY


def _read(words: LineWords, text: str) -> LineFound | None:
    places = [(match.group(), match.start()) for match in words.strong.finditer(text)]
    if not places:
        return None
    strong = dict(reversed(places))
    weak = {match.group() for match in words.weak.finditer(text)} if words.weak else set()
    score = 2.0 * min(len(strong), MOST) + min(len(weak), MOST)
    score += 0.5 * min(sum(start < OPENING for start in strong.values()), MOST)
    score += REPEATED * min(len(places) - len(strong), MOST_REPEATED)
    told = tuple(sorted(strong, key=lambda word: strong[word]))[:3]
    return LineFound(words.line, score, told, words.why)


# How far the words of the table count beside the model, and how steeply their score does.
WORDS_SHARE = 0.6
STEEPNESS = 0.8


def weigh_lines(model: Mapping[str, float], found: Sequence[LineFound]) -> dict[str, float]:
    """Probabilities of the lines: the model's and those of the words, mixed; the model's alone where
    no word of a line's own stands in the text."""
    if not found:
        return dict(model)
    powers = {line.line: math.exp(STEEPNESS * line.score) for line in found}
    total = sum(powers.values())
    share = WORDS_SHARE if model else 1.0
    mixed = {line: (1.0 - share) * chance for line, chance in model.items()}
    for line, power in powers.items():
        mixed[line] = mixed.get(line, 0.0) + share * power / total
    return mixed
