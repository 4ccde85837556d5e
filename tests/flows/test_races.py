"""Two people press at the same moment, on connections of their own, with real commits.

`RACES` says how many races are run in all; the suite runs each pair once.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from hotline.actions import intake
from hotline.actions.errors import ActionRefused
from hotline.models import Event, Ticket
from hotline.permissions import NotAllowed
from hotline.rules.workflow import IllegalMove
from tests.flows.machine.scene import NEXT_YEAR, PAIRS, Pair, Scene
from tests.flows.machine.world import Watch, check_chains, check_world

RACES = int(os.environ.get("RACES", str(len(PAIRS))))
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Longer than the database takes to find a deadlock.
PATIENCE = 60.0


def run_pair(scene: Scene, pair: Pair, turn: int) -> tuple[list[Any], list[Ticket]]:
    """What became of the two: "done", "refused", or the fault. Every other turn the second is off
    first, and one of them a little later than the other."""
    tickets = pair.stage(scene)
    outcomes: list[Any] = [None, None]
    ready = threading.Barrier(2)

    def press(side: int, act: Callable[[Scene, list[Ticket]], Any]) -> None:
        try:
            seen = [Ticket.objects.get(pk=one.pk) for one in tickets]
            ready.wait(PATIENCE)
            time.sleep(turn // 2 % 4 * 0.01 * (side == turn % 2))
            outcomes[side] = "refused" if act(scene, seen) is False else "done"
        except (ActionRefused, IllegalMove, NotAllowed) as refusal:
            said = bool(_CHINESE.search(str(refusal)))
            outcomes[side] = "refused" if said else repr(refusal)
        except Exception as fault:
            outcomes[side] = repr(fault)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(side, act))
        for side, act in enumerate((pair.left, pair.right))
    ]
    for thread in threads if turn % 2 else reversed(threads):
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), (
        f"{pair.name}: they wait for each other"
    )
    return outcomes, tickets


def faults_of(pair: Pair, outcomes: list[Any], tickets: list[Ticket]) -> list[str]:
    """What is wrong with how the race ended."""
    done = outcomes.count("done")
    wrong = [one for one in outcomes if one not in ("done", "refused")]
    faults = [f"{pair.name}: {one}" for one in wrong]
    if not wrong and (done == 0 or (done == 2 and not pair.both)):
        faults.append(f"{pair.name}: {outcomes}")
    if not wrong and any(outcomes[side] != "done" for side in pair.never_lost):
        faults.append(f"{pair.name}: {outcomes}, though one of them cannot lose")
    if pair.once:
        times = Event.objects.filter(ticket=tickets[0], kind=pair.once).count()
        if times != 1:
            faults.append(f"{pair.name}: {times} times {pair.once}")
    return faults


def test_of_two_who_press_at_the_same_moment_nobody_is_lost_and_nothing_is_doubled(
    stage: None,
    operator: Any,
    golmud_operator: Any,
    supervisor: Any,
    clerk: Any,
    leader: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(intake, "route", functools.cache(intake.route))
    scene = Scene(operator, supervisor, clerk, leader, golmud_operator.region)
    ends: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    for race in range(RACES):
        pair = PAIRS[race % len(PAIRS)]
        outcomes, tickets = run_pair(scene, pair, turn=race // len(PAIRS))
        faults += faults_of(pair, outcomes, tickets)
        ends[pair.name, " / ".join(outcomes)] += 1
    if "RACES" in os.environ:
        with capsys.disabled():
            for (name, end), times in sorted(ends.items()):
                sys.stdout.write(f"\n{name:45}{end:20}{times:4}")
    assert not faults, "\n".join(faults)
    forms = Ticket.objects.filter(idempotency_key__startswith="f")
    assert forms.count() == sum(race % len(PAIRS) == len(PAIRS) - 1 for race in range(RACES))
    check_chains()
    check_world(Watch().read(), NEXT_YEAR)
