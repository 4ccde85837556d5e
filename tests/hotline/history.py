"""A few days of history, and the other hand that reaches past the code into the database."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from hotline.actions.events import record_event
from hotline.models import Event, Ticket
from hotline.rules.chain import event_hash
from tests.conftest import NOW

# As somebody with the database's password would: without what the models refuse.
EVENTS = Event._base_manager


def on(day: int, hour: int = 10, minute: int = 0, second: int = 0, micro: int = 0) -> dt.datetime:
    """That moment of November 2026."""
    return NOW.replace(day=day, hour=hour, minute=minute, second=second, microsecond=micro)


def happen(ticket: Ticket, at: dt.datetime, kind: str = "sign") -> Event:
    """One more event of the ticket."""
    with transaction.atomic():
        return record_event(ticket, kind, by=None, at=at, data={})


def rebuild(ticket: Ticket) -> None:
    """Number and hash the ticket's events anew and write its tail: a chain that holds."""
    previous, count = "", 0
    for count, event in enumerate(EVENTS.filter(ticket=ticket).order_by("sequence"), 1):
        previous = event_hash(
            previous,
            ticket=ticket.pk,
            sequence=count,
            kind=event.kind,
            by=event.by_id,
            at=event.at,
            data=event.data,
        )
        EVENTS.filter(pk=event.pk).update(sequence=count, hash=previous)
    Ticket.objects.filter(pk=ticket.pk).update(event_count=count, event_hash=previous)


def change(ticket: Ticket, sequence: int) -> None:
    EVENTS.filter(ticket=ticket, sequence=sequence).update(data={"from": "x"})
    rebuild(ticket)


def remove(ticket: Ticket, *sequences: int) -> None:
    EVENTS.filter(ticket=ticket, sequence__in=sequences).delete()
    rebuild(ticket)


def insert(ticket: Ticket, sequence: int, at: dt.datetime) -> None:
    """A row at that place; those from there on move up."""
    for event in EVENTS.filter(ticket=ticket, sequence__gte=sequence).order_by("-sequence"):
        EVENTS.filter(pk=event.pk).update(sequence=F("sequence") + 1)
    EVENTS.create(ticket=ticket, sequence=sequence, kind="sign", at=at, hash="0" * 64)
    rebuild(ticket)
