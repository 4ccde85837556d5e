"""The sweep: does it take longer when more limits are open, and how soon is an outage made good?"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from threading import BrokenBarrierError
from typing import Any

from django.db import connection
from django.utils import timezone

from catalog.models import Item
from catalog.rules.limits import HandlingClass
from hotline.actions.sweep import sweep_clocks
from hotline.benchmarks import worker
from hotline.benchmarks.data import (
    Way,
    copy_ticket,
    first_clerk,
    make_ticket,
    refresh_statistics,
)
from hotline.benchmarks.measure import BenchError, Figures, Say, Stopwatch
from hotline.models import Clock
from hotline.rules.clocks import ClockState

# With so many open limits the many are compared.
FEW = 10_000
# Sweeps measured with few and with many.
ROUNDS = 3


def bench_sweep(*, clocks: int, due: int, storm: int, workers: int, say: Say) -> Figures:
    """Sweeps of `due` due limits among few and among `clocks` open ones; then `storm` of them due at
    once, for `workers` processes. A request is one sweep among the many."""
    few = max(min(FEW, clocks), due)
    rounds = max(min(ROUNDS, few // due), 1)
    among_few = _sweeps(few, due, rounds, say)
    among_many = among_few if few == clocks else _sweeps(clocks, due, rounds, say)
    more = {
        "due": due,
        "few_rows": few,
        "few_s": among_few.p50_ms / 1000,
        "many_s": among_many.p50_ms / 1000,
        "ratio": among_many.p50_ms / among_few.p50_ms,
    }
    peak = among_many.peak_mb
    if storm:
        told = _storm(storm, workers, say)
        peak = max(peak, told.pop("peak_mb"))
        more |= told
    return replace(among_many, peak_mb=peak, more=more)


def _sweeps(clocks: int, due: int, rounds: int, say: Say) -> Figures:
    """So many sweeps, each of `due` limits; when the last begins, `clocks` are open."""
    missing = clocks - rounds * due - Clock.objects.filter(state=ClockState.RUNNING).count()
    if missing > 0:
        _open_clocks(missing, HandlingClass.COMPLEX, say)
    watch = Stopwatch()
    for _ in range(rounds):
        moment = _open_clocks(due, HandlingClass.GENERAL, say)
        refresh_statistics()
        _check_sent(watch.time(partial(sweep_clocks, now=moment)), due)
    figures = watch.figures(clocks)
    say(f"计时中 {clocks} 个，其中到期 {due} 个：一次巡检 {figures.p50_ms / 1000:.2f} 秒")
    return figures


def _storm(storm: int, workers: int, say: Say) -> dict[str, Any]:
    """`storm` limits due at once, as after an outage, for real processes that begin together."""
    moment = _open_clocks(storm, HandlingClass.GENERAL, say)
    refresh_statistics()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(workers + 1)
    with ProcessPoolExecutor(
        workers, context, worker.set_up, (str(connection.settings_dict["NAME"]), start)
    ) as pool:
        answers = [pool.submit(worker.sweep, moment) for _ in range(workers)]
        try:
            start.wait(worker.PATIENCE)
        except BrokenBarrierError as error:
            raise BenchError("巡检进程没有全部启动，无法测量。") from error
        begun = time.perf_counter()
        told = [answer.result() for answer in answers]
        seconds = time.perf_counter() - begun
    _check_sent(sum(one["sent"] for one in told), storm)
    shares = "、".join(str(one["sent"]) for one in told)
    say(f"同时到期 {storm} 个，{workers} 个进程：{seconds:.1f} 秒（各发 {shares} 条）")
    return {
        "storm": storm,
        "workers": workers,
        "storm_s": seconds,
        "storm_per_s": storm / seconds,
        "storm_cpu_ms": sum(one["cpu"] for one in told) / storm * 1000,
        "storm_shares": [one["sent"] for one in told],
        "peak_mb": max(one["peak_mb"] for one in told),
    }


def _open_clocks(clocks: int, handling_class: HandlingClass, say: Say) -> dt.datetime:
    """`clocks` more tickets in a unit's hands, each with one limit alone; the moment of its first rung.
    The general ones' comes days before the complex ones'."""
    item = Item.objects.current().filter(platform="12345")[0]
    ticket = make_ticket(Way("handling", first_clerk(), item, timezone.now(), handling_class))
    # Limits that are over would only be copied along.
    ticket.clocks.exclude(state=ClockState.RUNNING).delete()
    copy_ticket(ticket, clocks - 1, say)
    moment = ticket.clocks.get(state=ClockState.RUNNING).next_rung_at
    assert moment is not None  # a limit just begun has its ladder before it
    return moment


def _check_sent(sent: int, due: int) -> None:
    if sent != due:
        raise BenchError(f"应发出 {due} 条通知，实际 {sent} 条，测速中止。")
