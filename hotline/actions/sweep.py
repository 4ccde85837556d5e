"""The sweep: every notice that is due, once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from catalog.rules.limits import RUNG_NAMES, STEP_NAMES, HandlingClass, Rung, Step
from catalog.rules.roles import UNIT_ROLES, Role
from catalog.snapshot import working_calendar
from hotline.actions.clocks import next_rung_at_of, sent_codes
from hotline.actions.dead_letters import bury, resolve
from hotline.actions.events import NewEvent, record_events
from hotline.models import Clock, Notice, Ticket
from hotline.queries.dead_letters import keys_in
from hotline.queries.policies import region_path_of
from hotline.rules.clocks import ClockState
from hotline.rules.dead_letters import LetterKind, LetterState
from hotline.rules.escalation import is_quiet

logger = logging.getLogger(__name__)

# Clocks of one transaction: few enough to be over in a blink, many enough that a query costs little.
BATCH = 200
# How long a clock that cannot be swept is left alone.
ASIDE = dt.timedelta(hours=1)
# No fault of a clock: the next sweep begins anew.
_DATABASE_TROUBLE = (OperationalError, InterfaceError)


def sweep_clocks(*, now: dt.datetime, batch: int = BATCH) -> int:
    """Send every notice that is due, once, what was planned first first. Returns how many were sent.

    A transaction takes up to `batch` due clocks that nobody holds, with their tickets, and never waits
    for a lock: sweeps that run at once share the work, and one killed half way leaves whole clocks to
    the next. What somebody else holds just now is the next sweep's. A unique key (clock, rung) holds
    the promise in the database as well.

    When a batch fails, its clocks are done one by one, and those that fail again are put aside.
    """
    buried = _take_up(now)
    sent = 0
    while True:
        taken: list[int] = []
        try:
            with transaction.atomic():
                clocks = _take(now, batch)
                taken = [clock.pk for clock in clocks]
                told = _tell(clocks, now)
        except _DATABASE_TROUBLE:
            raise
        except Exception:
            if not taken:
                raise
            logger.exception("a batch of %d clocks failed; they are done one by one", len(taken))
            told = sum(_sweep_one(clock, now) for clock in taken)
        else:
            for pk in buried.intersection(taken):
                resolve(LetterKind.SWEEP, str(pk), at=now)
        if not taken:
            return sent
        sent += told


def _sweep_one(clock: int, now: dt.datetime) -> int:
    try:
        with transaction.atomic():
            told = _tell(_take(now, 1, pk=clock), now)
            resolve(LetterKind.SWEEP, str(clock), at=now)
            return told
    except _DATABASE_TROUBLE:
        raise
    except Exception as error:
        _put_aside(clock, error, now)
        return 0


def _put_aside(clock_id: int, error: Exception, at: dt.datetime) -> None:
    """Leave a clock that cannot be swept alone for a while, so that it keeps nobody waiting."""
    logger.error("clock %d cannot be swept: %s", clock_id, type(error).__name__, exc_info=error)
    if _due(at).filter(pk=clock_id).update(next_rung_at=at + ASIDE):
        ticket = Ticket.objects.filter(clocks=clock_id).first()
        bury(LetterKind.SWEEP, str(clock_id), ticket=ticket, error=type(error).__name__, at=at)


def _take_up(now: dt.datetime) -> set[int]:
    """Make what a person wants tried again due at once. Returns the clocks that were put aside before;
    those that no longer run need nothing any more."""
    again = keys_in(LetterState.RETRY, LetterKind.SWEEP)
    running = Clock.objects.filter(state=ClockState.RUNNING)
    running.filter(pk__in=again, is_held=False, next_rung_at__gt=now).update(next_rung_at=now)
    buried = again | keys_in(LetterState.OPEN, LetterKind.SWEEP)
    alive = set(running.filter(pk__in=buried).values_list("pk", flat=True))
    for key in buried - {str(pk) for pk in alive}:
        resolve(LetterKind.SWEEP, key, at=now)
    return alive


def _due(now: dt.datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(state=ClockState.RUNNING, is_held=False, next_rung_at__lte=now)


def _take(now: dt.datetime, most: int, **which: int) -> list[Clock]:
    """Due clocks, locked with their tickets until the transaction ends. Of a ticket only what the
    notice says is read: one that cannot be decrypted stops nobody's notice."""
    due = _due(now).filter(**which).order_by("next_rung_at")
    return list(
        due.select_related("ticket", "unit", "region__parent__parent")
        .only(
            *("step", "handling_class", "due_at", "rungs", "acted_at"),
            *("ticket__number", "ticket__center", "unit__name"),
            *("region__code", "region__parent__code", "region__parent__parent__code"),
        )
        .select_for_update(skip_locked=True, of=("self", "ticket"))
        .prefetch_related(Prefetch("notices", Notice.objects.only("clock", "code")))[:most]
    )


def _tell(clocks: Sequence[Clock], now: dt.datetime) -> int:
    """Write what is due of these clocks: notices, events, and when each clock is due next."""
    due = [(clock, rung) for clock in clocks for rung in _pass_rungs(clock, now)]
    due.sort(key=lambda pair: _planned_at(pair[1]))
    Notice.objects.bulk_create(_notice(clock, rung, now) for clock, rung in due)
    record_events([_event(clock, rung) for clock, rung in due], by=None, at=now)
    _save(clocks)
    return len(due)


def _save(clocks: Sequence[Clock]) -> None:
    """Write what changed of the clocks. Their next moments are openings of offices: few different
    ones, so that many clocks share an update."""
    together: dict[dt.datetime | None, list[int]] = {}
    for clock in clocks:
        together.setdefault(clock.next_rung_at, []).append(clock.pk)
    for moment, pks in together.items():
        Clock.objects.filter(pk__in=pks).update(next_rung_at=moment)
    quiet = [clock for clock in clocks if any(rung.get("quiet") for rung in clock.rungs)]
    Clock.objects.bulk_update(quiet, ["rungs"])


def _pass_rungs(clock: Clock, now: dt.datetime) -> list[dict[str, Any]]:
    """The rungs to be told now. All that are due are then behind the clock, unsaved: urging that comes
    right after the unit acted is marked as left out."""
    behind = sent_codes(clock)
    path = region_path_of(clock.region)
    told = []
    for rung in clock.rungs:
        if rung["code"] in behind or _planned_at(rung) > now:
            continue
        behind.add(rung["code"])
        if is_quiet(Rung(rung["rung"]), clock.acted_at, now, working_calendar(), path):
            rung["quiet"] = True
        else:
            told.append(rung)
    clock.next_rung_at = next_rung_at_of(clock.rungs, behind)
    return told


def _planned_at(rung: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(rung["at"])


def _notice(clock: Clock, rung: dict[str, Any], now: dt.datetime) -> Notice:
    audience = Role(rung["audience"])
    return Notice(
        clock=clock,
        ticket=clock.ticket,
        code=rung["code"],
        rung=rung["rung"],
        audience=audience,
        unit=clock.unit if audience in UNIT_ROLES else None,
        center_id=clock.ticket.center_id,
        text=_notice_text(clock, Rung(rung["rung"]), now),
        planned_at=_planned_at(rung),
        sent_at=now,
        is_urgent=clock.handling_class == HandlingClass.URGENT,
    )


def _event(clock: Clock, rung: dict[str, Any]) -> NewEvent:
    return NewEvent(
        clock.ticket_id,
        "notice",
        {name: rung[name] for name in ("rung", "code", "audience")}
        | {"step": clock.step, "clock": clock.pk},
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
