"""The hash that chains a ticket's events."""

import datetime as dt
import hashlib
import json
from typing import Any

# Made once, and without the search for circles, which no row of a table has: a check of the history
# hashes every row there is.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)


def event_hash(
    previous: str,
    *,
    ticket: int,
    sequence: int,
    kind: str,
    by: int | None,
    at: dt.datetime,
    data: dict[str, Any],
) -> str:
    """SHA-256 (64 hex digits) over the row and the hash before it (empty for the first row)."""
    row = _ENCODER.encode(
        [previous, ticket, sequence, kind, by, at.astimezone(dt.UTC).isoformat(), data]
    )
    return hashlib.sha256(row.encode()).hexdigest()
