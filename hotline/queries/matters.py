"""What hangs on a ticket beside its course: requests, questions, orders, other tickets."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.models import Staff
from catalog.rules.limits import Step
from hotline.models import (
    Assignment,
    Callback,
    Clock,
    Consult,
    EndProposal,
    ExtensionRequest,
    Reply,
    ReturnRequest,
    SupervisionOrder,
    Supplement,
    Ticket,
    Transfer,
)
from hotline.models.clocks import LIVE
from hotline.queries.tickets import tickets_for
from hotline.rules.assignments import Part
from hotline.rules.states import State


@dataclass(frozen=True, slots=True)
class Relative:
    """Another ticket, and whether the viewer may open it."""

    ticket: Ticket
    is_visible: bool


@dataclass(frozen=True, slots=True)
class Matters:
    """Everything in the order in which it came about. `master_clock`: what the ticket is answered by
    while it is merged into another."""

    assignments: list[Assignment]
    returns: list[ReturnRequest]
    supplements: list[Supplement]
    extensions: list[ExtensionRequest]
    consults: list[Consult]
    orders: list[SupervisionOrder]
    end_proposals: list[EndProposal]
    transfers: list[Transfer]
    callbacks: list[Callback]
    master: Relative | None
    master_clock: Clock | None
    followers: list[Relative]
    split_from: Relative | None
    parts: list[Relative]

    @property
    def silent_units(self) -> list[Assignment]:
        """Co-handlers that have not told the lead their part."""
        return [
            one
            for one in self.assignments
            if one.part == Part.CO and one.ended_at is None and one.replied_at is None
        ]

    @property
    def reply_open(self) -> Reply | None:
        """The lead's latest answer, while the hotline has not read it."""
        replies = [
            reply
            for one in self.assignments
            if one.part == Part.LEAD and one.ended_at is None
            for reply in one.replies.all()
        ]
        return replies[-1] if replies and not replies[-1].verdict else None

    @property
    def return_open(self) -> ReturnRequest | None:
        return next((one for one in self.returns if not one.ruling), None)

    @property
    def extension_asked(self) -> ExtensionRequest | None:
        return next((one for one in self.extensions if not one.ruling), None)

    @property
    def question_open(self) -> Supplement | None:
        return next((one for one in self.supplements if one.answered_at is None), None)

    @property
    def order_open(self) -> SupervisionOrder | None:
        return next((one for one in self.orders if one.closed_at is None), None)

    @property
    def proposal_open(self) -> EndProposal | None:
        return next((one for one in self.end_proposals if not one.ruling), None)

    @property
    def has_relatives(self) -> bool:
        return bool(self.master or self.followers or self.split_from or self.parts)


def matters_of(ticket: Ticket, *, viewer: Staff) -> Matters:
    """A fixed number of queries."""
    followers = list(ticket.followers.select_related("caller").order_by("pk"))
    parts = list(ticket.parts.order_by("pk"))
    others = [one for one in (ticket.master, ticket.split_from) if one is not None]
    related = [*others, *followers, *parts]
    seen = (
        set(
            tickets_for(viewer)
            .filter(pk__in=[one.pk for one in related])
            .values_list("pk", flat=True)
        )
        if related
        else set()
    )

    def relative(other: Ticket) -> Relative:
        return Relative(other, other.pk in seen)

    master = ticket.master
    merged = master is not None and ticket.state == State.MERGED
    return Matters(
        assignments=list(ticket.assignments.select_related("unit").prefetch_related("replies__by")),
        returns=list(
            ReturnRequest.objects.filter(assignment__ticket=ticket).select_related(
                "assignment__unit", "suggested_unit"
            )
        ),
        supplements=list(
            Supplement.objects.filter(assignment__ticket=ticket).select_related("assignment__unit")
        ),
        extensions=list(
            ExtensionRequest.objects.filter(assignment__ticket=ticket).select_related(
                "assignment__unit", "clock"
            )
        ),
        consults=list(
            ticket.consults.select_related("decided_unit", "new_item__lead_line").prefetch_related(
                "units"
            )
        ),
        orders=list(ticket.orders.select_related("unit", "clock")),
        end_proposals=list(ticket.end_proposals.select_related("earlier", "by", "ruled_by")),
        transfers=list(ticket.transfers.all()),
        callbacks=list(ticket.callbacks.all()),
        master=relative(master) if master else None,
        master_clock=(
            master.clocks.filter(step=Step.HANDLE, state__in=LIVE).first()
            if master and merged
            else None
        ),
        followers=[relative(one) for one in followers],
        split_from=relative(ticket.split_from) if ticket.split_from else None,
        parts=[relative(one) for one in parts],
    )
