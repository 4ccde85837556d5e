"""Training with this installation's catalogue, corpus and settings."""

import csv
import hashlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.utils import timezone

from catalog.rules.entries import Catalogue
from catalog.rules.text import normalise
from routing.deciding import decide
from routing.judging import Judgement, judge
from routing.ml.artifact import Card, make_card
from routing.ml.calibration import fit_confidence
from routing.ml.corpus import (
    CorpusError,
    Example,
    catalogue_examples,
    check_codes,
    hash_examples,
    read_corpus,
    read_examples,
    with_lines,
)
from routing.ml.evaluation import EMERGENCY, Answer, Case, Figures, measure
from routing.ml.heads import SEED
from routing.ml.labels import type_of
from routing.ml.model import Model
from routing.ml.predictor import Predictor
from routing.ml.replay import Replay, SilentPredictor
from routing.ml.tokens import WordCutter
from routing.ml.training import Training, train_model
from routing.models import ModelVersion
from routing.rules.confidence import Thresholds
from routing.rules.decision import Number
from routing.rules.phrases import hash_tables
from routing.rules.places import build_gazetteer
from routing.rules.reading import Reading, read_rules
from routing.service import route

# Enough to calibrate by, and to measure to half a per cent.
MOST_JUDGED = 6000
# Texts of danger, and texts that only sound like it, with the numbers that may take them. To be
# read and extended by people of the trade; no model is trained on them.
DANGER_CASES = Path(__file__).resolve().parent / "cases" / "danger.csv"


@dataclass(frozen=True)
class Lesson:
    """What a model is to be trained on. `corpus_hash` tells whether corpus, catalogue and rules are
    the same as another lesson's, `lesson_hash` whether all of it is."""

    examples: tuple[Example, ...]
    catalogue: Catalogue
    corpus_hash: str
    lesson_hash: str


def prepare_lesson(
    *, catalogue: Catalogue, extra: Path | None = None, confirmed: Sequence[Example] = ()
) -> Lesson:
    """The corpus, then tickets that operators confirmed, then an extra file of the corpus' columns.
    Raises CorpusError."""
    corpus, more = read_corpus(), (*confirmed, *(read_examples(extra) if extra else ()))
    check_codes((*corpus, *more), catalogue)
    titles = catalogue_examples(catalogue)
    everything = with_lines((*corpus, *more, *titles), catalogue)
    written = with_lines((*corpus, *titles), catalogue) if more else everything
    return Lesson(
        everything,
        catalogue,
        corpus_hash=_hash_lesson(written),
        lesson_hash=_hash_lesson(everything),
    )


def _hash_lesson(examples: Sequence[Example]) -> str:
    # The rule tables speak to the model as signals: other rules need another model.
    said = f"{hash_examples(examples)} {hash_tables()}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def words_of(catalogue: Catalogue) -> set[str]:
    """The words that jieba must not cut: places, items, units and callers' own keywords."""
    words = set(build_gazetteer(catalogue).words)
    for item in catalogue.items.values():
        words.update((item.title, item.name, *item.keywords))
    for unit in catalogue.units.values():
        words.update((unit.name, *unit.short_names))
    return words


def learn(lesson: Lesson, report: Callable[[str], None]) -> tuple[Model, Card]:
    """Train a model, calibrate its confidence and describe it. Takes about a minute."""
    started = time.perf_counter()
    read = cache(read_rules)  # the rules are the slower half, and every text is needed twice
    training = train_model(
        lesson.examples,
        cutter=WordCutter(words_of(lesson.catalogue)),
        signals_of=lambda text: read(text).signals(),
        report=report,
    )
    judged = judge_unseen(training, lesson, read)
    model = calibrate(training, judged, lesson.catalogue)
    report(f"置信度已校准，共 {len(judged)} 条")
    figures = examine(model, judged, lesson.catalogue).to_json()
    model = replace(
        model,
        measured={name: v for name, v in figures.items() if isinstance(v, float)}
        | {"examples": float(len(judged)), "seconds": time.perf_counter() - started},
    )
    now = timezone.localtime()
    taken = ModelVersion.objects.count()
    name = f"router-{now:%Y%m%d-%H%M%S}-{taken + 1}"
    card = make_card(
        model,
        name=name,
        created_at=now,
        corpus_hash=lesson.corpus_hash,
        lesson_hash=lesson.lesson_hash,
        catalogue_version=lesson.catalogue.version,
    )
    return model, card


