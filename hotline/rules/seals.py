"""The daily seal over the events of all tickets: days, tails, digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from catalog.rules.calendar import SHANGHAI

ONE_DAY = dt.timedelta(days=1)
# How long after midnight a day is sealed, for transactions that began before it.
SETTLE = dt.timedelta(hours=1)
# How much later a seal may be made before that is worth a word: two runs of an hourly task.
SLACK = dt.timedelta(hours=2)


class Tail(NamedTuple):
    """One event as the seal sees it. Its hash stands for all rows of the ticket before it too."""

    ticket: int
    sequence: int
    hash: str


def day_of(at: dt.datetime) -> dt.date:
    """The local day to which an event of that moment belongs."""
    return at.astimezone(SHANGHAI).date()


def start_of(day: dt.date) -> dt.datetime:
    """The first moment of the local day."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def last_settled_day(now: dt.datetime) -> dt.date:
    """The last day that ended at least SETTLE ago."""
    return day_of(now - SETTLE) - ONE_DAY


def is_late(day: dt.date, made_at: dt.datetime) -> bool:
    """Was the seal of that day made later than the hourly task would have made it?"""
    return made_at > start_of(day + ONE_DAY) + SETTLE + SLACK


def pack_tails(rows: Iterable[tuple[int, int, str]]) -> tuple[int, bytes]:
    """A day's events (ticket, sequence, hash), ordered so, as their number and the last one of each
    ticket: lines, compressed. Holds one row in memory beside the answer."""
    packer = zlib.compressobj()
    parts: list[bytes] = []
    events = 0
    last: tuple[int, int, str] | None = None
    for row in rows:
        events += 1
        if last and last[0] != row[0]:
            parts.append(packer.compress(_line(last)))
        last = row
    if last:
        parts.append(packer.compress(_line(last)))
    parts.append(packer.flush())
    return events, b"".join(parts)


def _line(row: tuple[int, int, str]) -> bytes:
    return "{} {} {}\n".format(*row).encode()


def unpack_tails(packed: bytes | memoryview) -> Iterator[Tail]:
    """What `pack_tails` kept."""
    for line in zlib.decompress(packed).decode().splitlines():
        ticket, sequence, digest = line.split(" ")
        yield Tail(int(ticket), int(sequence), digest)


@dataclass(frozen=True, slots=True)
class SealContent:
    """What a seal says of its day. `previous`: digest of the day before, empty for the first seal;
    `tails`: SHA-256 of the packed tails. They cover every event of the day, since each tail's hash
    covers all rows of its ticket before it."""

    previous: str
    made_at: dt.datetime
    events: int
    tails: str

    def digest(self, key: bytes, day: dt.date) -> str:
        """HMAC-SHA256 of it as the seal of that day: 64 hex digits."""
        made_at = self.made_at.astimezone(dt.UTC).isoformat()
        row = json.dumps([day.isoformat(), self.previous, made_at, self.events, self.tails])
        return hmac.new(key, row.encode(), hashlib.sha256).hexdigest()
