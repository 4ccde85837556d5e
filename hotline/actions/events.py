"""The only writer of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from catalog.models import Staff
from catalog.rules.masking import mask_numbers
from hotline.models import Event, Ticket
from hotline.rules.chain import event_hash


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened to one ticket (its key). `data` must hold no personal data."""

    ticket: int
    kind: str
    data: dict[str, Any]


def record_event(
    ticket: Ticket, kind: str, *, by: Staff | None, at: dt.datetime, data: dict[str, Any]
) -> Event:
    """Append one event to the ticket's chain, as `record_events` does."""
    return record_events([NewEvent(ticket.pk, kind, data)], by=by, at=at)[0]


def record_events(
    happened: Sequence[NewEvent], *, by: Staff | None, at: dt.datetime
) -> list[Event]:
    """Append events to their tickets' chains, those of one ticket one after the other as given. Three
    queries, however many they are.

    Must run inside a transaction: the tickets' rows are locked first, so that two writers append one
    after the other. `by` None: the system itself.
    """
    tails = (
        Ticket.objects.select_for_update()
        .only("event_count", "event_hash")
        .order_by("pk")
        .in_bulk({one.ticket for one in happened})
    )
    events = []
    for one in happened:
        tail = tails[one.ticket]
        tail.event_count += 1
        tail.event_hash = event_hash(
            tail.event_hash,
            ticket=one.ticket,
            sequence=tail.event_count,
            kind=one.kind,
            by=by.pk if by else None,
            at=at,
            data=one.data,
        )
        events.append(
            Event(
                ticket_id=one.ticket,
                sequence=tail.event_count,
                kind=one.kind,
                by=by,
                at=at,
                data=one.data,
                hash=tail.event_hash,
            )
        )
    events = Event.objects.bulk_create(events)
    last = Event.objects.filter(ticket=OuterRef("pk")).order_by("-sequence")
    Ticket.objects.filter(pk__in=tails).update(
        event_count=Subquery(last.values("sequence")[:1]),
        event_hash=Subquery(last.values("hash")[:1]),
    )
    return events


def told_safely(words: str) -> str:
    """A person's reason as an event may hold it: numbers of people masked, at most 200 characters."""
    return mask_numbers(words.strip())[:200]
