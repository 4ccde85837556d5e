"""The router's thresholds as the policy rows have them, kept in memory by every process."""

import threading
import time

from routing.models import Threshold
from routing.rules.confidence import Thresholds

# How long a process may answer by thresholds that were changed, in seconds.
CHECK_EVERY = 1.0

_lock = threading.Lock()
_held: tuple[float, Thresholds] | None = None


def current_thresholds() -> Thresholds:
    """The thresholds in force; those without a row have their default. One small query a second."""
    global _held
    held, now = _held, time.monotonic()
    if held and now - held[0] < CHECK_EVERY:
        return held[1]
    with _lock:
        values = dict(Threshold.objects.values_list("name", "value"))
        _held = (now, Thresholds(**values))
        return _held[1]


def forget_thresholds() -> None:
    """Drop the held values, so that the next call reads them again."""
    global _held
    _held = None
