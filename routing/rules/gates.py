"""What a text must show before the model alone may put it on the police's list.

Attachment 2 of 青政办〔2022〕88号 names many matters twice that attachment 1 has as well: a well cover, a
power failure, a question. They are the police's only in danger, or when the police are what it is
about; likeness of words cannot tell that, so it is asked of the text. The table is `data/gates.csv`.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from routing.rules.phrases import DATA_DIR, compile_phrase

# What is left of an item's probability when its gate stays shut.
SHUT = 0.08
# From this probability of urgency on, a matter counts as danger for its gate.
URGENT = 0.5


@dataclass(frozen=True, slots=True)
class Gate:
    """`code`: an item's, or a type's for those of its items that have no gate of their own;
    `needs_urgent`: the matter must be urgent; `pattern`: words that must stand in the text."""

    code: str
    needs_urgent: bool
    pattern: re.Pattern[str] | None
    why: str


@cache
def _gates() -> dict[str, Gate]:
    with (DATA_DIR / "gates.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Gate(
                row["code"],
                row["needs_urgent"] == "1",
                compile_phrase(row["pattern"], row["code"]) if row["pattern"] else None,
                row["why"],
            )
            for row in csv.DictReader(file)
        }


@cache
def _gate_of(code: str) -> Gate | None:
    return _gates().get(code) or _gates().get(code[:-2])


def pass_gates(
    items: Iterable[tuple[str, float]], text: str, *, urgent: float
) -> tuple[tuple[tuple[str, float], ...], float]:
    """The items' probabilities with those behind a shut gate lowered, and which share of the police
    list's probability is left (0 to 1). `urgent` is the model's probability of urgency."""
    shut: dict[str, bool] = {}
    before = after = 0.0
    passed: list[tuple[str, float]] = []
    lowered = False
    for code, chance in items:
        left = chance
        if code.startswith("110-"):
            gate = _gate_of(code)
            if gate:
                is_shut = shut.get(gate.code)
                if is_shut is None:
                    is_shut = shut[gate.code] = _is_shut(gate, text, urgent)
                if is_shut:
                    left, lowered = chance * SHUT, True
            before += chance
            after += left
        passed.append((code, left))
    if lowered:
        passed.sort(key=lambda pair: -pair[1])
    return tuple(passed), after / before if before else 1.0


def _is_shut(gate: Gate, text: str, urgent: float) -> bool:
    return (gate.needs_urgent and urgent < URGENT) or (
        gate.pattern is not None and not gate.pattern.search(text)
    )
