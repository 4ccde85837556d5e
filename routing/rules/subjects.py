"""What callers call the things of the catalogue: a thesaurus of subjects, each a row of phrases.

A subject decides nothing; it tells the model that different words mean the same thing. The table
is `data/subjects.csv` (subject, items, pattern).
"""

import csv
import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from routing.rules.phrases import DATA_DIR, compile_phrase
from routing.rules.sieve import Sieve

# Bounds the work on a very long text.
READ_LENGTH = 5000


@dataclass(frozen=True, slots=True)
class Subject:
    """`items` are the codes that the subject speaks for, best first."""

    name: str
    items: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def subjects() -> tuple[Subject, ...]:
    with (DATA_DIR / "subjects.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Subject(
                row["subject"],
                tuple(code for code in row["items"].split("|") if code),
                compile_phrase(row["pattern"], f"subjects.csv 第{number}行"),
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        )


@cache
def _sieve() -> Sieve:
    return Sieve([subject.pattern for subject in subjects()])


def find_subjects(text: str, pieces: Set[str] | None = None) -> tuple[str, ...]:
    """The names of all subjects that a normalised text speaks of. `pieces` as of a sieve."""
    part = text[:READ_LENGTH]
    known = subjects()
    sure, doubtful = _sieve().sort(part, pieces if len(text) == len(part) else None)
    found = sure.union(at for at in doubtful if known[at].pattern.search(part))
    return tuple(known[at].name for at in sorted(found))
