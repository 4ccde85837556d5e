"""The ladder that holds on a day, and the way from a region up."""

from __future__ import annotations

import datetime as dt

from catalog.models import EscalationStep, Region
from catalog.rules.limits import Rung, Step, Trigger
from catalog.rules.roles import Role
from hotline.rules.escalation import LadderStep


def ladder_on(day: dt.date) -> tuple[LadderStep, ...]:
    """The whole ladder as it holds on `day`."""
    return tuple(
        LadderStep(
            row.code,
            Step(row.step) if row.step else None,
            Rung(row.rung),
            Trigger(row.trigger),
            row.offset_days,
            Role(row.audience),
        )
        for row in EscalationStep.objects.on(day)
    )


def region_path_of(region: Region) -> tuple[str, ...]:
    """Codes of the region and of what it lies in, smallest first."""
    path = []
    at: Region | None = region
    while at is not None:
        path.append(at.code)
        at = at.parent
    return tuple(path)
