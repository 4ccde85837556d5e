"""Showing personal data in full, on a logged request."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Staff
from catalog.rules.masking import mask_numbers
from hotline.actions.errors import WrongInput
from hotline.actions.events import record_event
from hotline.models import Ticket


@transaction.atomic
def reveal_personal_data(
    ticket: Ticket, *, reason: str, by: Staff, at: dt.datetime
) -> dict[str, str]:
    """Name, telephone, address and original words of the caller, after an event row that says who
    looked and why. `ticket` comes from a query scoped to `by`. Raises WrongInput without a reason."""
    if not reason.strip():
        raise WrongInput("reason", "请填写查看原因，查看会记入工单历史。")
    record_event(
        ticket, "reveal", by=by, at=at, data={"reason": mask_numbers(reason.strip())[:100]}
    )
    caller = ticket.caller
    return {
        "name": caller.name if caller else "",
        "phone": caller.phone if caller else "",
        "address": ticket.address,
        "content": ticket.content_original,
    }
