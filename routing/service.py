"""`route`: text in, reasoned decision out. The only door that the ticket side uses."""

import re
import weakref
from collections.abc import Mapping
from dataclasses import replace

from catalog.rules.entries import Catalogue, Item
from catalog.rules.text import normalise
from catalog.snapshot import current_catalogue
from routing.actions import active_predictor
from routing.ml.predictor import Prediction, Predictor
from routing.ml.tokens import Tokens, clip_text
from routing.ml.training import list_of, list_of_number, type_of
from routing.rules.clauses import LETTER_LENGTH, MOOD_NAMES, is_letter, split_sentences
from routing.rules.clauses_of_law import clause_code_of, clause_words
from routing.rules.confidence import Thresholds, Zone, zone_of
from routing.rules.danger import find_dangers
from routing.rules.decision import (
    EMERGENCY_NUMBERS,
    Candidate,
    Decision,
    Evidence,
    Number,
    RegionChoice,
    UnitChoice,
)
from routing.rules.elements import ELEMENT_NAMES, read_elements
from routing.rules.exclusions import find_exclusions
from routing.rules.gates import pass_gates
from routing.rules.phrases import Finding
from routing.rules.places import Gazetteer, Place, build_gazetteer, locate, official_name
from routing.rules.signals import signals_from
from routing.rules.subjects import find_subjects
from routing.rules.units import rank_units
from routing.rules.urgency import Urgency, judge_urgency
from routing.rules.verdict import Verdict, choose_number, side_chances

_CHINESE = re.compile(r"[㐀-鿿]")
# A danger rule names the items it stands for; among all items of its side they count so much more.
_RULE_ITEM_FACTOR = 6.0

_gazetteer: tuple[weakref.ref[Catalogue], Gazetteer] | None = None


