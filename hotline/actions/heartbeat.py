"""Signs of life of the background processes."""

from __future__ import annotations

import datetime as dt

from hotline.models import Heartbeat


def beat(name: str, *, at: dt.datetime) -> None:
    """Note that `name` was at work at `at`."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})
