"""The course of a crash run: the stage, the kills, the wait until all is quiet, the report."""

from __future__ import annotations

import datetime as dt
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from django.core.management import call_command
from django.db import (
    DatabaseError,
    InterfaceError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import Min
from django.utils import timezone

from hotline.models import Clock
from hotline.rules.clocks import ClockState
from tests.load.beat import SWEEP_SECONDS
from tests.load.invariants import check_everything
from tests.load.servers import Server, Servers, end_process
from tests.load.stage import Users, make_people, make_tickets, spread_ladders

# What is killed, in equal parts: the worker's parent alone (its processes must follow), one of the
# processes that carry out its tasks, beat, Redis.
TARGETS = ("worker", "pool", "beat", "redis")
DATABASE = "postgres"
DOWN = (0.5, 5.0)  # seconds that a killed server stays away
LOOK = 0.5  # seconds between two looks at what waits
USERS = 3
# How long nothing may move although rungs are due and all servers are up, in seconds.
PATIENCE = 120.0
# A task that failed so found the database away; the next sweep does its work.
_AWAY = {"OperationalError", "InterfaceError"}
_TASK_ERROR = re.compile(r"Task \S+ raised unexpected: (\w+)")


@dataclass(frozen=True)
class Plan:
    """What a run does. `seconds`: the stretch in which the rungs of all clocks come."""

    clocks: int
    kills: int
    database_kills: int
    seconds: float
    seed: int


@dataclass
class Kill:
    """`at`: second of the run; `down`: seconds until the restart, 0 where Celery does it itself."""

    at: float
    target: str
    down: float


@dataclass
class Report:
    plan: Plan
    kills: list[Kill] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    # The longest of its kind, in seconds.
    seconds: dict[str, float] = field(default_factory=dict)
    # (second of the run, seconds that the rung waits which is due for longest)
    waits: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            "holds": not self.faults,
            "plan": asdict(self.plan),
            "kills": [asdict(kill) for kill in self.kills],
            "figures": dict(self.figures),
            "seconds": self.seconds,
            "waits": [(round(at, 1), round(wait, 1)) for at, wait in self.waits],
            "faults": self.faults,
        }

    def text(self) -> str:
        kinds = Counter(kill.target for kill in self.kills)
        lines = [
            f"Seed {self.plan.seed}: {self.plan.clocks} clocks, {len(self.kills)} kills "
            f"({', '.join(f'{kind} {count}' for kind, count in sorted(kinds.items()))})",
            *(f"  {kill.at:6.1f} s  {kill.target}, down {kill.down:.1f} s" for kill in self.kills),
            *(f"{count:8}  {name}" for name, count in self.figures.items()),
            *(f"{value:8.1f}  {name} (seconds)" for name, value in self.seconds.items()),
            *(f"FAULT: {fault}" for fault in self.faults[:50]),
            f"{len(self.faults)} faults" if self.faults else "Everything holds.",
        ]
        return "\n".join(lines)


