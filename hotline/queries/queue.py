"""What a unit finds when it comes in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.models import Staff
from hotline.models import Consult, SupervisionOrder, Ticket
from hotline.queries.orders import open_orders
from hotline.queries.tickets import rows_for, waiting_for_unit
from hotline.rules.states import State

# The unit leads, and somebody else must act first.
RESTING = (State.WAITING, State.RETURNED, State.CONSULTING)


@dataclass(frozen=True, slots=True)
class Queue:
    """`tickets`: to act on now. `resting`: the unit's own, in which nothing is to be done now.
    `orders`: not answered yet. `consults`: open ones that the unit is invited to."""

    tickets: QuerySet[Ticket]
    resting: QuerySet[Ticket]
    orders: QuerySet[SupervisionOrder]
    consults: QuerySet[Consult]


def queue_of(user: Staff) -> Queue:
    """The queue of the user's unit."""
    return Queue(
        waiting_for_unit(user),
        rows_for(user).filter(lead_unit=user.unit, state__in=RESTING).order_by("id"),
        open_orders(user).filter(replied_at__isnull=True),
        Consult.objects.select_related("ticket")
        .filter(units=user.unit, closed_at__isnull=True)
        .order_by("id"),
    )
