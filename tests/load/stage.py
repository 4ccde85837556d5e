"""The tickets of a crash run and the people who work on them meanwhile."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import QuerySet
from django.utils import timezone

from catalog.models import Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass, Rung
from catalog.rules.roles import Role
from hotline.actions.clocks import next_rung_at_of, refresh_due
from hotline.actions.decide import Choice
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.errors import ActionRefused
from hotline.actions.handle import reply_as_co_handler, reply_to_ticket, sign_ticket
from hotline.actions.intake import Intake, register_ticket
from hotline.models import Clock, Event, Ticket
from hotline.permissions import NotAllowed
from hotline.rules.clocks import ClockState
from hotline.rules.intake import Channel
from hotline.rules.states import State
from hotline.rules.workflow import IllegalMove
from routing.rules.confidence import Zone
from routing.rules.decision import Action, Decision, Number

TEXT = "小区门口的路灯灭了半个月，晚上黑得看不见路，希望尽快修好。西宁市城中区。"
LEAD, CO = "630100-housing", "630100-ecology"
BATCH = 50
# Which person takes which steps, by the ticket's state.
STEPS = {
    State.DISPATCHED: ("sign", "co_reply"),
    State.HANDLING: ("reply", "co_reply"),
}

# The router is not what is tried here, and its model takes minutes to train.
ROUTED = Decision(
    platform=Number.HOTLINE, action=Action.ACCEPT, category="", type="", item="", item_code="",
    clause="", units=(), region=None, urgent=False, complex=False, hotline=None, request="",
    confidence=0.5, zone=Zone.PERSON, review=True, candidates=(), evidence=(), elements=(),
    missing=(), questions=(), model="none",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    operator: Staff
    clerk: Staff
    co_clerk: Staff


def make_people() -> People:
    def make(name: str, role: Role, unit: str = "", region: str = "") -> Staff:
        return Staff.objects.create(
            username=name,
            role=role,
            unit=Unit.objects.get(code=unit) if unit else None,
            region=Region.objects.get(code=region) if region else None,
        )

    return People(
        make("operator", Role.OPERATOR, region="630000"),
        make("clerk", Role.UNIT_CLERK, unit=LEAD),
        make("co-clerk", Role.UNIT_CLERK, unit=CO),
    )


def make_tickets(people: People, clocks: int) -> None:
    """Register and dispatch tickets through the actions until so many clocks run; every second one
    has a co-handler."""
    choice = Choice(
        platform="12345",
        item=Item.objects.get(code="12345-020602"),
        region=Region.objects.get(code="630103"),
        handling_class=HandlingClass.GENERAL,
        lead_unit=Unit.objects.get(code=LEAD),
    )
    co_units = [Unit.objects.get(code=CO)]
    made = 0
    with mock.patch("hotline.actions.intake.route", return_value=ROUTED):
        while _running().count() < clocks:
            with transaction.atomic():
                for _ in range(BATCH):
                    made += 1
                    now = timezone.now()
                    ticket, _ = register_ticket(
                        intake=Intake(content=TEXT, channel=Channel.PHONE, phone="13800000001"),
                        key=f"crash-{made}",
                        by=people.operator,
                        at=now,
                    )
                    dispatch_ticket(
                        ticket,
                        choice=choice,
                        co_units=co_units if made % 2 else [],
                        by=people.operator,
                        at=now,
                    )


def spread_ladders(start: dt.datetime, end: dt.datetime, rng: random.Random) -> int:
    """Move the rungs of every running clock to random moments between `start` and `end`, in their
    order; returns how many rungs there are. The limit itself is over at the first rung that is more
    than an urging."""
    planned = 0
    clocks = list(_running())
    for clock in clocks:
        moments = sorted(start + (end - start) * rng.random() for _ in clock.rungs)
        clock.rungs = [
            rung | {"at": at.isoformat()} for rung, at in zip(clock.rungs, moments, strict=True)
        ]
        late = [at for rung, at in zip(clock.rungs, moments, strict=True) if _is_late(rung)]
        clock.due_at = min(late, default=end)
        clock.is_provisional = False  # nothing shall count it anew meanwhile
        clock.next_rung_at = next_rung_at_of(clock.rungs, set())
        planned += len(moments)
    with transaction.atomic():
        Clock.objects.bulk_update(
            clocks, ["rungs", "due_at", "is_provisional", "next_rung_at"], batch_size=500
        )
        for ticket in Ticket.objects.all():
            refresh_due(ticket)
    return planned


def _running() -> QuerySet[Clock]:
    return Clock.objects.filter(state=ClockState.RUNNING, next_rung_at__isnull=False).order_by("id")


def _is_late(rung: dict[str, str]) -> bool:
    return rung["rung"] != Rung.URGE


@dataclass(frozen=True)
class Step:
    """A step that somebody took: `kind` is that of its event, `at` its moment."""

    ticket: int
    kind: str
    at: dt.datetime


class Users:
    """People who sign and answer tickets at random, each in a thread, until told to stop.

    A step that fails for want of the database is shown as an error, and tried again as a person
    would: after a while, on the ticket as it is then.
    """

    def __init__(self, people: People, *, threads: int, pause: float, rng: random.Random) -> None:
        """`pause`: seconds between two steps of one person, on average."""
        self.done: list[Step] = []
        self.failed: list[Step] = []
        self.refused = 0
        self.faults: list[str] = []
        self._people = people
        self._pause = pause
        self._tickets = list(Ticket.objects.values_list("pk", flat=True))
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(random.Random(rng.random()),), daemon=True)
            for _ in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self, rng: random.Random) -> None:
        ticket = rng.choice(self._tickets)
        while not self._stop.wait(rng.uniform(0, 2 * self._pause)):
            close_old_connections()  # as a web process does before each request
            if not self._try_step(ticket, rng):
                ticket = rng.choice(self._tickets)
        connection.close()

    def _try_step(self, pk: int, rng: random.Random) -> bool:
        """Whether the step failed and is to be tried again."""
        step = None
        try:
            ticket = Ticket.objects.get(pk=pk)
            steps = STEPS.get(State(ticket.state))
            if steps is None:
                return False
            step = Step(pk, rng.choice(steps), timezone.now())
            self._act(step.kind)(ticket, step.at)
            self.done.append(step)
        except (OperationalError, InterfaceError) as error:
            if getattr(error.__cause__, "sqlstate", None) == "40P01":
                self.faults.append(f"deadlock in a user's step: {step}")
            if step is not None:
                self.failed.append(step)
            return True
        except (ActionRefused, NotAllowed, IllegalMove):
            self.refused += 1
        except Exception as error:
            self.faults.append(f"{step}: {type(error).__name__}: {error}")
        return False

    def _act(self, kind: str) -> Callable[[Ticket, dt.datetime], object]:
        people = self._people
        return {
            "sign": lambda ticket, at: sign_ticket(ticket, by=people.clerk, at=at),
            "reply": lambda ticket, at: reply_to_ticket(
                ticket, text="已修复。", by=people.clerk, at=at
            ),
            "co_reply": lambda ticket, at: reply_as_co_handler(
                ticket, text="已配合。", by=people.co_clerk, at=at
            ),
        }[kind]

    def check(self) -> tuple[Counter[str], list[str]]:
        """What became of the steps: every one that was confirmed to the person is in the history."""
        figures: Counter[str] = Counter()
        faults = list(self.faults)
        events = set(Event.objects.values_list("ticket", "kind", "at"))
        for step in self.done:
            figures["confirmed"] += 1
            if (step.ticket, step.kind, step.at) not in events:
                figures["confirmed and lost"] += 1
                faults.append(f"confirmed to the person and lost: {step}")
        for step in self.failed:
            written = (step.ticket, step.kind, step.at) in events
            figures["answered with an error"] += 1
            figures["answered with an error, yet written whole"] += written
        figures["refused"] = self.refused
        return figures, faults
