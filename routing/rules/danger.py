"""Written danger rules: what no model may talk down (青政办〔2022〕88号 三（一）2, 三（三）1).

The table is `data/danger.csv`; the order of its rows is the order of precedence.
"""

from collections.abc import Set
from functools import cache

from routing.rules.clauses import Sentence
from routing.rules.phrases import Finding, RuleTable, find_phrases, read_table


@cache
def danger_table() -> RuleTable:
    return read_table("danger.csv")


def find_dangers(
    text: str, sentences: tuple[Sentence, ...], pieces: Set[str] | None = None
) -> tuple[Finding, ...]:
    """Every danger rule that finds its words in a normalised text, those that decide first.
    `pieces` as of a sieve."""
    findings = find_phrases(text, sentences, danger_table(), pieces)
    return tuple(sorted(findings, key=lambda finding: not finding.decides))
