"""What is sealed, and what a seal is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Min

from hotline.models import Event, Seal
from hotline.rules.seals import ONE_DAY, day_of, is_late, start_of


@dataclass(frozen=True, slots=True)
class Sealing:
    """`through`: the last sealed day. `unsealed` events, the first of them on the day `since`, are
    covered by the chain of their ticket alone. `late`: seals made long after their day (day, made at),
    oldest first: they say nothing about changes before they were made."""

    through: dt.date | None
    unsealed: int
    since: dt.date | None
    late: list[tuple[dt.date, dt.datetime]]


def first_event_day() -> dt.date | None:
    """The local day of the oldest event."""
    at = Event.objects.aggregate(Min("at"))["at__min"]
    return day_of(at) if at else None


def all_seals() -> Iterator[Seal]:
    """By day; one at a time, since each holds its tails."""
    for day in list(Seal.objects.values_list("day", flat=True)):
        yield Seal.objects.get(day=day)


def rows_of(day: dt.date) -> Iterator[tuple[int, int, str]]:
    """The events of a local day as (ticket, sequence, hash), in that order."""
    return (
        Event.objects.filter(at__gte=start_of(day), at__lt=start_of(day + ONE_DAY))
        .order_by("ticket_id", "sequence")
        .values_list("ticket_id", "sequence", "hash")
        .iterator(chunk_size=5000)
    )


def sealing() -> Sealing:
    """How far the seals reach."""
    seals = list(Seal.objects.values_list("day", "made_at"))
    through = seals[-1][0] if seals else None
    unsealed = Event.objects.all()
    if through:
        unsealed = unsealed.filter(at__gte=start_of(through + ONE_DAY))
    since = unsealed.aggregate(Min("at"))["at__min"]
    return Sealing(
        through,
        unsealed.count(),
        day_of(since) if since else None,
        [(day, made_at) for day, made_at in seals if is_late(day, made_at)],
    )
