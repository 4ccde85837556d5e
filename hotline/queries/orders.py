"""Supervise orders: always scoped to who asks."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from catalog.models import Staff
from catalog.rules.roles import READING_ROLES, UNIT_ROLES
from hotline.models import SupervisionOrder
from hotline.permissions import role_of
from hotline.queries.tickets import tickets_for


def orders_for(user: Staff) -> QuerySet[SupervisionOrder]:
    """A unit's people: the orders to their unit. The hotline's and the government office's: those on
    the tickets that they may see. Others: none."""
    everything = SupervisionOrder.objects.select_related("ticket", "unit", "clock")
    role = role_of(user)
    if role in UNIT_ROLES:
        return everything.filter(unit=user.unit)
    if role in READING_ROLES:
        return everything.filter(ticket__in=tickets_for(user).values("pk"))
    return everything.none()


def open_orders(user: Staff) -> QuerySet[SupervisionOrder]:
    """Those not closed: what waits for a reply first, and of these what is due first."""
    return (
        orders_for(user)
        .filter(closed_at__isnull=True)
        .order_by(F("replied_at").asc(nulls_first=True), "clock__due_at", "id")
    )


def closed_orders(user: Staff) -> QuerySet[SupervisionOrder]:
    """Those closed, the latest first."""
    return orders_for(user).filter(closed_at__isnull=False).order_by("-closed_at", "-id")


def late_orders(user: Staff, *, now: dt.datetime) -> QuerySet[SupervisionOrder]:
    """Open ones that nobody has answered in time."""
    return open_orders(user).filter(replied_at__isnull=True, clock__due_at__lt=now)
