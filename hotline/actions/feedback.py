"""After the unit's answer: the hotline reads it, asks the caller, closes or sends it back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from catalog.models import Staff
from catalog.rules.limits import Step
from hotline.actions.clocks import start_clock
from hotline.actions.errors import WrongInput
from hotline.actions.events import record_event
from hotline.actions.handle import lead_assignment
from hotline.actions.merge import answer_followers
from hotline.actions.outbox import tell_caller
from hotline.actions.transition import move_ticket, take_for
from hotline.models import Callback, Reply, Ticket
from hotline.rules.assignments import Verdict
from hotline.rules.feedback import CallbackResult, ResultByLaw, next_move
from hotline.rules.messages import CallerMessage
from hotline.rules.workflow import Move


@transaction.atomic
def check_reply(
    ticket: Ticket,
    *,
    verdict: Verdict,
    note: str,
    by_law: ResultByLaw | None = None,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> None:
    """Let the lead's reply pass to callback, or send it back with the reason. `by_law`: the law sets
    the result, so satisfaction is not counted (青政办〔2021〕48号 三（四）).

    Sent back, the handling clock goes on with its old limit. Let pass, the tickets merged into this
    one are answered with it, each to its own caller. Raises WrongInput when sent back
    without a reason.
    """
    approved = verdict is Verdict.APPROVED
    if not approved and not note.strip():
        raise WrongInput("note", "请写明退回原因，承办单位据此重新答复。")
    move = Move.APPROVE if approved else Move.SEND_BACK
    take_for(ticket, move, by=by, version=version)
    reply = Reply.objects.filter(assignment=lead_assignment(ticket)).latest("id")
    move_ticket(
        ticket,
        move,
        by=by,
        at=at,
        version=version,
        data={"reply": reply.pk},
        changes={"outcome": reply.text, "result_by_law": by_law or ""} if approved else {},
    )
    Reply.objects.filter(pk=reply.pk).update(verdict=verdict, verdict_note=note.strip())
    if approved:
        start_clock(ticket, Step.CALLBACK, at=at)
        answer_followers(ticket, by=by, at=at)


@transaction.atomic
def record_callback(
    ticket: Ticket,
    *,
    result: CallbackResult,
    note: str,
    by: Staff,
    at: dt.datetime,
    version: int | None = None,
) -> Move | None:
    """Write down one call to the caller; close the ticket, or send it back to be worked once more, or
    leave it to be called again (`rules.feedback.next_move`). Returns the move made, if any.

    Raises WrongInput when the caller was reached but solved or rating is missing, or a rework has no
    reason; IllegalMove when the ticket does not wait for a callback; LostRace when it just went on.
    """
    if result.reached and result.solved is None:
        raise WrongInput("solved", "请选择问题是否解决。")
    if result.reached and result.rating is None:
        raise WrongInput("rating", "请选择满意程度。")
    # The earlier calls of this round are counted under the ticket's lock.
    take_for(ticket, Move.CLOSE, by=by, version=version)
    waiting = ticket.clocks.filter(step=Step.CALLBACK).last()
    since = waiting.started_at if waiting else at
    attempts = 1 + ticket.callbacks.filter(made_at__gte=since).count()
    move = next_move(
        result,
        reworks=ticket.reworks,
        attempts=attempts,
        by_law=bool(ticket.result_by_law),
    )
    if move is Move.REWORK and not note.strip():
        raise WrongInput("note", "重办须写明群众认为没有解决或不满意的地方。")
    Callback.objects.create(
        ticket=ticket,
        round=ticket.reworks,
        reached=result.reached,
        solved=result.solved,
        rating=result.rating,
        note=note.strip(),
        by=by,
        made_at=at,
    )
    data = {"reached": result.reached, "solved": result.solved, "rating": result.rating}
    if move is None:
        record_event(ticket, "callback_missed", by=by, at=at, data={"attempt": attempts})
        return None
    move_ticket(
        ticket,
        move,
        by=by,
        at=at,
        version=version,
        data=data,
        changes={"reworks": ticket.reworks + 1} if move is Move.REWORK else {},
    )
    if move is Move.REWORK:
        start_clock(ticket, Step.HANDLE, at=at)
    else:
        tell_caller(ticket, CallerMessage.ANSWERED, at)
    return move
