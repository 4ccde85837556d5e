"""What hangs on the tickets of a list, so that each row can be marked."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from catalog.models import Staff
from hotline.models import Assignment, ExtensionRequest, SupervisionOrder, Ticket
from hotline.rules.assignments import Part


def marked(tickets: QuerySet[Ticket], user: Staff) -> QuerySet[Ticket]:
    """The same tickets, each with the truth of: `extension_asked`, `order_open`, `co_missing` (a
    co-handler has not told its part), `own_missing` (and it is the user's unit)."""
    silent = Assignment.objects.filter(
        ticket=OuterRef("pk"), part=Part.CO, ended_at__isnull=True, replied_at__isnull=True
    )
    return tickets.annotate(
        extension_asked=Exists(
            ExtensionRequest.objects.filter(clock__ticket=OuterRef("pk"), ruling="")
        ),
        order_open=Exists(
            SupervisionOrder.objects.filter(ticket=OuterRef("pk"), closed_at__isnull=True)
        ),
        co_missing=Exists(silent),
        own_missing=Exists(silent.filter(unit=user.unit_id)),
    )
