"""Is the history whole?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from hotline.models import Event, Ticket
from hotline.rules.chain import event_hash


@dataclass(frozen=True, slots=True)
class Fault:
    """`sequence`: the row at which the chain of that ticket first does not hold."""

    ticket: str
    sequence: int
    what: str


def find_faults() -> Iterator[Fault]:
    """Every ticket whose chain of events was changed, cut or lengthened by another hand."""
    tails = {
        pk: (number or f"草稿 {pk}", count, digest)
        for pk, number, count, digest in Ticket.objects.values_list(
            "pk", "number", "event_count", "event_hash"
        ).iterator(chunk_size=5000)
    }
    seen: set[int] = set()
    rows = Event.objects.order_by("ticket_id", "sequence").iterator(chunk_size=5000)
    for ticket_id, events in groupby(rows, key=lambda event: event.ticket_id):
        seen.add(ticket_id)
        name, count, tail = tails[ticket_id]
        fault = _first_fault(name, list(events), count, tail)
        if fault:
            yield fault
    for pk, (name, count, _) in tails.items():
        if count and pk not in seen:
            yield Fault(name, 1, "全部事件被删除")


def _first_fault(name: str, events: list[Event], count: int, tail: str) -> Fault | None:
    previous = ""
    for expected, event in enumerate(events, 1):
        if event.sequence != expected:
            return Fault(name, expected, "事件被删除或顺序被改")
        digest = event_hash(
            previous,
            ticket=event.ticket_id,
            sequence=event.sequence,
            kind=event.kind,
            by=event.by_id,
            at=event.at,
            data=event.data,
        )
        if digest != event.hash:
            return Fault(name, expected, "事件内容被改动")
        previous = digest
    if len(events) < count:
        return Fault(name, len(events) + 1, "末尾的事件被删除")
    if len(events) > count or previous != tail:
        return Fault(name, count + 1, "有多出的事件")
    return None
