"""What rules and model find in a text, before anything is put into words."""

import re
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace

from catalog.rules.entries import Catalogue
from catalog.rules.text import normalise
from routing.features import features_of
from routing.ml.predictor import Prediction, Predictor
from routing.ml.tokens import clip_text
from routing.ml.vectors import Vector
from routing.ranking import line_of, rank_items
from routing.rules.clauses import LETTER_LENGTH, is_letter, is_written
from routing.rules.confidence import Features, Thresholds
from routing.rules.decision import EMERGENCY_NAMES
from routing.rules.gates import pass_gates
from routing.rules.lines import speaks_clearly, weigh_lines
from routing.rules.phrases import Finding
from routing.rules.places import Gazetteer, Place, build_gazetteer, locate
from routing.rules.reading import Reading, read_rules
from routing.rules.urgency import Urgency, judge_urgency
from routing.rules.verdict import Verdict, choose_number, side_chances

# Beyond this even counting characters costs; the end of such a text is not read.
_READ_AT_MOST = 100_000
_READABLE = re.compile(r"[㐀-鿿][^㐀-鿿]*[㐀-鿿]")

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
    readable = _READABLE.search(part) is not None
    chances = weigh_lines(dict(prediction.lines), lines)
    weighed = chances if written or speaks_clearly(lines) else {}
    ranked = rank_items(prediction, verdict, weighed, catalogue) if readable else []
    line, line_chance = line_of(ranked, chances, catalogue, thresholds)
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
        features=features_of(
            part, verdict, ranked, line, line_chance, prediction, reading, told_calmly, catalogue
        ),
    )


def _through_gates(prediction: Prediction, text: str) -> Prediction:
    """The prediction without what the gates hold back from the police's list."""
    items, left = pass_gates(prediction.items, text, urgent=prediction.urgent)
    numbers = [
        (name, chance * (left if name in EMERGENCY_NAMES else 1.0))
        for name, chance in prediction.numbers
    ]
    total = sum(chance for _, chance in numbers) or 1.0
    ranked = sorted(((name, chance / total) for name, chance in numbers), key=lambda pair: -pair[1])
    return replace(prediction, items=items, numbers=tuple(ranked))


def _gazetteer_of(catalogue: Catalogue) -> Gazetteer:
    global _gazetteer
    if _gazetteer is None or _gazetteer[0]() is not catalogue:
        _gazetteer = (weakref.ref(catalogue), build_gazetteer(catalogue))
    return _gazetteer[1]
