"""`route`: text in, reasoned decision out. The only door that the ticket side uses."""

import re
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest

from catalog.rules.entries import Catalogue, Item
from catalog.rules.text import normalise
from catalog.snapshot import current_catalogue
from routing.actions import active_predictor
from routing.ml.labels import list_of, list_of_number, type_of
from routing.ml.predictor import Prediction, Predictor
from routing.ml.tokens import clip_text
from routing.ml.vectors import Vector
from routing.policies import current_thresholds
from routing.rules.clauses import LETTER_LENGTH, MOOD_NAMES, is_letter, is_written
from routing.rules.clauses_of_law import clause_code_of, clause_words
from routing.rules.confidence import Features, Thresholds, Zone, confidence_of, zone_of
from routing.rules.decision import (
    EMERGENCY_NUMBERS,
    Candidate,
    Decision,
    ElementFound,
    Evidence,
    Number,
    RegionChoice,
    UnitChoice,
)
from routing.rules.elements import ELEMENT_NAMES, QUESTIONS, read_elements
from routing.rules.gates import pass_gates
from routing.rules.lines import speaks_clearly, weigh_lines
from routing.rules.phrases import Finding
from routing.rules.places import Gazetteer, Place, build_gazetteer, locate, official_name
from routing.rules.reading import Reading, read_rules
from routing.rules.units import hotline_of, rank_units
from routing.rules.urgency import Urgency, judge_urgency
from routing.rules.verdict import Verdict, choose_number, side_chances

_CHINESE = re.compile(r"[㐀-鿿]")
# A danger rule names the items it stands for; among all items of its side they count so much more.
_RULE_ITEM_FACTOR = 6.0