def judge_unseen(
    training: Training, lesson: Lesson, read: Callable[[str], Reading] = read_rules
) -> list[tuple[Example, Judgement]]:
    """Examples, at most `MOST_JUDGED`, taken through all rules with what the model said of them
    unseen: those that were heard, or where there are none all of them. Texts written to tell one item
    from the next would make every answer look less sure than it is."""
    known = [at for at, row in enumerate(training.rows) if lesson.examples[row].items]
    heard = [at for at in known if lesson.examples[training.rows[at]].heard]
    places = heard or known
    if len(places) > MOST_JUDGED:
        places = sorted(random.Random(SEED).sample(places, MOST_JUDGED))
    found: list[tuple[Example, Judgement]] = []
    for place in places:
        example = lesson.examples[training.rows[place]]
        replay = Replay(training, place)
        judged = judge(example.text, None, lesson.catalogue, replay, Thresholds(), read)
        found.append((example, judged))
    return found


def calibrate(
    training: Training, judged: Sequence[tuple[Example, Judgement]], catalogue: Catalogue
) -> Model:
    """The model with the weights of its confidence."""
    values = [found.features.values() for _, found in judged]
    right = [_is_right(found, example, catalogue) for example, found in judged]
    return replace(training.model, confidence=fit_confidence(values, right))


def examine(
    model: Model, judged: Sequence[tuple[Example, Judgement]], catalogue: Catalogue
) -> Figures:
    """The figures of whole answers to examples that the model had not seen."""
    silent = SilentPredictor(model)
    answers = [decide(found, catalogue, silent, Thresholds()).to_json() for _, found in judged]
    return measure([case_of(example, catalogue) for example, _ in judged], answers)


def case_of(example: Example, catalogue: Catalogue) -> Case:
    """An example as a case of an evaluation."""
    items = [catalogue.items[code] for code in example.items if code in catalogue.items]
    return Case(
        text=example.text,
        platforms=example.numbers,
        types=tuple(dict.fromkeys(f"{item.category}/{item.type}" for item in items)),
        items=tuple(dict.fromkeys(item.name for item in items)),
        units=tuple(catalogue.units[code].name for code in example.lines),
        region=example.region,
        region_known=bool(example.region),
        urgent=example.urgent,
        complex=example.complex,
        request=example.request,
    )


def _is_right(found: Judgement, example: Example, catalogue: Catalogue) -> bool:
    """Whether number and line of work are among the accepted answers. Where the line is not known,
    the type must be."""
    if found.verdict.number.value not in example.numbers:
        return False
    if found.verdict.number is not Number.HOTLINE or not found.ranked:
        return True
    item = catalogue.items[found.ranked[0][0]]
    if example.lines:
        return (found.line or item.lead_line) in example.lines
    return item.type_code in {type_of(code) for code in example.items}


@dataclass(frozen=True)
class Trial:
    """How a model does on what it was not taught: `missed` are the danger cases that it sends to
    12345 alone, `right` the share of `held` confirmed tickets with number and type right (None
    without any), `missed_held` how many emergencies among those it sends to 12345 alone."""

    missed: tuple[str, ...]
    held: int
    right: float | None
    missed_held: int


def try_out(predictor: Predictor, held: Sequence[Example], catalogue: Catalogue) -> Trial:
    """Route the danger cases and the held-out confirmed tickets with a model."""

    def answers(cases: Sequence[Case]) -> list[Answer]:
        return [
            route(case.text, catalogue=catalogue, predictor=predictor).to_json() for case in cases
        ]

    dangers = read_danger_cases()
    missed = [
        case.text
        for case, answer in zip(dangers, answers(dangers), strict=True)
        if "12345" not in case.platforms and answer["platform"] not in EMERGENCY
    ]
    cases = [case_of(example, catalogue) for example in held]
    pairs = list(zip(cases, answers(cases), strict=True))
    right = [
        answer["platform"] in case.platforms
        and (not case.types or f"{answer['category']}/{answer['type']}" in case.types)
        for case, answer in pairs
    ]
    return Trial(
        missed=tuple(missed),
        held=len(cases),
        right=sum(right) / len(right) if right else None,
        missed_held=sum(
            1 for c, a in pairs if "12345" not in c.platforms and a["platform"] == "12345"
        ),
    )


def read_danger_cases(path: Path = DANGER_CASES) -> tuple[Case, ...]:
    """The danger cases with every number that would do. Raises CorpusError."""
    cases: list[Case] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            text, expected = normalise(row["text"]), tuple(row["expected"].split("|"))
            if not text or not {*expected} <= {"12345", *EMERGENCY}:
                raise CorpusError(f"{path.name} 第{number}行：text 或 expected 有误")
            cases.append(
                Case(text, platforms=expected, urgent=row["urgent"] == "1", group=row["mood"])
            )
    return tuple(cases)
