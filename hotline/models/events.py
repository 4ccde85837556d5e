"""What happened, for ever."""

from django.conf import settings
from django.db import models

from hotline.models.tickets import Ticket


class Event(models.Model):
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

    def __str__(self) -> str:
        return f"{self.ticket} {self.sequence} {self.kind}"


class Heartbeat(models.Model):
    """When a part of the system was last seen at work: `beat`, `worker`, `sweep`."""

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()
