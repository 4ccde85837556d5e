"""What the forms of all moves share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from catalog.models import Staff
from hotline.actions.errors import WrongInput
from hotline.models import Ticket
from hotline.queries.tickets import NoSuchTicket, access_ticket

# Characters of one text that staff write.
MAX_WORDS = 5000


class MoveForm(forms.Form):
    """`carry_out` runs the action; what it refuses for one field is shown at that field. `title`: what
    the page calls it, when it is not the move's own label."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = ""
    done = "已保存。"

    def run(self, ticket: Ticket, *, by: Staff, at: dt.datetime) -> bool:
        """Whether it was carried out; if not, the form says why. Other refusals are raised."""
        if not self.is_valid():
            return False
        common = {"by": by, "at": at, "version": self.cleaned_data["version"]}
        try:
            self.carry_out(ticket, self.cleaned_data, **common)
        except WrongInput as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
            return False
        return True

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        raise TypeError(f"{type(self).__name__} has no action")


class StayForm(MoveForm):
    """Of a move after which the ticket is where it was: no version is asked for."""

    def carry_out(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        common.pop("version")
        self.stay(ticket, data, **common)

    def stay(self, ticket: Ticket, data: dict[str, Any], **common: Any) -> None:
        raise TypeError(f"{type(self).__name__} has no action")


def text_field(
    label: str, *, rows: int = 4, required: bool = True, **kwargs: Any
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


def yes_no(label: str, yes: str, no: str, **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        **kwargs,
    )


def days_field(label: str, *, most: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=most, **kwargs)


def number_field(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=16,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **kwargs,
    )


def other_ticket(number: str, field: str, by: Staff) -> Ticket | None:
    """The ticket of a number typed into `field`, if `by` may see it; None for an empty number."""
    if not number.strip():
        return None
    try:
        return access_ticket(by, number.strip())
    except NoSuchTicket as error:
        raise WrongInput(
            field, f"没有工单 {number.strip()}，或它不在您的查看范围内，请核对编号。"
        ) from error
