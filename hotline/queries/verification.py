"""Is the history whole?"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Exists, FilteredRelation, Max, Min, OuterRef, Q

from hotline.models import Event, Seal, Ticket
from hotline.models.events import seal_key
from hotline.queries.seals import all_seals, first_event_day, rows_of
from hotline.rules.chain import event_hash
from hotline.rules.seals import (
    ONE_DAY,
    SLACK,
    SealContent,
    Tail,
    last_settled_day,
    start_of,
    unpack_tails,
)

# Tickets read at a time.
BLOCK = 500
_COLUMNS = (
    "pk",
    "number",
    "event_count",
    "event_hash",
    "entry__sequence",
    "entry__kind",
    "entry__by",
    "entry__at",
    "entry__data",
    "entry__hash",
)
_KEY_LOST = "（若每天都如此，请核对 FIELD_KEY 末尾是否仍是最早的密钥）"
_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A ticket with the `sequence` at which its chain first does not hold; a ticket with a `day` whose
    seal says otherwise; or the seal of a `day`."""

    what: str
    ticket: str = ""
    sequence: int | None = None
    day: dt.date | None = None

    def __str__(self) -> str:
        if self.sequence is not None:
            return f"工单 {self.ticket} 第 {self.sequence} 条：{self.what}"
        if self.ticket:
            return f"工单 {self.ticket}，{self.day}：{self.what}"
        return f"{self.day} 的封存：{self.what}"


def find_faults(
    *,
    now: dt.datetime,
    report: Callable[[int], None] = lambda done: None,
    report_day: Callable[[dt.date], None] = lambda day: None,
) -> Iterator[Fault]:
    """Everything by which the history is not as it was written: first each ticket's chain, then the
    seals, then the sealed days. Holds a block of tickets or one day's tails in memory. `report` is
    told how many events were checked so far, `report_day` each sealed day that was compared.

    A seal removed while it is the newest, with the history changed before the next run of the task
    makes it anew, does not show here but by its late `made_at` (`queries.seals.sealing`) and by its
    digest in the log.
    """
    changed: set[dt.date] = set()
    yield from chain_faults(report)
    yield from _seal_faults(now, changed)
    yield from _day_faults(changed, report_day)


def chain_faults(report: Callable[[int], None] = lambda done: None) -> Iterator[Fault]:
    """Every ticket whose chain does not hold in itself. A ticket and its events come from one
    statement, so that an event written meanwhile is no fault."""
    ends = Ticket.objects.aggregate(Min("pk"), Max("pk"))
    done = 0
    for start in range(ends["pk__min"] or 0, (ends["pk__max"] or 0) + 1, BLOCK):
        # The range is said of both tables, for the database to read just that part of the larger one.
        end = start + BLOCK
        here = FilteredRelation(
            "events", condition=Q(events__ticket__gte=start, events__ticket__lt=end)
        )
        rows = (
            Ticket.objects.filter(pk__gte=start, pk__lt=end)
            .annotate(entry=here)
            .order_by("pk", "entry__sequence")
            .values_list(*_COLUMNS)
        )
        for pk, group in groupby(rows, key=itemgetter(0)):
            events = list(group)
            _, number, count, tail = events[0][:4]
            if events[0][4] is None:
                events = []
            done += len(events)
            fault = _first_fault(pk, number or f"草稿 {pk}", events, count, tail)
            if fault:
                yield fault
        report(done)
    lost = Event.objects.filter(~Exists(Ticket.objects.filter(pk=OuterRef("ticket_id"))))
    for pk in lost.order_by("ticket_id").values_list("ticket_id", flat=True).distinct():
        yield Fault("工单被删除，事件还在", _name_of(pk), 1)


def _first_fault(pk: int, name: str, events: list[_Row], count: int, tail: str) -> Fault | None:
    if count and not events:
        return Fault("全部事件被删除", name, 1)
    previous = ""
    for expected, event in enumerate(events, 1):
        sequence, kind, by, at, data, digest = event[4:]
        if sequence != expected:
            return Fault("事件被删除或顺序被改", name, expected)
        previous = event_hash(
            previous, ticket=pk, sequence=sequence, kind=kind, by=by, at=at, data=data
        )
        if previous != digest:
            return Fault("事件内容被改动", name, expected)
    if len(events) < count:
        return Fault("末尾的事件被删除", name, len(events) + 1)
    if len(events) > count or previous != tail:
        return Fault("有多出的事件", name, count + 1)
    return None


