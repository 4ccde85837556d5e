"""The answer to a judgement: number, item, place, units, and how far it may be used unseen."""

from catalog.rules.entries import Catalogue, Item
from routing.judging import Judgement
from routing.ml.predictor import Predictor
from routing.rules.clauses_of_law import clause_code_of, clause_words
from routing.rules.confidence import Thresholds, Zone, confidence_of, zone_of
from routing.rules.decision import (
    EMERGENCY_NUMBERS,
    Decision,
    ElementFound,
    Number,
    RegionChoice,
)
from routing.rules.elements import ELEMENT_NAMES, QUESTIONS, read_elements
from routing.rules.places import official_name
from routing.rules.units import hotline_of, rank_units
from routing.rules.verdict import Verdict
from routing.wording import candidates_of, evidence_of


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
            # What no written rule supports is not handed to the police unseen.
            or (verdict.number in EMERGENCY_NUMBERS and verdict.danger is None)
        ),
        candidates=candidates_of(found, confidence, catalogue),
        evidence=tuple(evidence_of(found, code, catalogue, predictor)),
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