def route(
    text: str,
    *,
    region: str | None = None,
    catalogue: Catalogue | None = None,
    predictor: Predictor | None = None,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
) -> Decision:
    """Decide who takes a text and why.

    `region` is the region code of the caller's line; it counts only where the text names no place.
    `catalogue` and `predictor` are by default the published catalogue and the active model. Of a
    long text the first 4000 and the last 1000 characters are read, and the evidence says so.

    Never raises for what the text holds: an empty or foreign text is a decision for a person.
    Raises ModelMissing when no model is active, CatalogueMissing when nothing is published.
    """
    catalogue = current_catalogue() if catalogue is None else catalogue
    predictor = active_predictor() if predictor is None else predictor
    plain = normalise(text[:_READ_AT_MOST])
    part = clip_text(plain)
    sentences = split_sentences(part)
    dangers = find_dangers(part, sentences)
    exclusions = find_exclusions(part, sentences)
    tokens = predictor.read(part, signals_from(dangers, exclusions, find_subjects(part)))
    prediction = predictor.predict(tokens)
    suspicion = side_chances(dict(prediction.numbers))[1]
    prediction = _through_gates(prediction, part)
    told_calmly = is_letter(part) or len(part) > LETTER_LENGTH
    verdict = choose_number(
        dangers,
        exclusions,
        dict(prediction.numbers),
        prediction.urgent,
        thresholds,
        suspicion=suspicion,
        is_letter=told_calmly,
    )
    # The model's examples are calls: of a letter's urgency it knows nothing, the rules do.
    chance = 0.0 if told_calmly else prediction.urgent
    urgency = judge_urgency(part, sentences, dangers, chance, thresholds.urgent)
    place = locate(part, _gazetteer_of(catalogue), catalogue, region)
    ranked = _rank_items(prediction, verdict)
    readable = len(_CHINESE.findall(part)) >= 2
    return _compose(
        part,
        readable,
        len(plain) > len(part) or len(text) > _READ_AT_MOST,
        verdict,
        urgency,
        place,
        ranked,
        prediction,
        tokens,
        dangers,
        catalogue,
        predictor,
        thresholds,
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


def _rank_items(prediction: Prediction, verdict: Verdict) -> list[tuple[str, float]]:
    """The items of the chosen side with their share of it, best first."""
    side = list_of_number(verdict.number.value)
    named = verdict.danger.rule.items if verdict.danger else ()
    pool: list[tuple[str, float]] = []
    for code, chance in prediction.items:
        if list_of(code) == side:
            factor = _RULE_ITEM_FACTOR if code in named else 1.0
            pool.append((code, (chance + (0.01 if factor > 1 else 0.0)) * factor))
    if verdict.exclusion:
        kind = verdict.exclusion.rule.outcomes[0]
        pool = [(code, chance * (4.0 if code == kind else 1.0)) for code, chance in pool]
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


def _compose(
    text: str,
    readable: bool,
    cut: bool,
    verdict: Verdict,
    urgency: Urgency,
    place: Place | None,
    ranked: list[tuple[str, float]],
    prediction: Prediction,
    tokens: Tokens,
    dangers: tuple[Finding, ...],
    catalogue: Catalogue,
    predictor: Predictor,
    thresholds: Thresholds,
) -> Decision:
    if not readable:
        ranked = []
    code, share = ranked[0] if ranked else ("", 0.0)
    item = catalogue.items.get(code)
    certainty = max(verdict.chance, 0.9) if verdict.danger else verdict.chance
    confidence = certainty * share if readable else 0.0
    urgent = urgency.urgent or verdict.alarm
    zone = zone_of(confidence, thresholds)
    region = RegionChoice(place.region.code, official_name(place.region)) if place else None
    elements = read_elements(text, place_known=place is not None)
    return Decision(
        platform=verdict.number,
        action=verdict.action,
        category=item.category if item else "",
        type=item.type if item else "",
        item=item.name if item else "",
        item_code=item.code if item else "",
        clause=_clause_of(verdict, item, catalogue),
        units=rank_units(item, region.code if region else None, catalogue),
        region=region,
        urgent=urgent,
        complex=prediction.complex >= thresholds.complex,
        hotline=item.hotline if item else None,
        confidence=confidence,
        review=(
            zone is not Zone.AUTOMATIC
            or verdict.alarm
            or not readable
            or (verdict.danger is not None and verdict.chance < thresholds.alarm)
        ),
        candidates=_candidates(ranked, prediction, verdict, confidence, catalogue),
        evidence=tuple(
            _evidence(
                readable, cut, verdict, urgency, place, code, tokens, dangers, catalogue, predictor
            )
        ),
        missing=tuple(ELEMENT_NAMES[element] for element in elements.missing),
        model=predictor.name,
    )


def _clause_of(verdict: Verdict, item: Item | None, catalogue: Catalogue) -> str:
    if verdict.danger:
        return clause_words(verdict.danger.rule.clause, catalogue)
    if verdict.number is Number.NOT_ACCEPTED:
        return clause_words("48-3-1", catalogue)
    return clause_words(clause_code_of(item.code), catalogue) if item else ""


def _candidates(
    ranked: list[tuple[str, float]],
    prediction: Prediction,
    verdict: Verdict,
    confidence: float,
    catalogue: Catalogue,
) -> tuple[Candidate, ...]:
    """The chosen item first, then whatever the model finds likeliest on any list."""
    if not ranked:
        return ()
    numbers: Mapping[str, float] = dict(prediction.numbers)
    emergency = max(EMERGENCY_NUMBERS, key=lambda number: numbers.get(number.value, 0.0))
    chosen = ranked[0][0]
    pool = dict(prediction.items)
    pool.update({code: max(pool.get(code, 0.0), share * 0.5) for code, share in ranked[:3]})
    order = sorted(pool, key=lambda code: (code != chosen, -pool[code]))
    found: list[Candidate] = []
    for code in order[:5]:
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
            found.append(Candidate(number, item.category, item.type, item.name, item.code, chance))
        elif code in catalogue.exclusions:
            name = catalogue.exclusions[code].name
            found.append(Candidate(Number.NOT_ACCEPTED, "", "", name, code, chance))
    return tuple(found)


def _evidence(
    readable: bool,
    cut: bool,
    verdict: Verdict,
    urgency: Urgency,
    place: Place | None,
    code: str,
    tokens: Tokens,
    dangers: tuple[Finding, ...],
    catalogue: Catalogue,
    predictor: Predictor,
) -> list[Evidence]:
    pieces: list[Evidence] = []
    if not readable:
        pieces.append(Evidence("", "内容为空或不是中文，无法自动判断，请人工处理", "规则"))
    if verdict.danger:
        finding = verdict.danger
        source = clause_words(finding.rule.clause, catalogue)
        pieces.append(Evidence(finding.words, finding.rule.why, source))
    for finding in dangers:
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
    words = predictor.telling_words(tokens, code)
    if words and item:
        source = f"{item.source.document} {item.source.place}"
        pieces.append(Evidence("、".join(words), f"与“{item.title}”的例句相近", source))
    if urgency.urgent and not verdict.danger:
        pieces.append(Evidence(urgency.words, urgency.why, "青政办〔2022〕88号 三（四）4"))
    if place:
        pieces.append(Evidence(place.words, place.why, "行政区划目录"))
    if cut:
        pieces.append(Evidence("", "内容很长，只读了前4000字和最后1000字", "规则"))
    return pieces
