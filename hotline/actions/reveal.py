"""Showing personal data in full, on a logged request."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from catalog.models import Staff
from catalog.rules.masking import mask_numbers
from hotline.actions.errors import WrongInput
from hotline.actions.events import record_event
from hotline.models import Supplement, Ticket


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The caller's, unmasked. `content` and `supplements` are their words as they said them."""

    name: str
    phone: str
    address: str
    content: str
    supplements: tuple[str, ...]


@transaction.atomic
def reveal_personal_data(
    ticket: Ticket, *, reason: str, by: Staff, at: dt.datetime
) -> PersonalData:
    """What the screens mask, after an event row that says who looked and why. `ticket` comes from a
    query scoped to `by`. Raises WrongInput without a reason."""
    if not reason.strip():
        raise WrongInput("reason", "请填写查看原因，查看会记入工单历史。")
    record_event(
        ticket, "reveal", by=by, at=at, data={"reason": mask_numbers(reason.strip())[:100]}
    )
    caller = ticket.caller
    said = Supplement.objects.filter(assignment__ticket=ticket).exclude(answer_original="")
    return PersonalData(
        name=caller.name if caller else "",
        phone=caller.phone if caller else "",
        address=ticket.address,
        content=ticket.content_original,
        supplements=tuple(said.values_list("answer_original", flat=True)),
    )
