"""Reading notices."""

from __future__ import annotations

import datetime as dt

from catalog.models import Staff
from hotline.queries.notices import notices_for


def mark_read(user: Staff, *, up_to: int, at: dt.datetime) -> int:
    """Mark the user's unread notices with an id of at most `up_to` as read; how many there were."""
    return notices_for(user).filter(read_at__isnull=True, pk__lte=up_to).update(read_at=at)
