"""More time: asked for once, no later than the last day, and ruled on (青政办〔2022〕88号 三（四）4)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from catalog.models import Staff
from catalog.rules.limits import HandlingClass, Step
from catalog.rules.roles import Role
from hotline.actions.clocks import (
    keep_limit,
    limit_of,
    recount_clock,
    refresh_due,
    running_clock,
    start_clock,
)
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.events import told_safely
from hotline.actions.handle import lead_assignment
from hotline.actions.notices import notify
from hotline.actions.transition import move_ticket, take_for
from hotline.models import ExtensionRequest, Ticket
from hotline.rules.assignments import Ruling
from hotline.rules.workflow import Move


@transaction.atomic
def ask_extension(
    ticket: Ticket, *, days: int | None, reason: str, by: Staff, at: dt.datetime
) -> ExtensionRequest:
    """The unit asks for `days` working days more (None: the policy's default). Until it is ruled on,
    nobody is told that the limit is over.

    Raises WrongInput (no reason, days outside the policy), ActionRefused (asked after the last day, or
    a second time).
    """
    if not reason.strip():
        raise WrongInput("reason", "请写明延时说明：为何不能按期办结、已办到哪一步。")
    take_for(ticket, Move.ASK_EXTENSION, by=by)
    clock = running_clock(ticket, Step.HANDLE)
    if ExtensionRequest.objects.filter(clock=clock).exists():
        raise ActionRefused("本次办理已申请过延期，只能申请一次；请按现有时限办理。")
    last_day = timezone.localdate(clock.due_at)
    if timezone.localdate(at) > last_day:
        raise ActionRefused(
            f"延期须在时限届满当日（{last_day:%Y年%-m月%-d日}）以前提出，现已超期，不能申请。"
        )
    _, days = limit_of(Step.EXTENSION, HandlingClass(clock.handling_class), at, days)
    move_ticket(
        ticket,
        Move.ASK_EXTENSION,
        by=by,
        at=at,
        data={"days": days, "reason": told_safely(reason)},
    )
    clock.is_held, clock.next_rung_at = True, None
    clock.save(update_fields=["is_held", "next_rung_at"])
    start_clock(ticket, Step.EXTEND, at=at)
    return ExtensionRequest.objects.create(
        clock=clock,
        assignment=lead_assignment(ticket),
        days=days,
        reason=reason.strip(),
        by=by,
        made_at=at,
    )


@transaction.atomic
def rule_on_extension(
    ticket: Ticket,
    *,
    granted: bool,
    days: int | None = None,
    note: str,
    by: Staff,
    at: dt.datetime,
) -> None:
    """Grant `days` (None: as asked, never more than asked), or refuse with the reason: then the old
    limit holds, and what it calls for comes at once.

    Raises WrongInput (refused without a reason, days out of range), ActionRefused (nothing is asked
    for: somebody was faster).
    """
    if not granted and not note.strip():
        raise WrongInput("note", "请写明不批准延期的理由。")
    move = Move.GRANT_EXTENSION if granted else Move.REFUSE_EXTENSION
    take_for(ticket, move, by=by)
    request = (
        ExtensionRequest.objects.select_related("clock", "assignment__unit")
        .filter(clock__ticket=ticket, ruling="")
        .first()
    )
    if request is None:
        raise ActionRefused("没有待审批的延期申请，可能已被他人审批；请刷新页面查看。")
    days = (request.days if days is None else days) if granted else 0
    if granted and not 1 <= days <= request.days:
        raise WrongInput("days", f"批准的天数应为 1 至申请的 {request.days} 个工作日。")
    clock = request.clock
    clock.refresh_from_db()
    old = clock.due_at
    clock.extra_days, clock.is_held = days, False
    if granted:
        recount_clock(clock)
    else:
        keep_limit(clock)
    ExtensionRequest.objects.filter(pk=request.pk).update(
        ruling=Ruling.ACCEPTED if granted else Ruling.REFUSED,
        granted_days=days,
        ruling_note=note.strip(),
        ruled_by=by,
        ruled_at=at,
    )
    told = {
        "days": days,
        "old": timezone.localtime(old).isoformat(),
        "new": timezone.localtime(clock.due_at).isoformat(),
    }
    move_ticket(ticket, move, by=by, at=at, data=told if granted else {})
    refresh_due(ticket)
    verdict = f"已批准，延长 {days} 个工作日" if granted else "未获批准，按原时限办理"
    notify(
        ticket,
        Role.UNIT_CLERK,
        code=move.value,
        text=f"工单 {ticket.number} 的延期申请{verdict}。",
        at=at,
        unit=request.assignment.unit,
    )
