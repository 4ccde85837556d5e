"""What is told beside an answer: the items that it could be instead, and the reasons."""

from collections.abc import Mapping

from catalog.rules.entries import Catalogue
from routing.judging import Judgement
from routing.ml.labels import list_of, list_of_number
from routing.ml.predictor import Predictor
from routing.rules.clauses import MOOD_NAMES
from routing.rules.clauses_of_law import clause_words
from routing.rules.decision import EMERGENCY_NUMBERS, Candidate, Evidence, Number

MOST_CANDIDATES = 5


def candidates_of(
    found: Judgement, confidence: float, catalogue: Catalogue
) -> tuple[Candidate, ...]:
    """The chosen item first, then whatever the model finds likeliest on any list."""
    verdict, ranked, prediction = found.verdict, found.ranked, found.prediction
    if not ranked:
        return ()
    numbers: Mapping[str, float] = dict(prediction.numbers)
    emergency = max(EMERGENCY_NUMBERS, key=lambda number: numbers.get(number.value, 0.0))
    chosen = ranked[0][0]
    chances = dict(prediction.items)
    pool = dict(prediction.items[:MOST_CANDIDATES])
    pool.update((code, max(chances.get(code, 0.0), share * 0.5)) for code, share in ranked[:3])
    order = sorted(pool, key=lambda code: (code != chosen, -pool[code]))[:MOST_CANDIDATES]
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


def evidence_of(
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
