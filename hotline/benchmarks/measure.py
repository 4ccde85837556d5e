"""Measuring one thing done many times."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

Value = TypeVar("Value")
Say = Callable[[str], None]


class BenchError(Exception):
    """It cannot be measured, or what was measured did not do its work. The message says the mend."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`rows`: what lay in the database (texts, for `route`). Of `requests` done one after the other:
    the middle and the slowest twentieth in ms of wall time, how many a second, the CPU time of this
    process in ms each (the database server's is not in it). `peak_mb`: the most memory that a
    measuring process has held. `more`: what else one benchmark tells."""

    rows: int
    requests: int
    p50_ms: float
    p95_ms: float
    per_s: float
    cpu_ms: float
    peak_mb: float
    more: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        flat = asdict(self)
        flat |= flat.pop("more")
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in flat.items()
        }


@dataclass(slots=True)
class Stopwatch:
    """Wall and CPU seconds of what was done one after the other."""

    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def time(self, call: Callable[[], Value]) -> Value:
        begun, begun_cpu = time.perf_counter(), time.process_time()
        value = call()
        self.seconds.append(time.perf_counter() - begun)
        self.cpu += time.process_time() - begun_cpu
        return value

    def figures(self, rows: int) -> Figures:
        return Figures(
            rows=rows,
            requests=len(self.seconds),
            p50_ms=percentile(self.seconds, 50) * 1000,
            p95_ms=percentile(self.seconds, 95) * 1000,
            per_s=len(self.seconds) / sum(self.seconds),
            cpu_ms=self.cpu / len(self.seconds) * 1000,
            peak_mb=peak_mb(),
        )


def measure(rows: int, calls: Sequence[Callable[[], object]], *, warm_up: int) -> Figures:
    """Make every call once; the first `warm_up`, which fill the caches, do not count."""
    for call in calls[:warm_up]:
        call()
    watch = Stopwatch()
    for call in calls[warm_up:]:
        watch.time(call)
    return watch.figures(rows)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def peak_mb() -> float:
    """The most memory that this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
