"""The servers of a crash run: a PostgreSQL cluster and a Redis of its own, a worker and a beat.

Each dies with the process that started it (PR_SET_PDEATHSIG); all of them must therefore be started
from its main thread.
"""

from __future__ import annotations

import base64
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from hotline.processes import die_with_parent, redis_server_command

WORKERS = 2
# How long a server may take to answer, and the processes of a killed one to be gone, in seconds.
PATIENCE = 60.0


class Missing(Exception):
    """The machine lacks a program; the message names it."""


def postgres_programs() -> Path:
    """The folder of the newest PostgreSQL. Raises Missing."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parts[-3]),
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise Missing("initdb was not found: install PostgreSQL (apt-get install postgresql)")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


@dataclass
class Server:
    """A program that is killed and started again. `user`: who runs it, None for whoever runs this.
    Its output goes to `log`."""

    name: str
    command: list[str]
    log: Path
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        parent = os.getpid()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                preexec_fn=lambda: die_with_parent(parent),
            )

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self, *, with_children: bool = False) -> None:
        """SIGKILL. Its children: at the same moment, or left to notice it by themselves. Raises
        TimeoutError if any of them outlives it."""
        if self.process is None:
            return
        family = [*children_of(self.process.pid)] if self.process.poll() is None else []
        for pid in [self.process.pid, *(family if with_children else [])]:
            end_process(pid)
        self.process.wait()
        self.process = None
        deadline = time.monotonic() + PATIENCE
        while any(_exists(pid) for pid in family):
            if time.monotonic() > deadline:
                for pid in family:
                    end_process(pid)
                raise TimeoutError(f"{self.name} was killed and left processes behind")
            time.sleep(0.02)


@dataclass
class Servers:
    """All of one run. `folder` holds everything they write, `logs` what they say."""

    folder: Path
    logs: Path

    def __post_init__(self) -> None:
        python, programs = sys.executable, postgres_programs()
        cluster = self.folder / "pg"
        self._port = free_port()
        celery = [python, "-m", "celery"]
        quiet = "--loglevel=WARNING"
        self.postgres = Server(
            "postgres",
            [str(programs / "postgres"), "-D", str(cluster), "-k", str(cluster),
             "-p", str(self._port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on"],
            self.logs / "postgres.log",
            user="postgres" if os.getuid() == 0 else None,
        )  # fmt: skip
        self.redis = Server(
            "redis", redis_server_command(self.folder / "redis"), self.logs / "redis.log"
        )
        self.worker = Server(
            "worker",
            [*celery, "-A", "hotline", "worker", quiet, f"--concurrency={WORKERS}",
             "--without-gossip", "--without-mingle", "--hostname=crash@%h"],
            self.logs / "worker.log",
        )  # fmt: skip
        self.beat = Server(
            "beat",
            [*celery, "-A", "tests.load.beat", "beat", quiet,
             "--schedule", str(self.folder / "celerybeat-schedule"), "--pidfile="],
            self.logs / "beat.log",
        )  # fmt: skip
        self.all = [self.postgres, self.redis, self.worker, self.beat]

    def environment(self) -> dict[str, str]:
        """What points the settings to these servers, with keys of its own."""
        return {
            "DJANGO_SETTINGS_MODULE": "hotline.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "VAR_DIR": str(self.folder / "var"),
            "DATABASE_URL": f"postgres://crash@127.0.0.1:{self._port}/postgres",
            "REDIS_URL": f"redis+socket://{self.folder}/redis/redis.sock?virtual_host=0",
        }

    def make_cluster(self) -> None:
        """A new PostgreSQL cluster with the user `crash`, started and answering."""
        programs, cluster = postgres_programs(), self.folder / "pg"
        cluster.mkdir(mode=0o700)
        user = self.postgres.user
        if user is not None:
            owner = pwd.getpwnam(user)
            os.chown(cluster, owner.pw_uid, owner.pw_gid)
        with (self.logs / "initdb.log").open("wb") as log:
            subprocess.run(
                [programs / "initdb", "-D", cluster, "-U", "crash", "-A", "trust",
                 "--locale=C.UTF-8", "-E", "UTF8"],
                check=True, cwd="/", stdout=log, stderr=log, start_new_session=True,
                user=user, group=user, extra_groups=None if user is None else [],
            )  # fmt: skip
        self.postgres.start()
        deadline = time.monotonic() + PATIENCE
        while subprocess.call(
            [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port), "-U", "crash"]
        ):
            if not self.postgres.runs or time.monotonic() > deadline:
                raise TimeoutError(f"PostgreSQL does not start, see {self.postgres.log}")
            time.sleep(0.1)

    def pool_processes(self) -> list[int]:
        """The worker's processes that carry out tasks now."""
        return children_of(self.worker.process.pid) if self.worker.process else []

    def stop(self) -> None:
        """Kill all, the last started first."""
        for server in reversed(self.all):
            server.kill(with_children=True)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """The process ids whose parent is `pid`."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _status(path)[1] == pid]


def _exists(pid: int) -> bool:
    """Whether it still runs: one that only waits to be reaped does not."""
    return _status(Path(f"/proc/{pid}"))[0] not in ("", "Z", "X")


def _status(path: Path) -> tuple[str, int]:
    """State letter and parent of a process; ("", 0) when it is gone."""
    try:
        fields = (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0
    return fields[0], int(fields[1])


def end_process(pid: int) -> None:
    """SIGKILL, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
