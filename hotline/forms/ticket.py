"""Forms of the ticket page beside the moves, and what the moves start from."""

from __future__ import annotations

from typing import Any

from django import forms

from hotline.models import Ticket
from hotline.rules.workflow import Move


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看原因", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CoReplyForm(forms.Form):
    text = forms.CharField(
        label="本单位办理意见", max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


def initial_for(move: Move, ticket: Ticket) -> dict[str, Any]:
    """What the move's form shows at first. `version` guards against acting on an old page."""
    initial: dict[str, Any] = {"version": ticket.version}
    if move in (Move.DISPATCH, Move.ANSWER, Move.DECLINE, Move.TRANSFER):
        initial |= {
            "item": ticket.item,
            "region": ticket.region,
            "handling_class": ticket.handling_class,
        }
    return initial