_gazetteer: tuple[weakref.ref[Catalogue], Gazetteer] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that was found in a text, before it is put into an answer. `ranked` are the items of
    the chosen side with their share of it; `line` is the line of work of an open item, or empty."""

    text: str
    readable: bool
    cut: bool
    verdict: Verdict
    urgency: Urgency
    place: Place | None
    ranked: tuple[tuple[str, float], ...]
    line: str
    prediction: Prediction
    vector: Vector
    dangers: tuple[Finding, ...]
    features: Features


def route(
    text: str,
    *,
    region: str | None = None,
    catalogue: Catalogue | None = None,
    predictor: Predictor | None = None,
    thresholds: Thresholds | None = None,
) -> Decision:
    """Decide who takes a text and why.

    `region` is the region code of the caller's line; it counts only where the text names no place.
    `catalogue`, `predictor` and `thresholds` are by default the published catalogue, the active model
    and the policy rows. Of a long text the first 4000 and the last 1000 characters are read, and the
    evidence says so.

    Never raises for what the text holds: an empty or foreign text is a decision for a person.
    Raises ModelMissing when no model is active, CatalogueMissing when nothing is published.
    """
    catalogue = current_catalogue() if catalogue is None else catalogue
    predictor = active_predictor() if predictor is None else predictor
    thresholds = current_thresholds() if thresholds is None else thresholds
    found = judge(text, region, catalogue, predictor, thresholds)
    return decide(found, catalogue, predictor, thresholds)


def judge(
    text: str,
    region: str | None,
    catalogue: Catalogue,
    predictor: Predictor,
    thresholds: Thresholds,
    read: Callable[[str], Reading] = read_rules,
) -> Judgement:
    """What rules and model find in a text: the whole way of `route` but for the wording. `read` may
    be a `read_rules` that remembers."""
    plain = normalise(text[:_READ_AT_MOST])
    part = clip_text(plain)
    reading = read(part)
    sentences, dangers, lines = reading.sentences, reading.dangers, reading.lines
    vector = predictor.read(part, reading.signals())
    prediction = predictor.predict(vector)
    suspicion = side_chances(dict(prediction.numbers))[1]
    prediction = _through_gates(prediction, part)
    told_calmly = is_letter(part) or len(part) > LETTER_LENGTH
    written = is_written(part)
    verdict = choose_number(
        dangers,
        reading.exclusions,
        dict(prediction.numbers),
        prediction.urgent,
        thresholds,
        suspicion=suspicion,
        told_calmly=told_calmly,
        written=written,
    )
    # The model's examples are calls: of a letter's urgency it knows nothing, the rules do.
    chance = 0.0 if told_calmly else prediction.urgent
    readable = len(_CHINESE.findall(part)) >= 2
    chances = weigh_lines(dict(prediction.lines), lines)
    weighed = chances if written or speaks_clearly(lines) else {}
    ranked = _rank_items(prediction, verdict, weighed, catalogue) if readable else []
    line, line_chance = _line_of(ranked, chances, catalogue, thresholds)
    return Judgement(
        text=part,
        readable=readable,
        cut=len(plain) > len(part) or len(text) > _READ_AT_MOST,
        verdict=verdict,
        urgency=judge_urgency(part, sentences, dangers, chance, thresholds.urgent),
        place=locate(part, _gazetteer_of(catalogue), catalogue, region),
        ranked=tuple(ranked),
        line=line,
        prediction=prediction,
        vector=vector,
        dangers=dangers,
        features=_features(
            part, verdict, ranked, line, line_chance, prediction, reading, told_calmly, catalogue
        ),
    )


def _line_of(
    ranked: list[tuple[str, float]],
    chances: Mapping[str, float],
    catalogue: Catalogue,
    thresholds: Thresholds,
) -> tuple[str, float]:
    """The line that the matter itself points to where its item fits every line (else empty), and the
    probability of the line that leads."""
    item = catalogue.items.get(ranked[0][0]) if ranked else None
    if item is None or not item.lead_line:
        return "", 1.0
    if item.open_line and chances:
        line = max(chances, key=lambda code: chances[code])
        if chances[line] >= thresholds.line:
            return line, chances[line]
    return "", chances.get(item.lead_line, 0.0)


def _features(
    text: str,
    verdict: Verdict,
    ranked: list[tuple[str, float]],
    line: str,
    line_chance: float,
    prediction: Prediction,
    reading: Reading,
    letter: bool,
    catalogue: Catalogue,
) -> Features:
    kind = type_of(ranked[0][0]) if ranked else ""
    of_type = sum(share for code, share in ranked if type_of(code) == kind)
    item = catalogue.items.get(ranked[0][0]) if ranked else None
    lead = line or (item.lead_line if item else None)
    same_line = 0.0
    for code, share in ranked:
        other = catalogue.items.get(code)
        if other and (other.lead_line == lead or (line and other.open_line)):
            same_line += share
    named = reading.lines[0].line if reading.lines else None
    numbers = dict(prediction.numbers)
    exact, emergency = 1.0, side_chances(numbers)[1]
    if verdict.number in EMERGENCY_NUMBERS and emergency:
        exact = numbers.get(verdict.number.value, 0.0) / emergency
    return Features(
        number=verdict.chance,
        exact=exact,
        type=of_type,
        line=line_chance,
        item_line=same_line,
        words=0.0 if named is None else 1.0 if named == lead else -1.0,
        named=float(min(len(reading.lines), 4)),
        first=float(bool(prediction.lines) and prediction.lines[0][0] == lead),
        danger=float(verdict.danger is not None),
        exclusion=float(verdict.number is Number.NOT_ACCEPTED),
        doubt=float(verdict.danger is None and bool(reading.dangers)),
        emergency=float(verdict.number in EMERGENCY_NUMBERS),
        letter=float(letter),
        length=float(len(text)),
    )


def _through_gates(prediction: Prediction, text: str) -> Prediction:
    """The prediction without what the gates hold back from the police's list."""
    items, left = pass_gates(prediction.items, text, urgent=prediction.urgent)
    numbers = [
        (name, chance * (left if Number(name) in EMERGENCY_NUMBERS else 1.0))
        for name, chance in prediction.numbers
    ]
    total = sum(chance for _, chance in numbers) or 1.0
    ranked = sorted(((name, chance / total) for name, chance in numbers), key=lambda pair: -pair[1])
    return replace(prediction, items=items, numbers=tuple(ranked))


def responsible_units(
    item_code: str, region: str | None = None, *, catalogue: Catalogue | None = None
) -> tuple[UnitChoice, ...]:
    """The lead and co-handlers of an item in a region (code), without any text; empty for an
    unknown code."""
    catalogue = current_catalogue() if catalogue is None else catalogue
    return rank_units(catalogue.items.get(item_code), region, catalogue)


