"""Training with this installation's catalogue, corpus and settings."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from catalog.rules.entries import Catalogue
from routing.ml.artifact import Card, make_card
from routing.ml.corpus import (
    Example,
    catalogue_examples,
    check_codes,
    hash_examples,
    read_corpus,
    read_examples,
)
from routing.ml.tokens import WordCutter
from routing.ml.training import Model, train_model
from routing.models import ModelVersion
from routing.rules.phrases import hash_tables
from routing.rules.places import build_gazetteer
from routing.rules.signals import signals_of


@dataclass(frozen=True)
class Lesson:
    """What a model is to be trained on; `fingerprint` tells whether another lesson is the same."""

    examples: tuple[Example, ...]
    catalogue: Catalogue
    fingerprint: str


def prepare_lesson(
    *, catalogue: Catalogue, extra: Path | None = None, confirmed: Sequence[Example] = ()
) -> Lesson:
    """The corpus, then tickets that operators confirmed, then an extra file of the corpus' columns.
    Raises CorpusError."""
    examples = (*read_corpus(), *confirmed, *(read_examples(extra) if extra else ()))
    check_codes(examples, catalogue)
    everything = (*examples, *catalogue_examples(catalogue))
    # The rule tables speak to the model as signals: other rules need another model.
    fingerprint = hashlib.sha256(f"{hash_examples(everything)} {hash_tables()}".encode())
    return Lesson(everything, catalogue, fingerprint.hexdigest()[:16])


def words_of(catalogue: Catalogue) -> set[str]:
    """The words that jieba must not cut: places, items, units and callers' own keywords."""
    words = set(build_gazetteer(catalogue).words)
    for item in catalogue.items.values():
        words.update((item.title, item.name, *item.keywords))
    for unit in catalogue.units.values():
        words.update((unit.name, *unit.short_names))
    return words


def learn(lesson: Lesson, report: Callable[[str], None]) -> tuple[Model, Card]:
    """Train a model and describe it. Takes seconds to a minute."""
    model = train_model(
        lesson.examples,
        cutter=WordCutter(words_of(lesson.catalogue)),
        signals_of=signals_of,
        report=report,
    )
    now = timezone.localtime()
    taken = ModelVersion.objects.count()
    name = f"router-{now:%Y%m%d-%H%M%S}-{taken + 1}"
    card = make_card(
        model,
        name=name,
        created_at=now,
        corpus_hash=lesson.fingerprint,
        catalogue_version=lesson.catalogue.version,
    )
    return model, card
