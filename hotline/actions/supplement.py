"""Asking the caller for more while the unit's time stands still."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Staff
from catalog.rules.limits import Step
from catalog.rules.masking import mask_numbers
from hotline.actions.clocks import running_clock, start_clock
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.handle import lead_assignment
from hotline.actions.transition import move_ticket, take_for
from hotline.models import Supplement, Ticket
from hotline.rules.workflow import Move

# How often a unit may stop its clock by asking, for one dispatch. A local setting.
MAX_QUESTIONS = 2


@transaction.atomic
def ask_caller(
    ticket: Ticket, *, question: str, by: Staff, at: dt.datetime, version: int | None = None
) -> Supplement:
    """The unit cannot go on without something that the caller alone knows; the hotline will ask.

    Raises WrongInput without a question, ActionRefused when the limit is over already or the unit has
    asked MAX_QUESTIONS times.
    """
    if not question.strip():
        raise WrongInput("question", "请写明需要来电人补充什么，缺少它为何不能办理。")
    take_for(ticket, Move.ASK_CALLER, by=by, version=version)
    assignment = lead_assignment(ticket)
    if assignment.supplements.count() >= MAX_QUESTIONS:
        raise ActionRefused(
            f"本单位已请来电人补充 {MAX_QUESTIONS} 次，不能再次暂停计时；请直接联系来电人。"
        )
    if at > running_clock(ticket, Step.HANDLE).due_at:
        raise ActionRefused("办理时限已过，不能再暂停计时；请直接联系来电人并尽快答复。")
    move_ticket(ticket, Move.ASK_CALLER, by=by, at=at, version=version)
    start_clock(ticket, Step.SUPPLEMENT, at=at)
    return Supplement.objects.create(
        assignment=assignment, question=mask_numbers(question.strip()), by=by, made_at=at
    )


@transaction.atomic
def supply(
    ticket: Ticket,
    *,
    reached: bool,
    answer: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """What the caller said, or that nobody could be reached: the unit goes on, and its limit moves by
    the office time that the asking took. Raises WrongInput when reached but nothing is written down."""
    if reached and not answer.strip():
        raise WrongInput("answer", "请填写来电人补充的内容。")
    move_ticket(ticket, Move.SUPPLY, by=by, at=at, version=version, data={"reached": reached})
    asked = Supplement.objects.filter(
        assignment=lead_assignment(ticket), answered_at__isnull=True
    ).latest("id")
    Supplement.objects.filter(pk=asked.pk).update(
        reached=reached,
        answer=mask_numbers(answer.strip()),
        answer_original=answer.strip(),
        answered_by=by,
        answered_at=at,
    )
