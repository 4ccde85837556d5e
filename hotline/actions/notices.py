"""Notices that a person sends, and reading them. Those of the ladder are the sweep's."""

from __future__ import annotations

import datetime as dt

from catalog.models import Staff, Unit
from catalog.rules.limits import Rung
from catalog.rules.roles import Role
from hotline.models import Notice, Ticket
from hotline.queries.notices import notices_for


def notify(
    ticket: Ticket,
    audience: Role,
    *,
    code: str,
    text: str,
    at: dt.datetime,
    unit: Unit | None = None,
    rung: Rung | None = None,
) -> Notice:
    """Put a notice into the inbox of the people of `unit`, or of the ticket's centre when None. Inside
    the transaction of what it tells of; `text` holds no personal data."""
    return Notice.objects.create(
        ticket=ticket,
        code=code,
        rung=rung.value if rung else "",
        audience=audience,
        unit=unit,
        center=ticket.center,
        text=text,
        planned_at=at,
        sent_at=at,
        is_urgent=ticket.urgent,
    )


def mark_read(user: Staff, *, up_to: int, at: dt.datetime) -> int:
    """Mark the user's unread notices with an id of at most `up_to` as read; how many there were."""
    return notices_for(user).filter(read_at__isnull=True, pk__lte=up_to).update(read_at=at)
