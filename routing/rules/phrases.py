"""Phrase rules: tables that a reader of Chinese can check, compiled to patterns.

In a pattern `<名>` stands for a group of `data/words.csv`, `…` for up to twelve characters of the
same sentence, `~` for up to four, `【】` marks the telling words (a negation is looked for before
them). The rest is a regular expression.
"""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from routing.rules.clauses import Mood, Sentence, is_said_now, read_mood
from routing.rules.sieve import Sieve

DATA_DIR = Path(__file__).parent / "data"
NEAR = 6
# Who writes more than this is not in danger this minute: such a text is for a person to read.
TOO_LONG = 600


class RuleTableError(ValueError):
    """A row of a rule table cannot be read; the message names file, row and reason."""


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """One row of a table.

    `outcomes` is what follows (numbers or an exclusion code), best first; `items` item codes, best
    first; `clause` a clause code of the law; `needs_now`: it decides only when the text speaks of
    this moment; `also_in`: moods other than "actual" in which it still decides; `unless`: words
    anywhere in the text that call it off; `unless_near`: words that do so within `NEAR` characters
    of the match.
    """

    code: str
    kind: str
    outcomes: tuple[str, ...]
    items: tuple[str, ...]
    clause: str
    urgent: bool
    needs_now: bool
    also_in: frozenset[Mood]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    unless_near: re.Pattern[str] | None
    why: str


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rows in the order of the file: the order of precedence."""

    rules: tuple[PhraseRule, ...]
    sieve: Sieve


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that found its words. `decides` is false when the mood or the moment speaks against."""

    rule: PhraseRule
    words: str
    mood: Mood
    start: int
    decides: bool


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            yield number, {key: (value or "").strip() for key, value in row.items()}


@cache
def word_groups() -> Mapping[str, str]:
    """The groups of `data/words.csv` as alternatives of a pattern; a group may use those above."""
    groups: dict[str, str] = {}
    for number, row in _rows(DATA_DIR / "words.csv"):
        groups[row["group"]] = _expand(row["words"], groups, f"words.csv 第{number}行")
    return groups


def _expand(text: str, groups: Mapping[str, str], where: str) -> str:
    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in groups:
            raise RuleTableError(f"{where}：没有词组〈{name}〉")
        return f"(?:{groups[name]})"

    return re.sub(r"<([^<>=!?]+)>", replace, text)


def hash_tables() -> str:
    """A fingerprint of all rule tables: same tables, same hash."""
    digest = hashlib.sha256()
    for path in sorted(DATA_DIR.glob("*.csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compile_phrase(text: str, where: str = "") -> re.Pattern[str]:
    """Compile a pattern of the tables. Raises RuleTableError."""
    source = _expand(text, word_groups(), where)
    source = source.replace("…", "[^。！!？?；;]{0,12}?").replace("~", "[^。！!？?；;]{0,4}?")
    for number in range(source.count("【")):
        source = source.replace("【", f"(?P<key{number}>", 1)
    source = source.replace("】", ")")
    try:
        return re.compile(source)
    except re.error as error:
        raise RuleTableError(f"{where}：无法读懂的写法：{error}") from error


def read_table(name: str) -> RuleTable:
    """The rules of `data/<name>`. Raises RuleTableError."""
    rules: list[PhraseRule] = []
    for number, row in _rows(DATA_DIR / name):
        where = f"{name} 第{number}行"
        unless, near = row.get("unless", ""), row.get("unless_near", "")
        rules.append(
            PhraseRule(
                code=row["code"],
                kind=row["kind"],
                outcomes=tuple(row["outcomes"].split("|")),
                items=tuple(code for code in row.get("items", "").split("|") if code),
                clause=row["clause"],
                urgent=row.get("urgent", "0") == "1",
                needs_now=row.get("needs_now", "0") == "1",
                also_in=frozenset(Mood(word) for word in row.get("also_in", "").split("|") if word),
                pattern=compile_phrase(row["pattern"], where),
                unless=compile_phrase(unless, where) if unless else None,
                unless_near=compile_phrase(near, where) if near else None,
                why=row["why"],
            )
        )
    return RuleTable(tuple(rules), Sieve([rule.pattern for rule in rules]))


def find_phrases(
    text: str,
    sentences: tuple[Sentence, ...],
    table: RuleTable,
    pieces: Set[str] | None = None,
) -> tuple[Finding, ...]:
    """Every rule that finds its words, at most once each (its most certain place), in the order of
    the rules."""
    now = is_said_now(text)
    findings: list[Finding] = []
    for number in table.sieve.passing(text, pieces):
        rule = table.rules[number]
        best: Finding | None = None
        for sentence in sentences:
            found = _read(rule, sentence, text, now)
            if found and (best is None or (found.decides and not best.decides)):
                best = found
            if best and best.decides:
                break
        if best:
            findings.append(best)
    return tuple(findings)


def _read(rule: PhraseRule, sentence: Sentence, text: str, now: bool) -> Finding | None:
    best: Finding | None = None
    for match in rule.pattern.finditer(sentence.text):
        keys = [match.start(name) for name in rule.pattern.groupindex]
        key = max(keys, default=match.start())
        if key < 0:
            key = match.start()
        rest = text[sentence.start + key + 1 :]
        mood = read_mood(sentence.text, match.start(), match.end(), key, rest, rule.kind)
        decides = mood is Mood.ACTUAL or mood in rule.also_in
        if decides and not now and (rule.needs_now or len(text) > TOO_LONG):
            decides = False
        if decides and rule.unless and rule.unless.search(text):
            decides = False
        if decides and rule.unless_near:
            around = sentence.text[max(0, match.start() - NEAR) : match.end() + NEAR]
            decides = not rule.unless_near.search(around)
        found = Finding(rule, match.group(), mood, sentence.start + match.start(), decides)
        if decides:
            return found
        best = best or found
    return best
