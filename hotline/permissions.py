"""Who may do what. The transition table says which roles; here it is asked of a person and a ticket."""

from __future__ import annotations

from catalog.models import Staff
from catalog.rules.entries import RegionLevel
from catalog.rules.roles import HOTLINE_ROLES, Role
from hotline.models import Ticket
from hotline.rules.assignments import Part
from hotline.rules.states import State
from hotline.rules.workflow import HOLDER_NAMES, Holder, Transition, moves_from


class NotAllowed(Exception):
    """The person may not do this. The message says whose turn it is."""


def role_of(user: Staff) -> Role | None:
    """The person's role, or None for an account that has none yet."""
    return Role(user.role) if user.role else None


def sees_whole_province(user: Staff) -> bool:
    return user.region is not None and user.region.level == RegionLevel.PROVINCE


def holds(user: Staff, holder: Holder, ticket: Ticket) -> bool:
    """Whether `user` works for the side whose turn it is."""
    if holder is Holder.SYSTEM:
        return False
    if holder is Holder.LEAD_UNIT:
        return user.works_for_unit and user.unit_id == ticket.lead_unit_id
    if holder is Holder.CO_UNIT:
        return user.works_for_unit and joins(user, ticket)
    if State(ticket.state) is State.DRAFT:
        return user.pk == ticket.created_by_id
    if role_of(user) not in HOTLINE_ROLES | {Role.MACHINE}:
        return False
    return user.region_id == ticket.center_id or sees_whole_province(user)


def joins(user: Staff, ticket: Ticket) -> bool:
    """Whether the user's unit is a co-handler now."""
    return ticket.assignments.filter(
        unit=user.unit_id, part=Part.CO, ended_at__isnull=True
    ).exists()


def check_may(user: Staff | None, row: Transition, ticket: Ticket) -> None:
    """Raises NotAllowed unless the table gives the step to this person's role and side; `user` None
    is the caller, or the system itself."""
    if user is None:
        if row.citizen or row.holder is Holder.SYSTEM:
            return
        raise NotAllowed(f"“{row.label}”由工作人员办理。")
    role = role_of(user)
    if role is None or role not in row.roles or not holds(user, row.holder, ticket):
        raise NotAllowed(
            f"“{row.label}”由{HOLDER_NAMES[row.holder]}的相应岗位办理，您的账号没有此权限。"
        )


def possible_moves(user: Staff, ticket: Ticket) -> tuple[Transition, ...]:
    """The rows of the table that `user` may carry out on `ticket` now: the buttons of the page."""
    role = role_of(user)
    if role is None:
        return ()
    state = State(ticket.state)
    return tuple(
        row
        for holder in Holder
        if holds(user, holder, ticket)
        for row in moves_from(state, role, holder)
    )
