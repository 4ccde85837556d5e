"""Which of the legal moves make sense on a ticket now: the buttons of its page."""

from __future__ import annotations

import datetime as dt

from catalog.models import Staff
from catalog.rules.limits import Step
from hotline.models import Assignment, ExtensionRequest, Ticket
from hotline.models.clocks import LIVE
from hotline.permissions import possible_moves
from hotline.rules.assignments import Part
from hotline.rules.workflow import Move, Transition

# Seldom needed: shown behind “其他操作”.
RARE = frozenset(
    {
        Move.PASS_ON,
        Move.MERGE,
        Move.SPLIT,
        Move.PROPOSE_END,
        Move.ADD_CO_UNITS,
        Move.CHANGE_LIMIT,
        Move.WITHDRAW,
        Move.REOPEN,
    }
)


def offered_moves(user: Staff, ticket: Ticket, *, now: dt.datetime) -> tuple[Transition, ...]:
    """The rows that `user` may carry out and that would not be refused for what hangs on the ticket."""
    rows = possible_moves(user, ticket)
    useless = _useless(ticket, {row.move for row in rows}, now)
    if proposed_it(user, ticket):
        useless |= {Move.CONFIRM_END, Move.REFUSE_END}
    return tuple(row for row in rows if row.move not in useless)


def proposed_it(user: Staff, ticket: Ticket) -> bool:
    """Whether it is `user` who proposed to end the ticket: then somebody else must review it."""
    return ticket.end_proposals.filter(ruling="", by=user).exists()


def _useless(ticket: Ticket, moves: set[Move], now: dt.datetime) -> set[Move]:
    useless: set[Move] = set()
    if moves & {Move.ASK_EXTENSION, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION}:
        asked = ExtensionRequest.objects.filter(
            clock__ticket=ticket, clock__step=Step.HANDLE, clock__state__in=LIVE
        ).last()
        if asked is None or asked.ruling:
            useless |= {Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION}
        if asked is not None:
            useless.add(Move.ASK_EXTENSION)
    if moves & {Move.OPEN_ORDER, Move.REPLY_ORDER, Move.CLOSE_ORDER}:
        order = ticket.orders.filter(closed_at__isnull=True).first()
        useless |= {Move.REPLY_ORDER, Move.CLOSE_ORDER} if order is None else {Move.OPEN_ORDER}
        if order is not None and order.replied_at is not None:
            useless.add(Move.REPLY_ORDER)
    if Move.REOPEN in moves and (ticket.reopen_until is None or now > ticket.reopen_until):
        useless.add(Move.REOPEN)
    if Move.RETURN in moves and Assignment.objects.filter(
        ticket=ticket, part=Part.LEAD, ended_at__isnull=True, may_return=False
    ):
        useless.add(Move.RETURN)
    return useless
