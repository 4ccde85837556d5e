"""The Celery application as it is, with a sweep every few seconds: for beat alone.

`celery -A tests.load.beat beat`. The worker of a crash run is `celery -A hotline worker`, as served.
"""

from hotline.celery import app

SWEEP_SECONDS = 3.0

_sweep = app.conf.beat_schedule["sweep-clocks"]
_sweep["schedule"] = SWEEP_SECONDS
_sweep["options"] = {"expires": SWEEP_SECONDS}

__all__ = ["SWEEP_SECONDS", "app"]
