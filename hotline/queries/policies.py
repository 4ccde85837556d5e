"""Limits and ladder that hold on a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from catalog.models import EscalationStep, Region, TimeLimit
from catalog.rules.limits import HandlingClass, Rung, Step, Trigger
from catalog.rules.roles import Role
from hotline.rules.escalation import LadderStep


class PolicyMissing(LookupError):
    """No policy row covers the step; the message names the row to add."""


def limit_for(step: Step, handling_class: HandlingClass, *, on: dt.date) -> TimeLimit:
    """The limit of a step: the row of the class, else the row for every class."""
    row = (
        TimeLimit.objects.on(on)
        .filter(Q(handling_class=handling_class) | Q(handling_class=""), step=step)
        .order_by("-handling_class", "-valid_from")
        .first()
    )
    if row is None:
        raise PolicyMissing(
            f"办理时限表中没有 {on:%Y-%m-%d} 有效的“{step.value}”时限，请在系统管理中补充。"
        )
    return row


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
