"""Giving a ticket to the units that answer for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from catalog.models import Staff, Unit
from catalog.rules.limits import Step
from hotline.actions.clocks import start_clock
from hotline.actions.decide import Choice, columns_of, record_decision
from hotline.actions.errors import WrongInput
from hotline.actions.transition import move_ticket
from hotline.models import Assignment, Ticket
from hotline.rules.assignments import Part
from hotline.rules.workflow import Move


@transaction.atomic
def dispatch_ticket(
    ticket: Ticket,
    *,
    choice: Choice,
    co_units: Sequence[Unit] = (),
    days: int | None = None,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Give the ticket to the lead unit of `choice` and to co-handlers, with the limit on it.

    Effects: the decision beside the suggestion, the move, one assignment a unit, the clocks for
    signing and handling (`days` working days within the policy row; None: its default), the event.
    Raises WrongInput (no lead unit, no item, lead among the co-handlers, a unit that had its return
    accepted, days out of range).
    """
    if choice.lead_unit is None:
        raise WrongInput("lead_unit", "请选择主办单位。")
    if choice.item is None:
        raise WrongInput("item", "请选择事项。")
    if choice.lead_unit in co_units:
        raise WrongInput("co_units", f"{choice.lead_unit.name}已是主办单位，不能同时协办。")
    decision = record_decision(ticket, choice, by=by, at=at)
    move_ticket(
        ticket,
        Move.DISPATCH,
        by=by,
        at=at,
        version=version,
        data={
            "decision": decision.pk,
            "changed": decision.changed,
            "lead": choice.lead_unit.code,
            "co": [unit.code for unit in co_units],
        },
        changes=columns_of(choice) | {"lead_unit": choice.lead_unit},
    )
    Assignment.objects.create(ticket=ticket, unit=choice.lead_unit, part=Part.LEAD, assigned_at=at)
    for unit in co_units:
        Assignment.objects.create(ticket=ticket, unit=unit, part=Part.CO, assigned_at=at)
    start_clock(ticket, Step.SIGN, at=at)
    start_clock(ticket, Step.HANDLE, at=at, days=days)