# Beyond this even counting characters costs; the end of such a text is not read.
_READ_AT_MOST = 100_000


def _gazetteer_of(catalogue: Catalogue) -> Gazetteer:
    global _gazetteer
    if _gazetteer is None or _gazetteer[0]() is not catalogue:
        _gazetteer = (weakref.ref(catalogue), build_gazetteer(catalogue))
    return _gazetteer[1]


def _rank_items(
    prediction: Prediction,
    verdict: Verdict,
    lines: Mapping[str, float],
    catalogue: Catalogue,
) -> list[tuple[str, float]]:
    """The items of the chosen side with their share of it, best first. Where `lines` are given an item
    of 12345 counts the more the likelier its line is; one that fits every line as much as a line of
    middling chance. They are given for letters: a letter names its matter many times, while in a
    call a word of some line is often said by the way."""
    side = list_of_number(verdict.number.value)
    named = verdict.danger.rule.items if verdict.danger else ()
    pool: list[tuple[str, float]] = []
    for code, chance in (dict.fromkeys(named, 0.0) | dict(prediction.items)).items():
        if list_of(code) == side:
            factor = _RULE_ITEM_FACTOR if code in named else 1.0
            item = catalogue.items.get(code)
            if side == Number.HOTLINE.value and item and lines:
                chance *= _agreement(item, lines)
            pool.append((code, (chance + (0.01 if factor > 1 else 0.0)) * factor))
    if verdict.exclusion:
        kind = verdict.exclusion.rule.outcomes[0]
        pool = [(code, chance * (4.0 if code == kind else 1.0)) for code, chance in pool]
    least = _NEGLIGIBLE * max((chance for _, chance in pool), default=0.0)
    pool = [(code, chance) for code, chance in pool if chance >= least]
    total = sum(chance for _, chance in pool) or 1.0
    by_type: dict[str, float] = {}
    for code, chance in pool:
        by_type[type_of(code)] = by_type.get(type_of(code), 0.0) + chance
    best = max(by_type, key=lambda kind: by_type[kind], default="")
    # The type first, then the best item within it: types are told apart far more surely.
    return sorted(
        ((code, chance / total) for code, chance in pool),
        key=lambda pair: (type_of(pair[0]) != best, -pair[1]),
    )


def decide(
    found: Judgement, catalogue: Catalogue, predictor: Predictor, thresholds: Thresholds
) -> Decision:
    """The answer to a judgement, in the words of the catalogue."""
    verdict, place = found.verdict, found.place
    code = found.ranked[0][0] if found.ranked else ""
    item = catalogue.items.get(code)
    weights = predictor.model.confidence
    confidence = confidence_of(found.features, weights) if found.readable else 0.0
    zone = zone_of(confidence, thresholds)
    region = RegionChoice(place.region.code, official_name(place.region)) if place else None
    elements = read_elements(
        found.text,
        places=(place.words, *place.others) if place and place.words else (),
        place_known=place is not None,
    )
    return Decision(
        platform=verdict.number,
        action=verdict.action,
        category=item.category if item else "",
        type=item.type if item else "",
        item=item.name if item else "",
        item_code=item.code if item else "",
        clause=_clause_of(verdict, item, catalogue),
        units=rank_units(item, region.code if region else None, catalogue, line=found.line),
        region=region,
        urgent=found.urgency.urgent or verdict.alarm,
        complex=found.prediction.complex >= thresholds.complex,
        hotline=(
            hotline_of(item, found.line, catalogue) if verdict.number is Number.HOTLINE else None
        ),
        request=found.prediction.requests[0][0] if found.readable else "",
        confidence=confidence,
        zone=zone,
        review=(
            zone is not Zone.AUTOMATIC
            or verdict.alarm
            or not found.readable
            or (verdict.danger is not None and verdict.chance < thresholds.alarm)
        ),
        candidates=_candidates(found, confidence, catalogue),
        evidence=tuple(_evidence(found, code, catalogue, predictor)),
        elements=tuple(
            ElementFound(ELEMENT_NAMES[span.element], span.words, span.start, span.end)
            for span in elements.spans
        ),
        missing=tuple(ELEMENT_NAMES[element] for element in elements.missing),
        questions=tuple(QUESTIONS[element] for element in elements.missing),
        model=predictor.name,
    )


