"""Reading tickets: always scoped to who asks."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from catalog.models import Staff
from catalog.rules.roles import READING_ROLES, UNIT_ROLES, Role
from hotline.models import Assignment, Caller, Consult, ExtensionRequest, Ticket
from hotline.models.fields import normalise_phone, phone_index
from hotline.permissions import role_of, sees_whole_province
from hotline.rules.assignments import Part
from hotline.rules.states import OVER_STATES, State
from hotline.rules.workflow import BY_MOVE, Move, turns_of


class NoSuchTicket(LookupError):
    """No ticket of that number that this person may see."""


def tickets_for(user: Staff) -> QuerySet[Ticket]:
    """Every ticket that `user` may see.

    A unit's people: what was given to their unit, as lead or co-handler, at any time, and what it is
    consulted on. The hotline's and the government office's: what their centre keeps (the province's
    centre: all), and their own drafts. A machine: what it sent itself. Others: nothing.
    """
    everything = Ticket.objects.select_related("item", "region", "lead_unit", "center")
    role = role_of(user)
    if role in UNIT_ROLES:
        theirs = _given_to(user).union(_consulted_on(user))
        return everything.filter(pk__in=theirs).exclude(state=State.DISCARDED)
    if role is Role.MACHINE:
        return everything.filter(created_by=user)
    if role in READING_ROLES and user.region_id:
        seen = everything if sees_whole_province(user) else everything.filter(center=user.region)
        return seen.filter(
            Q(created_by=user) | ~Q(state__in=(State.DRAFT, State.DISCARDED))
        ).exclude(state=State.DISCARDED)
    return everything.none()


# What no list shows: long, and two of them cost a decryption each.
_LONG = ("content", "content_original", "address", "outcome")


def rows_for(user: Staff) -> QuerySet[Ticket]:
    """The tickets of `tickets_for` as the rows of a list: without their long texts."""
    return tickets_for(user).defer(*_LONG)


def access_ticket(user: Staff, number: str) -> Ticket:
    """The ticket of that number. Raises NoSuchTicket, also for one that exists but is not theirs."""
    ticket = tickets_for(user).select_related("caller", "created_by").filter(number=number).first()
    if ticket is None:
        raise NoSuchTicket(number)
    return ticket


def access_draft(user: Staff, key: str) -> Ticket | None:
    """The user's own ticket begun under the form's key, if there is one."""
    return Ticket.objects.filter(created_by=user, idempotency_key=key).first()


def drafts_of(user: Staff) -> QuerySet[Ticket]:
    return Ticket.objects.filter(created_by=user, state=State.DRAFT).order_by("-id")


def tickets_of_caller(user: Staff, phone: str, *, most: int = 5) -> list[Ticket]:
    """The latest tickets of a telephone number among those that `user` may see."""
    if len(normalise_phone(phone)) < 5:
        return []
    caller = Caller.objects.filter(phone_index=phone_index(phone)).first()
    if caller is None:
        return []
    return list(rows_for(user).filter(caller=caller, number__isnull=False).order_by("-id")[:most])


def find_for_citizen(number: str, phone: str) -> Ticket | None:
    """The ticket of that number if it was made from that telephone number; else None, so that nobody
    learns which of the two was wrong."""
    if not number or len(normalise_phone(phone)) < 5:
        return None
    return (
        Ticket.objects.select_related("lead_unit", "item")
        .filter(number=number.strip(), caller__phone_index=phone_index(phone))
        .exclude(state__in=(State.DRAFT, State.DISCARDED))
        .first()
    )


# Beside the states: what a list of tickets may be narrowed to.
EXTENSION_ASKED = "extension_asked"
EXTENSION_ASKED_NAME = "延期待审批"

# A unit has it and the lead has not answered.
_WITH_UNIT = (
    State.DISPATCHED,
    State.HANDLING,
    State.WAITING,
    State.RETURNED,
    State.CONSULTING,
)


def extensions_asked() -> QuerySet:
    """Ids of the tickets in which an extension waits for a ruling."""
    return ExtensionRequest.objects.filter(ruling="").values("clock__ticket")


def narrowed(tickets: QuerySet[Ticket], to: str) -> QuerySet[Ticket]:
    """Those in one state, or those with an extension asked for; all for any other word."""
    if to == EXTENSION_ASKED:
        return tickets.filter(pk__in=extensions_asked())
    return tickets.filter(state=to) if to in set(State) else tickets


def may_rule_on_extensions(user: Staff) -> bool:
    return role_of(user) in BY_MOVE[Move.GRANT_EXTENSION].roles


def waiting_for_hotline(user: Staff) -> QuerySet[Ticket]:
    """Open tickets in which somebody of the user's role at the hotline must act next, what is due
    first."""
    role = role_of(user)
    theirs = Q(state__in=turns_of(role) if role else ())
    if may_rule_on_extensions(user):
        theirs |= Q(pk__in=extensions_asked())
    return rows_for(user).filter(theirs).order_by("due_at", "id")


def waiting_for_unit(user: Staff) -> QuerySet[Ticket]:
    """Open tickets in which the user's unit must act next: as lead, or as a co-handler that has not
    told its part; what is due first."""
    leads = Ticket.objects.filter(
        lead_unit=user.unit, state__in=(State.DISPATCHED, State.HANDLING)
    ).order_by()
    joins = Ticket.objects.filter(pk__in=parts_missing(user), state__in=_WITH_UNIT).order_by()
    theirs = leads.values("pk").union(joins.values("pk"))
    return rows_for(user).filter(pk__in=theirs).order_by("due_at", "id")


def parts_missing(user: Staff) -> QuerySet:
    """Ids of the tickets in which the user's unit joins and has not told its part."""
    return Assignment.objects.filter(
        unit=user.unit, part=Part.CO, ended_at__isnull=True, replied_at__isnull=True
    ).values("ticket")


def search_tickets(
    user: Staff,
    *,
    words: str = "",
    state: str = "",
    late: bool = False,
    now: dt.datetime,
) -> QuerySet[Ticket]:
    """Tickets by number, words of title and content, `state` as in `narrowed`, or past their limit."""
    found = rows_for(user).exclude(state=State.DRAFT)
    if words:
        found = found.filter(
            Q(number__startswith=words) | Q(title__icontains=words) | Q(content__icontains=words)
        )
    found = narrowed(found, state)
    if late:
        found = found.filter(due_at__lt=now).exclude(state__in=[over.value for over in OVER_STATES])
    return found.order_by("-id")


def _consulted_on(user: Staff) -> QuerySet:
    consults = Consult.objects.filter(units=user.unit, closed_at__isnull=True)
    return consults.order_by().values("ticket")


def _given_to(user: Staff) -> QuerySet:
    return Assignment.objects.filter(unit=user.unit).order_by().values("ticket")
