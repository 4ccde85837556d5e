"""The operator's desk: one call, one page."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.models import Exclusion, Item, Region, Unit
from catalog.rules.roles import Role
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.intake import discard_draft, register_ticket, save_draft
from hotline.forms.fields import label_of_item, label_of_region, label_of_unit
from hotline.forms.intake import ChoiceForm, IntakeForm, intake_from
from hotline.forms.moves import MOVE_FORMS, MoveForm
from hotline.forms.suggestions import fields_suggested, units_suggested
from hotline.permissions import NotAllowed
from hotline.queries.tickets import access_draft, drafts_of, tickets_of_caller
from hotline.rules.intake import MAX_CONTENT
from hotline.rules.states import State
from hotline.rules.workflow import BY_MOVE, IllegalMove, Move
from hotline.views.guard import StaffRequest, for_roles
from routing.rules.decision import Number
from routing.service import responsible_units, route

# The ways a call ends at the desk, in the order of the keys Alt+1 to Alt+4.
WAYS_OUT = (Move.DISPATCH, Move.ANSWER, Move.TRANSFER, Move.DECLINE)
# Shorter texts say nothing that could be routed.
SHORTEST_TEXT = 4


class _Refused(Exception):
    """Rolls the registration back when the way out was refused."""


@for_roles([Role.OPERATOR])
def desk(request: StaffRequest) -> HttpResponse:
    """Write a request down and end it in one of four ways, in one transaction."""
    if request.method != "POST":
        return _new_form(request)
    intake_form = IntakeForm(request.POST)
    way = _way_out(request.POST.get("way_out", ""))
    form = MOVE_FORMS[way](request.POST)
    if intake_form.is_valid() and form.is_valid():
        try:
            return _register_and(request, intake_form, form)
        except _Refused:
            pass  # the form says why
        except WrongInput as error:
            intake_form.add_error(
                error.field if error.field in intake_form.fields else None, str(error)
            )
        except (ActionRefused, NotAllowed, IllegalMove) as error:
            intake_form.add_error(None, str(error))
    else:
        form.is_valid()
    return _page(request, intake_form, form, way, status=422)


def _register_and(request: StaffRequest, intake_form: IntakeForm, form: MoveForm) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        ticket, made = register_ticket(
            intake=intake_form.intake(),
            key=intake_form.cleaned_data["key"],
            by=request.user,
            at=now,
        )
        if made and not form.run(ticket, by=request.user, at=now):
            raise _Refused
    if made:
        messages.success(request, f"工单 {ticket.number} 已登记。{form.done}")
    else:
        messages.info(request, f"这份登记此前已提交，工单 {ticket.number} 没有重复建立。")
    return redirect("ticket", ticket.number)


@require_POST
@for_roles([Role.OPERATOR])
def suggest(request: StaffRequest) -> HttpResponse:
    """What the router makes of the words typed so far."""
    text = request.POST.get("content", "")
    if len(text.strip()) < SHORTEST_TEXT:
        return render(request, "operator/_suggestion.html", {"waiting": True})
    decision = route(text[:MAX_CONTENT])
    suggested = fields_suggested(decision)
    return render(
        request,
        "operator/_suggestion.html",
        {
            "decision": decision.to_json(),
            "advice": decision.advice,
            "emergency": decision.platform not in (Number.HOTLINE, Number.NOT_ACCEPTED),
            "declined": decision.platform is Number.NOT_ACCEPTED,
            "suggested": json.dumps(suggested.fields, ensure_ascii=False),
            "candidates": suggested.candidates,
        },
    )


@require_POST
@for_roles([Role.OPERATOR])
def autosave(request: StaffRequest) -> HttpResponse:
    """Keep what is typed. Answers with the time it was kept, or why it was not."""
    key = request.POST.get("key", "")
    if not request.POST.get("content", "").strip():
        return HttpResponse("")
    try:
        save_draft(intake=intake_from(request.POST), key=key, by=request.user)
    except ActionRefused as error:
        return render(request, "operator/_saved.html", {"error": str(error)})
    return render(request, "operator/_saved.html", {"saved_at": timezone.now(), "key": key})


@require_POST
@for_roles([Role.OPERATOR])
def caller_history(request: StaffRequest) -> HttpResponse:
    """The latest tickets of the number typed."""
    phone = request.POST.get("phone", "")
    return render(
        request,
        "operator/_caller.html",
        {"tickets": tickets_of_caller(request.user, phone), "asked": len(phone) >= 5},
    )


@require_POST
@for_roles([Role.OPERATOR])
def units_for_item(request: StaffRequest) -> HttpResponse:
    """Who answers for the item and place that the operator has chosen."""
    form = ChoiceForm(request.POST)
    form.is_valid()
    item, region = form.cleaned_data.get("item"), form.cleaned_data.get("region")
    if item is None:
        return HttpResponse("")
    units = responsible_units(item.code, region.code if region else None)
    fields = units_suggested(units)
    return render(
        request,
        "operator/_units.html",
        {"units": units, "suggested": json.dumps(fields, ensure_ascii=False)},
    )


@require_POST
@for_roles([Role.OPERATOR])
def discard(request: StaffRequest, key: str) -> HttpResponse:
    """Throw one's own draft away."""
    draft = access_draft(request.user, key)
    if draft is None:
        raise Http404("没有这份草稿。")
    try:
        discard_draft(draft, by=request.user, at=timezone.now())
    except (ActionRefused, IllegalMove) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "草稿已作废。")
    return redirect("desk")


