"""The parent of all processes: restarts what dies, leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import redis

from hotline.processes import redis_server_command


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def parent(tmp_path):
    """A parent with one child that writes its number to a file each time it starts."""
    pids = tmp_path / "pids"
    script = textwrap.dedent(
        f"""
        import sys
        from hotline.processes import Group
        child = (
            "import os, time;"
            "open({str(pids)!r}, 'a').write(f'{{os.getpid()}}\\\\n');"
            "time.sleep(600)"
        )
        group = Group(lambda line: None)
        group.stop_on_signals()
        group.add("child", [sys.executable, "-c", child])
        try:
            group.wait(ready=lambda: False, announce=lambda: None)
        finally:
            group.stop()
        """
    )
    process = subprocess.Popen([sys.executable, "-c", script])

    def started():
        return [int(line) for line in pids.read_text().split()] if pids.exists() else []

    assert wait_for(lambda: len(started()) == 1)
    yield process, started
    if process.poll() is None:
        process.kill()
        process.wait()


def test_killed_child_is_started_again(parent):
    _, started = parent
    os.kill(started()[0], signal.SIGKILL)
    assert wait_for(lambda: len(started()) == 2)
    assert alive(started()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_child_outlives_its_parent(parent, number):
    process, started = parent
    process.send_signal(number)
    process.wait(20)
    assert wait_for(lambda: not alive(started()[0]))


def test_embedded_redis_keeps_what_it_was_told_through_a_kill(tmp_path):
    # A socket's path may have 107 characters; a test's own folder may be deeper.
    folder = Path("/tmp") / f"hotline-redis-{os.getpid()}"
    command = redis_server_command(folder)

    def start():
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        link = redis.Redis(unix_socket_path=str(folder / "redis.sock"))

        def answers():
            try:
                return link.ping()
            except redis.ConnectionError:
                return False

        assert wait_for(answers)
        return server, link

    server, link = start()
    link.rpush("tasks", "one")
    time.sleep(1.2)  # the server writes to disk once a second
    link.close()
    server.kill()
    server.wait()
    server, link = start()
    assert link.lrange("tasks", 0, -1) == [b"one"]
    link.close()
    server.terminate()
    server.wait()
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
