"""The sweep: every notice that is due, once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.rules.limits import RUNG_NAMES, STEP_NAMES, Rung, Step
from catalog.rules.roles import UNIT_ROLES, Role
from hotline.actions.clocks import next_rung_at_of, sent_codes
from hotline.actions.events import record_event
from hotline.models import Clock, Notice, Ticket
from hotline.rules.clocks import ClockState


def sweep_clocks(*, now: dt.datetime, batch: int = 500) -> int:
    """Send every notice that is due, once. Returns how many were sent.

    Each clock is its own transaction: it is taken only if its `next_rung_at` is still the one read,
    so of two sweeps at once one finds nothing to do, and a sweep killed half way leaves the rest for
    the next. A unique key (clock, rung) holds the promise in the database as well.
    """
    sent = 0
    while due := list(
        Clock.objects.filter(state=ClockState.RUNNING, next_rung_at__lte=now)
        .order_by("next_rung_at", "id")
        .values_list("pk", "ticket", "next_rung_at")[:batch]
    ):
        for pk, ticket, next_rung_at in due:
            assert next_rung_at is not None  # the filter's
            sent += _send_due_notices(pk, ticket, next_rung_at, now)
    return sent


@transaction.atomic
def _send_due_notices(pk: int, ticket: int, next_rung_at: dt.datetime, now: dt.datetime) -> int:
    # The ticket before its clock, as every step does: two that meet never wait for each other.
    Ticket.objects.select_for_update().get(pk=ticket)
    taken = Clock.objects.filter(pk=pk, state=ClockState.RUNNING, next_rung_at=next_rung_at).update(
        next_rung_at=None
    )
    if taken != 1:
        return 0
    clock = Clock.objects.select_related("ticket", "unit").get(pk=pk)
    sent = sent_codes(clock)
    due = [
        rung
        for rung in clock.rungs
        if rung["code"] not in sent and dt.datetime.fromisoformat(rung["at"]) <= now
    ]
    for rung in due:
        _send_notice(clock, rung, now)
        sent.add(rung["code"])
    Clock.objects.filter(pk=pk).update(next_rung_at=next_rung_at_of(clock.rungs, sent))
    return len(due)


def _send_notice(clock: Clock, rung: dict[str, Any], now: dt.datetime) -> None:
    ticket = clock.ticket
    audience = Role(rung["audience"])
    Notice.objects.create(
        clock=clock,
        ticket=ticket,
        code=rung["code"],
        rung=rung["rung"],
        audience=audience,
        unit=clock.unit if audience in UNIT_ROLES else None,
        center_id=ticket.center_id,
        text=_notice_text(clock, Rung(rung["rung"]), now),
        planned_at=dt.datetime.fromisoformat(rung["at"]),
        sent_at=now,
    )
    record_event(
        ticket,
        "notice",
        by=None,
        at=now,
        data={"rung": rung["rung"], "code": rung["code"], "step": clock.step, "clock": clock.pk},
    )


def _notice_text(clock: Clock, rung: Rung, now: dt.datetime) -> str:
    due = timezone.localtime(clock.due_at)
    who = clock.unit.name if clock.unit else "热线"
    when = f"{due:%m月%d日 %H:%M}"
    state = f"已于 {when} 超期" if clock.due_at < now else f"{when} 到期"
    return (
        f"{RUNG_NAMES[rung]}：工单 {clock.ticket.number} 的{STEP_NAMES[Step(clock.step)]}时限"
        f"{state}，请{who}尽快处理。"
    )
