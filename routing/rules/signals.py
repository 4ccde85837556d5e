"""What the rules saw, as tokens for the model: it learns how far each of them is to be trusted."""

from routing.rules.clauses import split_sentences
from routing.rules.danger import find_dangers
from routing.rules.exclusions import find_exclusions
from routing.rules.lines import LineFound, find_lines
from routing.rules.phrases import Finding
from routing.rules.subjects import find_subjects


def signals_of(text: str) -> tuple[str, ...]:
    """The signals of a normalised text, read by all rule tables."""
    sentences = split_sentences(text)
    return signals_from(
        find_dangers(text, sentences),
        find_exclusions(text, sentences),
        find_subjects(text),
        find_lines(text),
    )


def signals_from(
    dangers: tuple[Finding, ...],
    exclusions: tuple[Finding, ...],
    subjects: tuple[str, ...],
    lines: tuple[LineFound, ...],
) -> tuple[str, ...]:
    """The same from findings that are already there."""
    signals: list[str] = []
    for finding in (*dangers, *exclusions):
        mood = "yes" if finding.decides else finding.mood.value
        signals.append(f"{finding.rule.code}:{mood}")
        signals.append(f"{finding.rule.kind}:{mood}")
    signals.extend(subjects)
    signals.extend(f"line:{line.line}" for line in lines)
    signals.extend(f"leading:{line.line}" for line in lines[:1])
    return tuple(dict.fromkeys(signals))
