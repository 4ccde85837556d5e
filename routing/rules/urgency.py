"""Whether a matter is urgent (青政办〔2022〕88号 三（四）4: urgent ones are done in one working day)."""

import csv
import re
from dataclasses import dataclass
from functools import cache

from routing.rules.clauses import Mood, Sentence, read_mood
from routing.rules.phrases import DATA_DIR, Finding, compile_phrase


@dataclass(frozen=True, slots=True)
class SupplyRule:
    """A basic supply that is cut now, or help that a disaster calls for: `pattern` names it, `context`
    must stand anywhere in the text, `also_in` are the moods beside "actual" in which it counts."""

    code: str
    context: re.Pattern[str] | None
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    also_in: frozenset[Mood]
    why: str


@dataclass(frozen=True, slots=True)
class Urgency:
    urgent: bool
    words: str
    why: str


@cache
def _supply_rules() -> tuple[SupplyRule, ...]:
    with (DATA_DIR / "supplies.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            SupplyRule(
                row["code"],
                compile_phrase(row["context"], row["code"]) if row["context"] else None,
                compile_phrase(row["pattern"], row["code"]),
                compile_phrase(row["unless"], row["code"]) if row["unless"] else None,
                frozenset(Mood(word) for word in row["also_in"].split("|") if word),
                row["why"],
            )
            for row in csv.DictReader(file)
        )


def judge_urgency(
    text: str,
    sentences: tuple[Sentence, ...],
    dangers: tuple[Finding, ...],
    chance: float,
    threshold: float,
) -> Urgency:
    """Urgent when a danger rule that is marked so decides, when a basic supply is cut now or a
    disaster calls for help, or when the model's probability (0 to 1) reaches the threshold."""
    for finding in dangers:
        if finding.decides and finding.rule.urgent:
            return Urgency(True, finding.words, f"{finding.rule.why}，危险正在发生")
    for rule in _supply_rules():
        for sentence in sentences:
            match = rule.pattern.search(sentence.text)
            if match and _is_called_off(rule, text):
                break
            if match:
                rest = text[sentence.start + match.end() :]
                mood = read_mood(
                    sentence.text, match.start(), match.end(), match.start(), rest, "supply"
                )
                if mood is Mood.ACTUAL or mood in rule.also_in:
                    return Urgency(True, match.group(), rule.why)
    if chance >= threshold:
        return Urgency(True, "", f"模型判断为紧急的概率 {chance:.0%}")
    return Urgency(False, "", "")


def _is_called_off(rule: SupplyRule, text: str) -> bool:
    """Whether the text around speaks against a rule, or not for it."""
    return bool(
        (rule.unless and rule.unless.search(text))
        or (rule.context and not rule.context.search(text))
    )
