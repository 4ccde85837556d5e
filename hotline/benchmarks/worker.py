"""A process that sweeps beside others. Imports nothing of Django before it is set up."""

from __future__ import annotations

import datetime as dt
import time
from multiprocessing.synchronize import Barrier
from typing import Any

# Longest wait for the others to be ready, in seconds.
PATIENCE = 60

_start: Barrier | None = None


def set_up(database: str, start: Barrier) -> None:
    """Once a process: the same settings, and the database that the parent uses."""
    global _start
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    _start = start


def sweep(now: dt.datetime) -> dict[str, Any]:
    """One sweep, begun together with the other processes': notices sent, seconds, CPU seconds, MB."""
    from hotline.actions.sweep import sweep_clocks
    from hotline.benchmarks.measure import peak_mb

    assert _start is not None
    _start.wait(PATIENCE)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    sent = sweep_clocks(now=now)
    return {
        "sent": sent,
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - begun_cpu,
        "peak_mb": peak_mb(),
    }