class Course:
    """One run. Servers are started and killed from this thread alone."""

    def __init__(self, plan: Plan, servers: Servers, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._servers = servers
        self._say = say
        self._rng = random.Random(plan.seed)
        self._report = Report(plan)
        self._restarts: dict[str, float] = {}  # server -> second of the run
        self._looked = 0.0

    def run(self) -> Report:
        users = self._set_up()
        self._started = time.monotonic()
        start = timezone.now() + dt.timedelta(seconds=5)
        end = start + dt.timedelta(seconds=self._plan.seconds)
        self._report.figures["rungs planned"] = spread_ladders(start, end, self._rng)
        for server in (self._servers.redis, self._servers.worker, self._servers.beat):
            server.start()
        users.start()
        self._say(f"Killing until {end:%H:%M:%S} UTC …")
        try:
            self._kill_at_random(self._plan.seconds + 5)
        finally:
            users.stop()
        self._wait_until_quiet()
        self._check(users)
        return self._report

    def _set_up(self) -> Users:
        self._say("Database, catalogue, tickets …")
        self._servers.make_cluster()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_catalog", verbosity=0)
        people = make_people()
        make_tickets(people, self._plan.clocks)
        # So that half of the tickets see a step, and most clocks run to the end of their ladder.
        pause = self._plan.seconds * USERS / (self._plan.clocks / 4)
        return Users(people, threads=USERS, pause=pause, rng=self._rng)

    def _kill_at_random(self, seconds: float) -> None:
        """For so long, and until every kill that was planned struck something that was up."""
        kills = self._plan_kills(seconds)
        while (now := self._now()) < seconds or (kills and now < seconds + PATIENCE):
            self._revive(now)
            if kills and kills[0].at <= now:
                kill = kills.pop(0)
                kill.at = now
                if self._carry_out(kill):
                    self._report.kills.append(kill)
                else:
                    kill.at += LOOK
                    kills = sorted([*kills, kill], key=lambda one: one.at)
            if now >= self._looked + LOOK:
                self._look_who_waits()
            time.sleep(0.05)
        self._report.faults += [f"{kill.target} was never up to be killed" for kill in kills]

    def _plan_kills(self, seconds: float) -> list[Kill]:
        targets = [TARGETS[number % len(TARGETS)] for number in range(self._plan.kills)]
        self._rng.shuffle(targets)
        last = seconds - 2 * max(DOWN)
        kills = [
            Kill(self._rng.uniform(3, last), target, self._rng.uniform(*DOWN) * (target != "pool"))
            for target in targets
        ]
        # The database in the thick of it.
        kills += [
            Kill(self._rng.uniform(0.3 * last, 0.7 * last), DATABASE, self._rng.uniform(*DOWN))
            for _ in range(self._plan.database_kills)
        ]
        return sorted(kills, key=lambda kill: kill.at)

    def _carry_out(self, kill: Kill) -> bool:
        """Whether there was something to kill."""
        if kill.target == "pool":
            pool = self._servers.pool_processes()
            if pool:
                end_process(self._rng.choice(pool))
            return bool(pool)
        server = self._server(kill.target)
        if not server.runs:
            return False
        try:
            server.kill(with_children=kill.target == DATABASE)
        except TimeoutError as error:
            self._report.faults.append(str(error))
        self._restarts[kill.target] = kill.at + kill.down
        return True

    def _revive(self, now: float) -> None:
        """Start again what was killed a while ago, and what died by itself, as `serve` does."""
        for server in self._servers.all:
            if server.runs:
                continue
            if server.name not in self._restarts:
                self._report.figures[f"{server.name} died by itself"] += 1
                server.kill()
                self._restarts[server.name] = now + 1.0
            elif self._restarts[server.name] <= now:
                del self._restarts[server.name]
                server.start()

    def _wait_until_quiet(self) -> None:
        """Until no rung is due, and then for three sweeps more. What piled up may take its time, as
        long as the oldest due rung is not always the same."""
        begun = moved = self._now()
        oldest = 0.0
        quiet_since: float | None = None
        while quiet_since is None or self._now() < quiet_since + 3 * SWEEP_SECONDS:
            now = self._now()
            if now > moved + PATIENCE:
                self._report.faults.append(f"rungs are due and nothing moved for {PATIENCE:.0f} s")
                break
            self._revive(now)
            waits = self._look_who_waits()
            if self._restarts or waits != 0:
                quiet_since = None
            elif quiet_since is None:
                quiet_since = now
            if waits is not None and now - waits > oldest + LOOK:
                moved, oldest = now, now - waits
            time.sleep(LOOK)
        self._report.seconds["from the last rung until all were told"] = (
            quiet_since or self._now()
        ) - begun

    def _look_who_waits(self) -> float | None:
        """Seconds that the longest due rung waits now; None when the database is away."""
        close_old_connections()
        self._looked = self._now()
        now = timezone.now()
        try:
            oldest = Clock.objects.filter(
                state=ClockState.RUNNING, next_rung_at__lte=now
            ).aggregate(oldest=Min("next_rung_at"))["oldest"]
        except (DatabaseError, InterfaceError):
            return None
        waits = (now - oldest).total_seconds() if oldest else 0.0
        self._report.waits.append((self._looked, waits))
        return waits

    def _check(self, users: Users) -> None:
        report = self._report
        close_old_connections()
        with transaction.atomic(), connection.cursor() as cursor:
            # One picture of the whole, whatever is still being written.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            findings = check_everything(now=timezone.now())
            steps, step_faults = users.check()
        report.figures += findings.figures
        report.figures += Counter({f"steps {name}": count for name, count in steps.items()})
        report.faults += findings.faults + step_faults
        report.seconds["latest notice after its moment"] = findings.latest
        longest = max(report.waits, key=lambda look: look[1])
        report.seconds[f"longest wait of a due rung, seen at {longest[0]:.0f} s"] = longest[1]
        self._read_logs()

    def _read_logs(self) -> None:
        figures = self._report.figures
        database = self._servers.postgres.log.read_text(errors="replace")
        figures["transactions cut by a kill"] = database.count("with an open transaction")
        if deadlocks := database.count("deadlock detected"):
            self._report.faults.append(f"{deadlocks} deadlocks in the database's log")
        worker = self._servers.worker.log.read_text(errors="replace")
        for error, count in Counter(_TASK_ERROR.findall(worker)).items():
            figures[f"tasks that failed: {error}"] = count
            if error not in _AWAY:
                self._report.faults.append(f"{count} tasks failed: {error}")

    def _server(self, name: str) -> Server:
        return next(server for server in self._servers.all if server.name == name)

    def _now(self) -> float:
        """Second of the run."""
        return time.monotonic() - self._started