def _clause_of(verdict: Verdict, item: Item | None, catalogue: Catalogue) -> str:
    if verdict.danger:
        return clause_words(verdict.danger.rule.clause, catalogue)
    if verdict.number is Number.NOT_ACCEPTED:
        return clause_words("48-3-1", catalogue)
    return clause_words(clause_code_of(item.code), catalogue) if item else ""


# An item so much less likely than the first is not ranked.
_NEGLIGIBLE = 1e-4
# How much an item's line counts when it is chosen.
_LEAST_LINE = 0.03
_OPEN_LINE = 0.5


def _agreement(item: Item, lines: Mapping[str, float]) -> float:
    chance = _OPEN_LINE if item.open_line else lines.get(item.lead_line or "", 0.0)
    return chance + _LEAST_LINE


def _candidates(found: Judgement, confidence: float, catalogue: Catalogue) -> tuple[Candidate, ...]:
    """The chosen item first, then whatever the model finds likeliest on any list."""
    verdict, ranked, prediction = found.verdict, found.ranked, found.prediction
    if not ranked:
        return ()
    numbers: Mapping[str, float] = dict(prediction.numbers)
    emergency = max(EMERGENCY_NUMBERS, key=lambda number: numbers.get(number.value, 0.0))
    chosen = ranked[0][0]
    pool = dict(prediction.items)
    pool.update({code: max(pool.get(code, 0.0), share * 0.5) for code, share in ranked[:3]})
    order = nsmallest(5, pool, key=lambda code: (code != chosen, -pool[code]))
    candidates: list[Candidate] = []
    for code in order:
        item = catalogue.items.get(code)
        on_side = list_of(code) == list_of_number(verdict.number.value)
        if on_side:
            number = verdict.number
        elif list_of(code) == "110":
            number = emergency
        else:
            number = Number(list_of(code))
        chance = confidence if code == chosen else min(pool[code], 1.0)
        if item:
            candidates.append(
                Candidate(number, item.category, item.type, item.name, item.code, chance)
            )
        elif code in catalogue.exclusions:
            name = catalogue.exclusions[code].name
            candidates.append(Candidate(Number.NOT_ACCEPTED, "", "", name, code, chance))
    return tuple(candidates)


def _evidence(
    found: Judgement, code: str, catalogue: Catalogue, predictor: Predictor
) -> list[Evidence]:
    verdict, urgency, place = found.verdict, found.urgency, found.place
    pieces: list[Evidence] = []
    if not found.readable:
        pieces.append(Evidence("", "内容为空或不是中文，无法自动判断，请人工处理", "规则"))
    if verdict.danger:
        finding = verdict.danger
        source = clause_words(finding.rule.clause, catalogue)
        pieces.append(Evidence(finding.words, finding.rule.why, source))
    for finding in found.dangers:
        if not finding.decides and not verdict.danger and len(pieces) < 3:
            mood = MOOD_NAMES[finding.mood]
            pieces.append(
                Evidence(finding.words, f"提到“{finding.rule.why}”，但属于{mood}", "规则")
            )
    if verdict.exclusion:
        kind = catalogue.exclusions.get(verdict.exclusion.rule.outcomes[0])
        why = verdict.exclusion.rule.why + (f"；{kind.route}" if kind else "")
        pieces.append(Evidence(verdict.exclusion.words, why, clause_words("48-3-1", catalogue)))
    elif verdict.why and not verdict.danger:
        pieces.append(Evidence("", verdict.why, "青政办〔2022〕88号 三（三）1"))
    item = catalogue.items.get(code)
    words = predictor.telling_words(found.vector, code)
    if words and item:
        source = f"{item.source.document} {item.source.place}"
        pieces.append(Evidence("、".join(words), f"与“{item.title}”的例句相近", source))
    if urgency.urgent and not verdict.danger:
        pieces.append(Evidence(urgency.words, urgency.why, "青政办〔2022〕88号 三（四）4"))
    if place:
        pieces.append(Evidence(place.words, place.why, "行政区划目录"))
    if found.cut:
        pieces.append(Evidence("", "内容很长，只读了前4000字和最后1000字", "规则"))
    return pieces
