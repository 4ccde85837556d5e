"""Everything that the rule tables find in a text, read once."""

from dataclasses import dataclass

from routing.rules.clauses import Sentence, split_sentences
from routing.rules.danger import find_dangers
from routing.rules.exclusions import find_exclusions
from routing.rules.lines import LineFound, find_lines
from routing.rules.phrases import Finding
from routing.rules.sieve import pieces_of
from routing.rules.subjects import find_subjects


@dataclass(frozen=True, slots=True)
class Reading:
    sentences: tuple[Sentence, ...]
    dangers: tuple[Finding, ...]
    exclusions: tuple[Finding, ...]
    subjects: tuple[str, ...]
    lines: tuple[LineFound, ...]

    def signals(self) -> tuple[str, ...]:
        """What the rules saw, as tokens for the model: it learns how far each is to be trusted."""
        signals: list[str] = []
        for finding in (*self.dangers, *self.exclusions):
            mood = "yes" if finding.decides else finding.mood.value
            signals.append(f"{finding.rule.code}:{mood}")
            signals.append(f"{finding.rule.kind}:{mood}")
        signals.extend(self.subjects)
        signals.extend(f"line:{line.line}" for line in self.lines)
        signals.extend(f"leading:{line.line}" for line in self.lines[:1])
        return tuple(dict.fromkeys(signals))


def read_rules(text: str) -> Reading:
    """Read a normalised text by all rule tables."""
    sentences, pieces = split_sentences(text), pieces_of(text)
    return Reading(
        sentences,
        find_dangers(text, sentences, pieces),
        find_exclusions(text, sentences, pieces),
        find_subjects(text, pieces),
        find_lines(text, pieces),
    )
