"""The only writer of events."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F

from catalog.models import Staff
from catalog.rules.masking import mask_numbers
from hotline.models import Event, Ticket
from hotline.rules.chain import event_hash


def record_event(
    ticket: Ticket, kind: str, *, by: Staff | None, at: dt.datetime, data: dict[str, Any]
) -> Event:
    """Append one event to the ticket's chain.

    Must run inside a transaction: the ticket's row is locked first, so that two writers append one
    after the other. `by` None: the system itself. `data` must hold no personal data.
    """
    tail = (
        Ticket.objects.select_for_update()
        .values_list("event_count", "event_hash")
        .get(pk=ticket.pk)
    )
    sequence, previous = tail[0] + 1, tail[1]
    digest = event_hash(
        previous,
        ticket=ticket.pk,
        sequence=sequence,
        kind=kind,
        by=by.pk if by else None,
        at=at,
        data=data,
    )
    event = Event.objects.create(
        ticket=ticket, sequence=sequence, kind=kind, by=by, at=at, data=data, hash=digest
    )
    Ticket.objects.filter(pk=ticket.pk).update(event_count=F("event_count") + 1, event_hash=digest)
    return event


def told_safely(words: str) -> str:
    """A person's reason as an event may hold it: numbers of people masked, at most 200 characters."""
    return mask_numbers(words.strip())[:200]