def _new_form(request: StaffRequest) -> HttpResponse:
    key = request.GET.get("draft", "")
    draft = access_draft(request.user, key) if key else None
    if draft is not None and State(draft.state) is not State.DRAFT:
        return redirect("ticket", draft.number) if draft.number else redirect("desk")
    if draft is None:
        form = IntakeForm(initial={"key": uuid.uuid4().hex})
    else:
        form = IntakeForm(
            initial={
                "key": draft.idempotency_key,
                "phone": draft.caller.phone if draft.caller else "",
                "name": draft.caller.name if draft.caller else "",
                "channel": draft.channel,
                "content": draft.content_original,
                "title": draft.title,
                "address": draft.address,
                "request_type": draft.request_type,
                "is_confidential": draft.is_confidential,
            }
        )
    return _page(request, form, MOVE_FORMS[Move.DISPATCH](), Move.DISPATCH)


def _page(
    request: StaffRequest, form: IntakeForm, move_form: MoveForm, way: Move, status: int = 200
) -> HttpResponse:
    forms = {move: MOVE_FORMS[move]() for move in WAYS_OUT} | {way: move_form}
    context: dict[str, Any] = {
        "form": form,
        "ways": [BY_MOVE[move] for move in WAYS_OUT],
        "way": way,
        "choice": move_form,
        "dispatch": forms[Move.DISPATCH],
        "answer": forms[Move.ANSWER],
        "transfer": forms[Move.TRANSFER],
        "decline": forms[Move.DECLINE],
        "exclusions": Exclusion.objects.current(),
        "drafts": drafts_of(request.user).exclude(idempotency_key=form["key"].value())[:5],
    }
    return render(request, "operator/desk.html", context | datalists(), status=status)


def datalists() -> dict[str, list[str]]:
    """What the fields of the catalogue pick from."""
    regions = Region.objects.current().select_related("parent")
    return {
        "item_labels": [label_of_item(item) for item in Item.objects.current()],
        "unit_labels": [label_of_unit(unit) for unit in Unit.objects.current()],
        "region_labels": [label_of_region(region) for region in regions],
    }


def _way_out(value: str) -> Move:
    return Move(value) if value in {move.value for move in WAYS_OUT} else Move.DISPATCH
