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
from hotline.actions.reveal import PersonalData, reveal_personal_data
from hotline.actions.transition import check_step
from hotline.forms.moves import MOVE_FORMS, MoveForm
from hotline.forms.ticket import RevealForm, initial_for
from hotline.models import Ticket
from hotline.permissions import NotAllowed
from hotline.queries.clocks import clocks_told, nearest
from hotline.queries.matters import Matters, matters_of
from hotline.queries.offers import RARE, offered_moves, proposed_it
from hotline.queries.tickets import NoSuchTicket, access_ticket
from hotline.queries.timeline import timeline_of
from hotline.rules.workflow import IllegalMove, Move, Transition
from hotline.views.desk import datalists
from hotline.views.guard import StaffRequest, ticket_or_404


def ticket(request: StaffRequest, number: str) -> HttpResponse:
    return _page(request, ticket_or_404(request.user, number))


def make_move(request: StaffRequest, number: str, move: str) -> HttpResponse:
    """Carry out one move of the table. A refused one changes nothing and says why."""
    if request.method != "POST":  # the address of a refused form, opened again
        return redirect("ticket", number)
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


# Never what one came for: their forms stand folded even when they are the first.
_ASIDE = (Move.URGE, Move.OPEN_ORDER, Move.UNMERGE)
# Forms in which a row of the catalogue is picked.
_NEED_LISTS = (Move.DISPATCH, Move.RETURN, Move.CONVENE, Move.KEEP_UNIT, Move.ADD_CO_UNITS)


def _page(
    request: StaffRequest,
    found: Ticket,
    tried: dict[Move, MoveForm] | None = None,
    *,
    shown: PersonalData | None = None,
    reveal_form: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    about = matters_of(found, viewer=request.user)
    entries = [
        _entry(row, found, about, (tried or {}).get(row.move))
        for row in offered_moves(request.user, found, now=now)
        if row.move in MOVE_FORMS
    ]
    usual = [entry for entry in entries if entry["row"].move not in RARE]
    rare = [entry for entry in entries if entry["row"].move in RARE]
    usual.sort(key=lambda entry: entry["row"].move not in _pressing(about))
    # What one came for stands open, unless it is an aside or another form was sent.
    if usual and not tried and usual[0]["row"].move not in _ASIDE:
        usual[0]["open"] = True
    clocks = clocks_told(found, viewer=request.user, now=now)
    context: dict[str, Any] = {
        "ticket": found,
        "moves": usual,
        "rare_moves": rare,
        "rare_open": any(entry["open"] for entry in rare),
        "refused": bool(tried),
        "about": about,
        "proposed_by_viewer": proposed_it(request.user, found),
        "clocks": clocks,
        "nearest": nearest(clocks),
        "timeline": timeline_of(found, viewer=request.user),
        "suggestion": found.suggestions.last(),
        "decision": found.decisions.select_related("item", "lead_unit", "by").last(),
        "shown": shown,
        "reveal_form": reveal_form or RevealForm(),
        "now": now,
    }
    if any(entry["row"].move in _NEED_LISTS for entry in entries):
        context |= datalists()
    return render(request, "ticket/ticket.html", context, status=status)


def _pressing(about: Matters) -> tuple[Move, ...]:
    """What comes before the usual: an order that waits for this side."""
    order = about.order_open
    if order is None:
        return ()
    return (Move.CLOSE_ORDER,) if order.replied_at else (Move.REPLY_ORDER,)


def _entry(
    row: Transition, found: Ticket, about: Matters, tried: MoveForm | None
) -> dict[str, Any]:
    """One move as the page offers it. `skip`: fields that have nothing to do with this ticket."""
    form = tried or MOVE_FORMS[row.move](initial=initial_for(row.move, found))
    # Many forms stand on one page, and a label must lead to the field of its own.
    form.auto_id = f"{row.move}_%s"
    return {
        "row": row,
        "label": form.title or row.label,
        "form": form,
        "open": tried is not None,
        "skip": ("without",) if row.move is Move.REPLY and not about.silent_units else (),
    }
