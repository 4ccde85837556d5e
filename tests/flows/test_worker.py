"""A real worker on a real Redis, killed in the middle of its work."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import timezone

from catalog.rules.limits import Rung, Step
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.handle import sign_ticket
from hotline.actions.intake import register_ticket
from hotline.models import Clock, Notice
from hotline.processes import redis_server_command
from hotline.queries.verification import chain_faults

TICKETS = 40
# The summoning is told to the unit's leader and to the hotline.
LADDER = [Rung.URGE, Rung.URGE, Rung.SUPERVISE, Rung.SUMMON, Rung.SUMMON, Rung.REPORT]


def wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def broker():
    """The Redis that the settings name, or the embedded one in a short folder of its own."""
    if not settings.REDIS_URL.startswith("redis+socket"):
        yield settings.REDIS_URL
        return
    folder = Path(tempfile.mkdtemp(prefix="hotline-redis-"))
    server = subprocess.Popen(redis_server_command(folder), stdout=subprocess.DEVNULL)
    assert wait_for(lambda: (folder / "redis.sock").exists())
    yield f"redis+socket://{folder}/redis.sock?virtual_host=0"
    server.terminate()
    server.wait()
    shutil.rmtree(folder)


@pytest.fixture
def start_worker(broker):
    """Starts worker processes on the test's own database and broker."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = (
            f"postgres://{database['USER']}:{database['PASSWORD']}@"
            f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
        )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hotline.settings",
        "DATABASE_URL": url,
        "REDIS_URL": broker,
    }
    workers = []

    def start():
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "hotline", "worker", "--concurrency=2",
             "--loglevel=ERROR", "--without-gossip", "--without-mingle"],
            env=environment, start_new_session=True,
        )  # fmt: skip
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def test_every_notice_exists_once_although_the_worker_is_killed(
    stage, operator, clerk, intake, choice, broker, start_worker
):
    long_ago = timezone.now() - dt.timedelta(days=60)
    for index in range(TICKETS):
        ticket, _ = register_ticket(intake=intake, key=f"k{index}", by=operator, at=long_ago)
        dispatch_ticket(ticket, choice=choice, by=operator, at=long_ago)
        sign_ticket(ticket, by=clerk, at=long_ago)
    sender = Celery(broker=broker)

    def sweep_three_times():
        for _ in range(3):
            sender.send_task("hotline.sweep_clocks")

    victim = start_worker()
    sweep_three_times()
    assert wait_for(lambda: Notice.objects.count() > 5), "the worker did not begin"
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    half_way = Notice.objects.count()

    start_worker()
    sweep_three_times()
    done = wait_for(lambda: not Clock.objects.filter(next_rung_at__isnull=False).exists())
    sender.close()
    assert done, f"{half_way} notices at the kill, {Notice.objects.count()} in the end"
    for clock in Clock.objects.filter(step=Step.HANDLE):
        rungs = list(clock.notices.order_by("id").values_list("rung", flat=True))
        assert rungs == LADDER
    assert list(chain_faults()) == []
