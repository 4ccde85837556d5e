"""One ticket: what it says, what happened, what may be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from hotline.actions.errors import ActionRefused
from hotline.actions.reveal import reveal_personal_data
from hotline.actions.transition import check_step
from hotline.forms.moves import MOVE_FORMS, MoveForm
from hotline.forms.ticket import RevealForm, initial_for
from hotline.models import Ticket
from hotline.permissions import NotAllowed
from hotline.queries.clocks import clocks_told
from hotline.queries.offers import RARE, offered_moves
from hotline.queries.tickets import NoSuchTicket, access_ticket
from hotline.queries.timeline import timeline_of
from hotline.rules.workflow import IllegalMove, Move
from hotline.views.desk import datalists
from hotline.views.guard import StaffRequest, ticket_or_404


def ticket(request: StaffRequest, number: str) -> HttpResponse:
    return _page(request, ticket_or_404(request.user, number))


@require_POST
def make_move(request: StaffRequest, number: str, move: str) -> HttpResponse:
    """Carry out one move of the table. A refused one changes nothing and says why."""
    found = ticket_or_404(request.user, number)
    try:
        form = MOVE_FORMS[Move(move)](request.POST)
    except (KeyError, ValueError) as error:
        raise Http404("没有这种操作。") from error
    try:
        check_step(found, Move(move), by=request.user)
        if form.run(found, by=request.user, at=timezone.now()):
            messages.success(request, form.done)
            return _back_to(request, number)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (ActionRefused, IllegalMove) as error:
        messages.error(request, str(error))
        return _page(request, ticket_or_404(request.user, number), status=409)
    # Read anew: what was rolled back may have left its marks on `found`.
    found = ticket_or_404(request.user, number)
    return _page(request, found, {Move(move): form}, status=422)


@require_POST
def reveal(request: StaffRequest, number: str) -> HttpResponse:
    """Personal data in full, once, on the page that answers; the look is in the history."""
    found = ticket_or_404(request.user, number)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reveal_form=form, status=422)
    shown = reveal_personal_data(
        found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )
    answer = _page(request, ticket_or_404(request.user, number), shown=shown)
    answer["Cache-Control"] = "no-store"
    return answer


def _back_to(request: StaffRequest, number: str) -> HttpResponse:
    """The ticket's page, or the start page when it is no longer this person's to see."""
    try:
        access_ticket(request.user, number)
    except NoSuchTicket:
        return redirect("home")
    return redirect("ticket", number)


# Forms in which a row of the catalogue is picked.
_NEED_LISTS = (Move.DISPATCH, Move.RETURN, Move.CONVENE, Move.KEEP_UNIT, Move.ADD_CO_UNITS)


def _page(
    request: StaffRequest,
    found: Ticket,
    tried: dict[Move, MoveForm] | None = None,
    *,
    shown: dict[str, str] | None = None,
    reveal_form: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    tried = tried or {}
    now = timezone.now()
    entries: list[dict[str, Any]] = [
        {
            "row": row,
            "label": MOVE_FORMS[row.move].title or row.label,
            "form": tried.get(row.move)
            or MOVE_FORMS[row.move](initial=initial_for(row.move, found)),
            "open": row.move in tried,
        }
        for row in offered_moves(request.user, found, now=now)
        if row.move in MOVE_FORMS
    ]
    assignments = list(found.assignments.select_related("unit").prefetch_related("replies__by"))
    context: dict[str, Any] = {
        "ticket": found,
        "moves": [entry for entry in entries if entry["row"].move not in RARE],
        "rare_moves": [entry for entry in entries if entry["row"].move in RARE],
        "rare_open": any(entry["open"] for entry in entries if entry["row"].move in RARE),
        "needs_lists": any(entry["row"].move in _NEED_LISTS for entry in entries),
        "assignments": assignments,
        "clocks": clocks_told(found, now=now),
        "timeline": timeline_of(found, viewer=request.user),
        "suggestion": found.suggestions.last(),
        "decision": found.decisions.select_related("item", "lead_unit", "by").last(),
        "transfers": found.transfers.all(),
        "callbacks": found.callbacks.all(),
        "supplements": [one for entry in assignments for one in entry.supplements.all()],
        "extensions": [
            one for entry in assignments for one in entry.extensions.select_related("clock")
        ],
        "consults": found.consults.select_related("decided_unit", "new_item__lead_line"),
        "orders": found.orders.select_related("unit", "clock"),
        "end_proposals": found.end_proposals.select_related("earlier", "by", "ruled_by"),
        "followers": found.followers.filter(master=found),
        "parts": found.parts.all(),
        "returns": [one for entry in assignments for one in entry.return_requests.all()],
        "shown": shown,
        "reveal_form": reveal_form or RevealForm(),
        "now": now,
    }
    return render(request, "ticket/ticket.html", context | datalists(), status=status)
