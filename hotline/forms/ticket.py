"""Forms of the ticket page beside the moves, and what the moves start from."""

from __future__ import annotations

from typing import Any

from django import forms

from catalog.models import Item, Unit
from hotline.models import ExtensionRequest, Ticket
from hotline.rules.workflow import Move


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看原因", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def initial_for(move: Move, ticket: Ticket) -> dict[str, Any]:
    """What the move's form shows at first. `version` guards against acting on an old page.

    Until a person has decided, the router's suggestion is filled in.
    """
    initial: dict[str, Any] = {"version": ticket.version}
    if move is Move.CHANGE_LIMIT:
        return initial | {"handling_class": ticket.handling_class}
    if move is Move.GRANT_EXTENSION:
        asked = ExtensionRequest.objects.filter(clock__ticket=ticket, ruling="").first()
        return initial | {"days": asked.days if asked else None}
    if move not in (Move.DISPATCH, Move.ANSWER, Move.DECLINE, Move.TRANSFER):
        return initial
    initial |= {
        "item": ticket.item,
        "region": ticket.region,
        "handling_class": ticket.handling_class,
    }
    suggestion = ticket.suggestions.last()
    if ticket.item is None and suggestion is not None:
        initial |= _suggested(suggestion.answer)
    return initial


def _suggested(answer: dict[str, Any]) -> dict[str, Any]:
    codes = {
        role: [u["code"] for u in answer["units"] if u["role"] == role] for role in ("lead", "co")
    }
    return {
        "item": Item.objects.current().filter(code=answer["item_code"]).first(),
        "lead_unit": Unit.objects.current().filter(code__in=codes["lead"]).first(),
        "co_units": list(Unit.objects.current().filter(code__in=codes["co"])),
    }
