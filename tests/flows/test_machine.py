"""A few tickets, pressed at random by everybody, rightly and wrongly, while weeks go by.

`MACHINE_EXAMPLES` says how many lives are tried: the suite tries a few, the same each time.
"""

from __future__ import annotations

import copy
import datetime as dt
import functools
import os
import re
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from catalog import snapshot
from catalog.models import CalendarDay, CalendarYear, Exclusion, Item, Region, Staff, Unit
from catalog.rules.limits import HandlingClass
from catalog.rules.roles import Role
from hotline.actions import intake
from hotline.actions.consult import convene
from hotline.actions.decide import Choice
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.ending import archive_tickets, propose_end
from hotline.actions.errors import ActionRefused
from hotline.actions.extension import ask_extension
from hotline.actions.feedback import check_reply
from hotline.actions.handle import reply_to_ticket, return_ticket, sign_ticket
from hotline.actions.intake import Intake, register_ticket, save_draft
from hotline.actions.recount import recount_clocks
from hotline.actions.supervise import open_order
from hotline.actions.sweep import sweep_clocks
from hotline.models import Clock, Event, Ticket
from hotline.permissions import NotAllowed
from hotline.rules.assignments import Verdict
from hotline.rules.clocks import ClockState
from hotline.rules.endings import Ground
from hotline.rules.intake import Channel
from hotline.rules.states import State
from hotline.rules.workflow import BY_MOVE, IllegalMove, Move
from tests.conftest import NOW, TEXT
from tests.flows.machine.hand import Cast, Hand, Press, is_behind, may_press
from tests.flows.machine.table import NEEDS, ONWARD, PRESSES
from tests.flows.machine.world import (
    LIVE,
    RECOUNT,
    Row,
    Watch,
    check_chains,
    check_change,
    check_pause_counted,
    check_world,
)

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "40"))
STEPS = 25
MOST_TICKETS = 5
# An ordinary Friday; before the long holiday of October; before a year not yet published.
STARTS = (NOW, NOW.replace(month=9, day=28, hour=16), NOW.replace(month=12, day=28))
JUMPS = tuple(dt.timedelta(hours=hours) for hours in (0.1, 1, 1, 5, 9, 24, 24, 72, 192, 840))
STEPS_OFTEN = {"press": 16, "wild": 2, "time": 4, "sweep": 2, "register": 1, "draft": 1,
               "archive": 1, "publish": 2}  # fmt: skip
