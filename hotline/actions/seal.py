"""Sealing days that are over."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Callable

from hotline.models import Seal
from hotline.models.events import seal_key
from hotline.queries.seals import first_event_day, rows_of
from hotline.rules.seals import ONE_DAY, SealContent, last_settled_day, pack_tails

logger = logging.getLogger(__name__)


def seal_days(
    *, now: dt.datetime, report: Callable[[dt.date, int], None] = lambda day, events: None
) -> int:
    """Seal every day not yet sealed that ended at least an hour ago, oldest first, from the day of the
    first event on; a day without events too. Returns how many this run sealed; `report` is told each
    day with its number of events.

    One transaction a day, so that a killed run leaves whole days behind and the next goes on from
    there. Two runs at once make the same seals: the day is unique, and the slower takes the other's.

    An event's `at` is taken when its request or task begins, and it is seen here when that commits.
    Requests take seconds and the longest task minutes, so an hour after midnight (which also covers
    clocks of machines that differ) all events of the day are there. Should one come later all the
    same, it is kept, the seal stays as it is, and `verify_events` names it.
    """
    last = Seal.objects.defer("tails").last()
    day = last.day + ONE_DAY if last else first_event_day()
    sealed = 0
    while day and day <= last_settled_day(now):
        last, made = _seal_day(day, previous=last.digest if last else "", now=now)
        if made:
            sealed += 1
            # Also outside the database: a seal made anew later has another digest.
            logger.info("sealed %s: %d events, digest %s", day, last.events, last.digest)
            report(day, last.events)
        day += ONE_DAY
    return sealed


def _seal_day(day: dt.date, *, previous: str, now: dt.datetime) -> tuple[Seal, bool]:
    events, tails = pack_tails(rows_of(day))
    content = SealContent(previous, now, events, hashlib.sha256(tails).hexdigest())
    return Seal.objects.get_or_create(
        day=day,
        defaults={
            "made_at": now,
            "events": events,
            "tails": tails,
            "previous": previous,
            "digest": content.digest(seal_key(), day),
        },
    )