def _seal_faults(now: dt.datetime, changed: set[dt.date]) -> Iterator[Fault]:
    """The seals alone: each as it was made, none missing, each on the one before it. Fills `changed`
    with the days whose seal proves nothing any more."""
    key = seal_key()
    broken: dict[dt.date, tuple[str, SealContent]] = {}
    before: Seal | None = None
    for seal in all_seals():
        content = SealContent(
            seal.previous, seal.made_at, seal.events, hashlib.sha256(seal.tails).hexdigest()
        )
        if seal.digest != content.digest(key, seal.day):
            broken[seal.day] = seal.digest, content
        if before and before.day < seal.day - ONE_DAY:
            yield _missing(before.day + ONE_DAY, seal.day - ONE_DAY, "被删除")
        elif not broken.keys() & {seal.day, seal.day - ONE_DAY} and seal.previous != (
            before.digest if before else ""
        ):
            yield Fault("与前一天的封存不相接" if before else "它之前的封存被删除", day=seal.day)
        before = seal
    for day, (digest, content) in broken.items():
        whose = [other for other in broken if digest == content.digest(key, other)]
        if whose:
            yield Fault(f"实为 {whose[0]} 的封存，被调换到这一天", day=day)
        else:
            yield Fault(f"被改动，该日事件无法按封存核对{_KEY_LOST}", day=day)
    changed.update(broken)
    first = before.day + ONE_DAY if before else first_event_day()
    due = last_settled_day(now - SLACK)
    if first and first <= due:
        yield _missing(first, due, "被删除，或封存任务没有运行")


def _missing(first: dt.date, last: dt.date, why: str) -> Fault:
    days = (last - first).days + 1
    until = f"至 {last} 共 {days} 天" if days > 1 else "这一天"
    return Fault(f"{until}没有封存（{why}）", day=first)


def _day_faults(changed: set[dt.date], report: Callable[[dt.date], None]) -> Iterator[Fault]:
    """Events that are not as they were when their day was sealed. Days whose seal was `changed` prove
    nothing. A ticket whose chain is another one is named for the first day that shows it."""
    first = Seal.objects.defer("tails").first()
    if first and not first.previous and first.day not in changed:
        older = Event.objects.filter(at__lt=start_of(first.day)).order_by("ticket_id")
        for pk in older.values_list("ticket_id", flat=True).distinct():
            yield Fault("有事件早于这个最早的封存日，是后来插入的", _name_of(pk), day=first.day)
    another: set[int] = set()
    for seal in all_seals():
        if seal.day in changed:
            continue
        tails = {tail.ticket: tail for tail in unpack_tails(seal.tails)}
        for pk, rows in groupby(rows_of(seal.day), key=itemgetter(0)):
            tail = tails.pop(pk, None)
            if pk in another:
                continue
            what, lasting = _compare(tail, {sequence: digest for _, sequence, digest in rows})
            if what:
                yield Fault(what, _name_of(pk), day=seal.day)
            if lasting:
                another.add(pk)
        for pk in sorted(tails.keys() - another):
            yield Fault("该日的事件在封存之后全部被删除", _name_of(pk), day=seal.day)
            another.add(pk)
        report(seal.day)


def _compare(tail: Tail | None, hashes: dict[int, str]) -> tuple[str, bool]:
    """What is wrong with a ticket's events of a day (empty: nothing), and whether the ticket's later
    days differ by it as well."""
    added = min(
        (sequence for sequence in hashes if not tail or sequence > tail.sequence), default=0
    )
    if tail and tail.sequence not in hashes:
        return f"封存时的第 {tail.sequence} 条不在了，事件被删除", True
    if tail and hashes[tail.sequence] != tail.hash:
        return f"第 {tail.sequence} 条或之前的事件在封存之后被改动或插入，事件链被重新算过", True
    if added:
        return f"封存之后多出第 {added} 条事件（被插入，或写入晚于封存）", False
    return "", False


def _name_of(pk: int) -> str:
    numbers = Ticket.objects.filter(pk=pk).values_list("number", flat=True)
    if not numbers:
        return f"（已删除，内部编号 {pk}）"
    return numbers[0] or f"草稿 {pk}"
