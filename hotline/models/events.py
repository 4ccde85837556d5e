"""What happened, for ever."""

import hashlib
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from hotline.models.tickets import Ticket


class HistoryIsFixed(Exception):
    """A row of the history was to be changed or deleted: it is only ever added to, so that what
    happened can be proved. What was wrong is put right by another event."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses to change or delete rows."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise HistoryIsFixed(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise HistoryIsFixed(self.model._meta.label)


class AppendOnly(models.Model):
    """Rows that are written once. Whoever reaches the database itself is not held by this: the chain
    and the seal are for that."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise HistoryIsFixed(self._meta.label)
        # Never an UPDATE, even of a new object with the key of a row that is there.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HistoryIsFixed(self._meta.label)


class Event(AppendOnly):
    """One row of a ticket's history, written by `actions.events` and never changed. `hash` is that of
    this row and of the row before it, so that a changed, removed or inserted row shows. `data` holds
    no personal data."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)
    # Empty: the system itself (a clock).
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "事件"
        ordering = ["ticket", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "sequence"], name="event_sequence")
        ]
        # The events of a day: sealing and checking.
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.ticket} {self.sequence} {self.kind}"


class Seal(AppendOnly):
    """One local day's events of all tickets, sealed by `actions.seal` with a key that is not in the
    database: who can write there can rebuild a ticket's chain, but not this."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    # How many events the day had.
    events = models.PositiveIntegerField()
    # The last event of that day of each ticket that had one, as `rules.seals.pack_tails` packs them.
    tails = models.BinaryField()
    # Digest of the seal of the day before; empty for the first.
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "封存"
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)


def seal_key() -> bytes:
    """Of the oldest FIELD_KEY, so that adding a new key in front leaves the seals valid."""
    return hashlib.sha256(b"event-seal:" + settings.FIELD_KEYS[-1].encode()).digest()


class Heartbeat(models.Model):
    """When a part of the system was last seen at work: `beat`, `worker`, `sweep`."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