# How the page stands to the ticket: as it is, with its version, with an older one, an older page.
PAGES = ["fresh"] * 7 + ["version"] * 2 + ["old version", "old page"]

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Lives(RuleBasedStateMachine):
    """Each example is one transaction that is taken back."""

    cast: Cast
    seen: Counter[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.watch = Watch()
        self.watching = connection.execute_wrapper(self.watch)
        self.watching.__enter__()
        self.pages: dict[int, Ticket] = {}
        self.made = 0
        self.published = False

    def teardown(self) -> None:
        self.watching.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        if self.published:
            snapshot._calendar.forget()

    @initialize(start=st.sampled_from(STARTS), stage=st.integers(0, 8))
    def begin(self, start: dt.datetime, stage: int) -> None:
        """Two tickets at two centres; the first has come some way, is disputed, late or pressed: few
        lives are long enough to come there by chance."""
        self.now = start
        cast: list[Any] = list(self.cast.people)
        operator, other, supervisor, clerk = (cast[one] for one in (0, 1, 3, 6))
        register_ticket(intake=_intake("13800000001"), key="other", by=other, at=self.now)
        ticket, _ = register_ticket(
            intake=_intake("13800000001"), key="first", by=operator, at=self.now
        )
        housing, ecology = self.cast.units[:2]
        choice = Choice("12345", self.cast.item, self.cast.region, HandlingClass.GENERAL, housing)
        on_time: dict[str, Any] = {"at": self.now}
        way: list[Callable[[], Any]] = [
            lambda: dispatch_ticket(
                ticket, choice=choice, co_units=[ecology], by=operator, **on_time
            ),
            lambda: sign_ticket(ticket, by=clerk, **on_time),
            lambda: reply_to_ticket(ticket, text="已办", without="无须", by=clerk, **on_time),
            lambda: check_reply(
                ticket, verdict=Verdict.APPROVED, note="", by=supervisor, **on_time
            ),
        ]
        beside: list[list[Callable[[], Any]]] = [
            [
                way[0],
                lambda: return_ticket(ticket, reason="不归我们", basis="目录", by=clerk, **on_time),
                lambda: convene(ticket, question="归谁", units=[ecology], by=supervisor, **on_time),
            ],
            [
                *way[:2],
                lambda: ask_extension(ticket, days=5, reason="等配件", by=clerk, **on_time),
            ],
            [way[0], lambda: open_order(ticket, demand="查清", days=2, by=supervisor, **on_time)],
            [
                lambda: propose_end(
                    ticket, ground=Ground.GROUNDLESS, reason="没有依据", by=supervisor, **on_time
                )
            ],
        ]
        for step in way[:stage] if stage <= len(way) else beside[stage - len(way) - 1]:
            step()
        self.world = self.watch.read()
        check_world(self.world, self.now)

    @rule(data=st.data())
    def step(self, data: Any) -> None:
        """One rule alone: hypothesis leaves rules out of a life at random, and most lives without
        pressing, or without time, come nowhere."""
        few = len(self.world.tickets) < MOST_TICKETS
        possible = {
            "register": few,
            "draft": few,
            "archive": bool(self.world.all(Ticket, state=State.CLOSED)),
            "publish": not self.published and self._provisional(),
        }
        kinds = [
            kind
            for kind, often in STEPS_OFTEN.items()
            for _ in range(often)
            if possible.get(kind, True)
        ]
        getattr(self, f"_{data.draw(st.sampled_from(kinds))}")(data)

    def _register(self, data: Any) -> None:
        by = data.draw(st.sampled_from(self.cast.people[:-1]))
        phone = data.draw(st.sampled_from(["13800000001", "13800000002", ""]))
        own = self.world.all(Ticket, created_by_id=by.pk)
        keys = [row["idempotency_key"] for row in own]
        key = data.draw(st.sampled_from([self._key(), *keys]))
        found = [row for row in own if row["idempotency_key"] == key]
        again = bool(found) and found[0]["state"] != State.DRAFT
        form = _intake(phone)
        allowed = by.region_id and by.role in (Role.OPERATOR, Role.SUPERVISOR, Role.MACHINE)
        other = again and found[0]["request_digest"] != form.digest()
        self._try(
            "again" if again else Move.REGISTER,
            lambda: register_ticket(intake=form, key=key, by=by, at=self.now),
            must_refuse=other or not (allowed or again),
        )

    def _draft(self, data: Any) -> None:
        by = data.draw(st.sampled_from(self.cast.people[:3]))
        key = self._key()
        self._try(
            "draft", lambda: save_draft(intake=_intake(""), key=key, by=by), must_refuse=False
        )

    def _time(self, data: Any) -> None:
        self.now += data.draw(st.sampled_from(JUMPS))

    def _sweep(self, data: Any) -> None:
        self._try("sweep", lambda: sweep_clocks(now=self.now), must_refuse=False)
        for clock in self.world.all(Clock, state=ClockState.RUNNING):
            assert clock["next_rung_at"] is None or clock["next_rung_at"] > self.now

    def _publish(self, data: Any) -> None:
        """The calendar of 2027 becomes known, and differs from what was thought."""
        self.published = True
        CalendarYear.objects.filter(year=2027).update(is_provisional=False)
        for day, works in ((4, False), (9, True)):
            CalendarDay.objects.create(
                date=dt.date(2027, 1, day), is_workday=works, name="示例", document="示例"
            )
        snapshot._calendar.forget()
        self._try(RECOUNT, lambda: recount_clocks(at=self.now), must_refuse=False)
        assert not self._provisional()

    def _archive(self, data: Any) -> None:
        closed = self.world.all(Ticket, state=State.CLOSED)
        due = {row["id"] for row in closed if row["reopen_until"] < self.now}
        self._try("archive", lambda: archive_tickets(now=self.now), must_refuse=False)
        archived = {row["id"] for row in self.world.all(Ticket, state=State.ARCHIVED)}
        assert archived & {row["id"] for row in closed} == due

    def _wild(self, data: Any) -> None:
        """Anybody presses anything on any ticket."""
        press = data.draw(st.sampled_from(list(PRESSES)))
        pk = data.draw(st.sampled_from(list(self.world.tickets)))
        self.press(data, press, pk, data.draw(st.sampled_from(self._everybody(press))))

    def _press(self, data: Any) -> None:
        """What the table has for a ticket's state, mostly by somebody whose turn it is."""
        fitting = {
            pk: [press for press, moves in PRESSES.items() if _fits(row, moves)]
            for pk, row in self.world.tickets.items()
        }
        pk = data.draw(st.sampled_from([pk for pk, presses in fitting.items() if presses] or [0]))
        if not pk:
            return  # nothing can happen any more
        row = self.world.tickets[pk]
        weighed = [one for one in fitting[pk] for _ in range(5 if self._leads_on(one, pk) else 1)]
        press = data.draw(st.sampled_from(weighed))
        everybody = self._everybody(press)
        right = [
            one
            for one in everybody
            if any(may_press(one, row, self.world, move) for move in PRESSES[press])
        ]
        self.press(data, press, pk, data.draw(st.sampled_from(right * 12 + everybody)))

    def press(self, data: Any, press: Callable[[Hand], Press], pk: int, by: Staff | None) -> None:
        page = data.draw(st.sampled_from(PAGES))
        row = self.world.tickets[pk]
        ticket = Ticket.objects.get(pk=pk)
        self.pages.setdefault(pk, copy.copy(ticket))
        if page == "old page":
            ticket, self.pages[pk] = self.pages[pk], ticket
            ticket = copy.copy(ticket)
        versions = {"version": row["version"], "old version": row["version"] - 1}
        hand = Hand(
            draw=data.draw, world=self.world, cast=self.cast, ticket=ticket, row=row, by=by,
            at=self.now, version=versions.get(page), key=self._key(),
        )  # fmt: skip
        pressed = press(hand)
        move = pressed.move
        note(f"{by or 'caller'} presses {move or 'a call unanswered'} on {pk} ({row['state']})")
        self._try(
            move or "callback_missed",
            pressed.call,
            must_refuse=pressed.refused
            or not may_press(by, row, self.world, move or Move.CLOSE)
            or is_behind(hand, move),
        )
        if self.last_refused is None:
            self._check_effect(pk, move)

    def _try(self, what: Move | str, call: Callable[[], Any], *, must_refuse: bool) -> None:
        """Carry out `call`, and hold what it did against what it had to do."""
        self.last_refused = None
        try:
            call()
        except (ActionRefused, IllegalMove, NotAllowed) as refusal:
            self.last_refused = refusal
        before, self.world = self.world, self.watch.read()
        self.seen[str(what), "refused" if self.last_refused else "done"] += 1
        if self.last_refused is not None:
            assert must_refuse, f"{what} was refused without need: {self.last_refused!r}"
            assert _CHINESE.search(str(self.last_refused)), f"{what}: {self.last_refused!r}"
            assert self.world == before, f"{what} was refused, yet something changed"
        else:
            assert not must_refuse, f"{what} had to be refused"
            check_change(before, self.world, what)
            if what == Move.SUPPLY:
                check_pause_counted(before, self.world, self.now)
            check_world(self.world, self.now)
            if self.seen.total() % 5 == 0:
                check_chains()
        self.now += dt.timedelta(seconds=1)

    def _check_effect(self, pk: int, move: Move | None) -> None:
        """The row's own promise: the event, the state, the clocks."""
        ticket = self.world.tickets[pk]
        events = {row["sequence"]: row for row in self.world.all(Event, ticket_id=pk)}
        kind = events[ticket["event_count"]]["kind"]
        assert kind == (move.value if move else "callback_missed")
        if move is None:
            return
        row, live = BY_MOVE[move], {one["step"] for one in self.world.live_clocks(pk)}
        assert row.target is None or ticket["state"] == row.target
        for step in {*row.stops, *row.drops} - {*row.starts}:
            assert step not in live, f"{move} leaves {step} running"

    def _leads_on(self, press: Callable[[Hand], Press], pk: int) -> bool:
        """Whether the ticket comes further by it: such are pressed more often."""
        live = {row["step"] for row in self.world.live_clocks(pk)}
        return press in ONWARD and (press not in NEEDS or NEEDS[press] in live)

    def _everybody(self, press: Callable[[Hand], Press]) -> list[Staff | None]:
        """The cast; the caller only where there is something for them to press."""
        citizen = any(BY_MOVE[move].citizen for move in PRESSES[press])
        return [one for one in self.cast.people if one or citizen]

    def _provisional(self) -> bool:
        return any(
            row["is_provisional"] and row["state"] in LIVE
            for row in self.world.rows[Clock].values()
        )

    def _key(self) -> str:
        self.made += 1
        return f"key-{self.made}"


def _fits(row: Row, moves: tuple[Move, ...]) -> bool:
    return any(State(row["state"]) in BY_MOVE[move].sources for move in moves)


def _intake(phone: str) -> Intake:
    return Intake(content=TEXT, channel=Channel.PHONE, phone=phone)


@pytest.fixture
def cast(make_staff: Any) -> Cast:
    housing, ecology, market = (f"630100-{name}" for name in ("housing", "ecology", "market"))
    staff = [
        make_staff("operator", Role.OPERATOR, region="630000"),
        make_staff("golmud-operator", Role.OPERATOR, region="632800"),
        make_staff("xining-operator", Role.OPERATOR, region="630100"),
        make_staff("supervisor", Role.SUPERVISOR, region="630000"),
        make_staff("other-supervisor", Role.SUPERVISOR, region="630000"),
        make_staff("golmud-supervisor", Role.SUPERVISOR, region="632800"),
        *(
            make_staff(f"{unit}-{role}", role, unit=unit)
            for unit in (housing, ecology, market)
            for role in (Role.UNIT_CLERK, Role.UNIT_LEADER)
        ),
        make_staff("portal", Role.MACHINE, region="630000"),
        make_staff("office", Role.GOVERNMENT, region="630000"),
        make_staff("administrator", Role.ADMINISTRATOR, region="630000"),
    ]
    units = {one.code: one for one in Unit.objects.all()}
    return Cast(
        people=(*staff, None),
        units=(units[housing], units[ecology], units[market]),
        lines=(units["630000-ecology"], units["630000-market"]),
        centers=tuple(Region.objects.get(code=code) for code in ("630000", "632800", "630100", "630200")),
        item=Item.objects.get(code="12345-020602"),
        region=Region.objects.get(code="630103"),
        exclusion=Exclusion.objects.get(code="litigation"),
    )  # fmt: skip


def test_whatever_is_pressed_the_table_is_obeyed_and_no_ticket_is_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Nothing else changes the catalogue: it is read once. All tickets say one of two things.
    monkeypatch.setattr(snapshot, "CHECK_EVERY", 1e9)
    monkeypatch.setattr(intake, "route", functools.cache(intake.route))
    Lives.cast, Lives.seen = cast, Counter()
    few = "MACHINE_EXAMPLES" not in os.environ
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=few,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    done = {what for what, how in Lives.seen if how == "done"}
    if few:
        return
    with capsys.disabled():
        for what in sorted({what for what, _ in Lives.seen}):
            done_so_often, refused = (Lives.seen[what, how] for how in ("done", "refused"))
            sys.stdout.write(f"\n{what:20}{done_so_often:8} done{refused:8} refused")
    if EXAMPLES >= 500:
        unseen = {move.value for move in Move} - done - {Move.FOLLOW, Move.ARCHIVE}
        assert not unseen, f"never done: {unseen}"
