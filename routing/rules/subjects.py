"""What callers call the things of the catalogue: a thesaurus of subjects, each a row of phrases.

A subject decides nothing; it tells the model that different words mean the same thing. The table
is `data/subjects.csv` (subject, items, pattern).
"""

import csv
import re
from dataclasses import dataclass
from functools import cache

import re2

from routing.rules.phrases import DATA_DIR, compile_phrase

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


# What RE2 cannot look at: words that must not stand before or behind.
_LOOKAROUND = re.compile(r"\(\?<?[!=](?:[^()]|\([^()]*\))*\)")
# Of RE2's automaton; it never needed a tenth.
_AUTOMATON_BYTES = 64 << 20


@cache
def _sieve() -> re2.Set:
    """All subjects' phrases in one automaton that reads a text once: two hundred patterns one after
    the other took a quarter of the router's time. Without the looks around it lets through too much,
    never too little; the exact pattern decides."""
    options = re2.Options()
    options.max_mem = _AUTOMATON_BYTES
    sieve = re2.Set.SearchSet(options)
    for subject in subjects():
        sieve.Add(_LOOKAROUND.sub("", subject.pattern.pattern))
    sieve.Compile()
    return sieve


def find_subjects(text: str) -> tuple[str, ...]:
    """The names of all subjects that a normalised text speaks of."""
    part = text[:READ_LENGTH]
    known = subjects()
    passed = sorted(_sieve().Match(part) or ())
    return tuple(known[at].name for at in passed if known[at].pattern.search(part))
