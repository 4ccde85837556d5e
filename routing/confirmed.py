"""Decisions that people confirmed, as examples for the router."""

import datetime as dt
import zlib
from collections import Counter

from catalog.rules.entries import Catalogue
from catalog.rules.text import normalise
from routing.ml.corpus import Example
from routing.models import ConfirmedExample

# One in so many confirmed tickets teaches nothing: models are compared on them.
HELD_OUT = 5
# A confirmed ticket counts more than a written example, but all those of one item together no more
# than so many of them: the commonest matters must not drown the others.
WEIGHT = 1.5
MOST_OF_AN_ITEM = 150.0
LEAST_WEIGHT = 0.5


def keep_confirmed(
    *,
    source: str,
    text: str,
    item_code: str,
    platform: str,
    line: str,
    urgent: bool,
    region: str,
    at: dt.datetime,
) -> None:
    """Remember what people decided about a text; a later decision of the same source replaces it.

    Inside the transaction of the decision. `text` must have people's data masked; without text or
    item there is nothing to learn, and nothing is kept.
    """
    if not text.strip() or not item_code:
        return
    ConfirmedExample.objects.update_or_create(
        source=source,
        defaults={
            "text": text,
            "item_code": item_code,
            "platform": platform,
            "line": line,
            "urgent": urgent,
            "region": region,
            "confirmed_at": at,
        },
    )


def confirmed_examples(catalogue: Catalogue) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The examples to learn from, and those held out. Rows whose item is no longer published are
    left aside. Which part a row belongs to follows from its source and never changes."""
    rows = [
        row
        for row in ConfirmedExample.objects.all()
        if row.item_code in catalogue.items or row.item_code in catalogue.exclusions
    ]
    taught = Counter(row.item_code for row in rows if not is_held_out(row.source))
    lessons: list[Example] = []
    held: list[Example] = []
    for row in rows:
        share = MOST_OF_AN_ITEM / max(taught[row.item_code], 1)
        example = Example(
            text=normalise(row.text),
            items=(row.item_code,),
            numbers=(row.platform,),
            urgent=row.urgent,
            complex=None,
            region=row.region,
            weight=max(min(WEIGHT, share), LEAST_WEIGHT),
            lines=(row.line,) if row.line in catalogue.units else (),
        )
        (held if is_held_out(row.source) else lessons).append(example)
    return tuple(lessons), tuple(held)


def is_held_out(source: str) -> bool:
    return zlib.crc32(source.encode()) % HELD_OUT == 0
