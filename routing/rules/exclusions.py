"""Matters that 12345 does not accept (青政办〔2021〕48号 三（一）): ten kinds.

Whoever asks how such a procedure works is answered like any other enquiry; whoever wants its
result changed or done by the hotline is told the lawful route. The table is `data/exclusions.csv`.
"""

from collections.abc import Set
from functools import cache

from routing.rules.clauses import Sentence
from routing.rules.phrases import Finding, RuleTable, find_phrases, read_table


@cache
def exclusion_table() -> RuleTable:
    return read_table("exclusions.csv")


def find_exclusions(
    text: str, sentences: tuple[Sentence, ...], pieces: Set[str] | None = None
) -> tuple[Finding, ...]:
    """Every exclusion rule that finds its words in a normalised text, those that decide first.
    `pieces` as of a sieve."""
    findings = find_phrases(text, sentences, exclusion_table(), pieces)
    return tuple(sorted(findings, key=lambda finding: not finding.decides))
