"""What the confidence of an answer is judged by."""

from catalog.rules.entries import Catalogue
from routing.ml.labels import type_of
from routing.ml.predictor import Prediction
from routing.rules.confidence import Features
from routing.rules.decision import EMERGENCY_NUMBERS, Number
from routing.rules.reading import Reading
from routing.rules.verdict import Verdict, side_chances


def features_of(
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
