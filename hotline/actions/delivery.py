"""The way of a message out of the outbox: taken, sent or not, tried again, given up, called back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from catalog.models import Staff
from hotline.actions.errors import ActionRefused
from hotline.actions.events import record_event
from hotline.actions.outbox import about_notices, lock_people, queue_digest
from hotline.models import Message
from hotline.models.clocks import LIVE
from hotline.queries.recipients import channel_of
from hotline.rules.messages import (
    MOST_SINGLE,
    REMINDERS,
    MessageChannel,
    MessageState,
    retry_at,
)

# Longer than any try takes. A worker that is killed between sending and recording leaves a message
# that is sent again after this time, under the same key: the other side takes it once.
LEASE = dt.timedelta(minutes=5)
_DONE = "所提醒的环节已办理，不再发送"


@transaction.atomic
def claim_message(*, now: dt.datetime) -> Message | None:
    """Take the message that is due longest and that nobody has in hand; None when there is none. It
    counts as tried from here on, so that one that kills its worker is given up in the end. What only
    reminds of steps done since then is not sent."""
    due = Message.objects.filter(next_try_at__lte=now)  # of waiting ones alone, by the constraint
    while message := due.select_for_update(skip_locked=True).order_by("next_try_at", "pk").first():
        if message.attempts == 0 and _reminds_of_nothing(message):
            Message.objects.filter(pk=message.pk).update(
                state=MessageState.CANCELLED, next_try_at=None, last_error=_DONE
            )
            continue
        message.attempts += 1
        message.next_try_at = message.leased_until = now + LEASE
        message.save(update_fields=["attempts", "next_try_at", "leased_until"])
        return message
    return None


def _reminds_of_nothing(message: Message) -> bool:
    """Whether it tells of nothing but reminders, and every step that they are about is done."""
    notices = list(message.notices.select_related("clock"))
    return bool(notices) and all(
        notice.rung in REMINDERS and notice.clock is not None and notice.clock.state not in LIVE
        for notice in notices
    )


def record_sent(message: Message, *, at: dt.datetime) -> None:
    """It is out, whatever became of the row meanwhile."""
    Message.objects.filter(pk=message.pk).exclude(state=MessageState.SENT).update(
        state=MessageState.SENT, sent_at=at, next_try_at=None, leased_until=None, last_error=""
    )


def record_failure(message: Message, *, error: str, for_good: bool, at: dt.datetime) -> None:
    """Plan the next try, or give up: at once when `for_good`, else after the last try of the rule.
    Nothing happens to a message that somebody else has taken since. `error` names no address."""
    next_try_at = None if for_good else retry_at(message.attempts, at)
    Message.objects.filter(
        pk=message.pk, state=MessageState.WAITING, attempts=message.attempts
    ).update(
        state=MessageState.DEAD if next_try_at is None else MessageState.WAITING,
        next_try_at=next_try_at,
        leased_until=None,
        last_error=error,
    )


@transaction.atomic
def retry_message(message: Message, *, by: Staff, at: dt.datetime) -> None:
    """Have a message that was given up, or that waits for its next try, sent now; every try of the
    rule is open to it again. Raises ActionRefused for any other. `message` comes from a query scoped
    to `by`.

    It keeps its key: a try of which only the answer was lost is not taken twice.
    """
    message = _lock(message)
    tried = message.state == MessageState.WAITING and message.attempts > 0
    if message.state != MessageState.DEAD and not tried:
        raise ActionRefused(f"这条消息{message.get_state_display()}，不需要重新发送。")
    _refuse_in_hand(message, at)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.WAITING,
        attempts=0,
        next_try_at=at,
        leased_until=None,
        last_error="",
    )
    _record(message, "message_retried", by, at)


@transaction.atomic
def cancel_message(message: Message, *, by: Staff, at: dt.datetime) -> None:
    """Never send a message that waits or was given up. Raises ActionRefused when it is out, or in a
    worker's hand. `message` comes from a query scoped to `by`."""
    message = _lock(message)
    if message.state not in (MessageState.WAITING, MessageState.DEAD):
        raise ActionRefused(f"这条消息{message.get_state_display()}，不能取消。")
    _refuse_in_hand(message, at)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.CANCELLED, next_try_at=None, leased_until=None
    )
    _record(message, "message_cancelled", by, at)


def retry_all(
    dead: QuerySet[Message], *, by: Staff, at: dt.datetime, most: int = 500
) -> tuple[int, int]:
    """Send the `most` oldest of `dead` (scoped to `by`) again: how many, and in how many messages.
    Several about notices to one person become one message, as after any outage."""
    chosen = list(dead.filter(state=MessageState.DEAD).order_by("pk")[:most])
    by_person: dict[Staff, list[int]] = {}
    about = Message.objects.filter(about_notices(), pk__in=[one.pk for one in chosen])
    for message in about.select_related("staff").order_by("pk"):
        if message.staff is not None:
            by_person.setdefault(message.staff, []).append(message.pk)
    count = sent = 0
    merged: set[int] = set()
    for person, pks in by_person.items():
        channel = channel_of(person)
        if channel is None or len(pks) <= MOST_SINGLE:
            continue
        merged.update(pks)
        replaced = _retry_as_one(person, channel, pks, by, at)
        count += replaced
        sent += bool(replaced)
    for message in chosen:
        if message.pk in merged:
            continue
        try:
            retry_message(message, by=by, at=at)
        except ActionRefused:
            continue  # somebody else was faster with this one
        count += 1
        sent += 1
    return count, sent


@transaction.atomic
def _retry_as_one(
    person: Staff, channel: MessageChannel, pks: list[int], by: Staff, at: dt.datetime
) -> int:
    lock_people([person.pk])
    replaced = queue_digest(
        person,
        channel,
        Message.objects.filter(pk__in=pks, state=MessageState.DEAD),
        news=[],
        key=f"digest:retry:{max(pks)}:staff:{person.pk}",
        not_before=at,
        now=at,
    )
    # Tickets are locked one after the other, in one order for everybody.
    for message in sorted(replaced, key=lambda one: one.ticket_id or 0):
        _record(message, "message_retried", by, at)
    return len(replaced)


def _lock(message: Message) -> Message:
    return Message.objects.select_for_update().get(pk=message.pk)


def _refuse_in_hand(message: Message, at: dt.datetime) -> None:
    if message.leased_until is not None and message.leased_until > at:
        raise ActionRefused("这条消息正在发送，请稍后刷新页面再看结果。")


def _record(message: Message, kind: str, by: Staff, at: dt.datetime) -> None:
    if message.ticket is not None:
        data = {"message": message.pk, "channel": message.channel}
        record_event(message.ticket, kind, by=by, at=at, data=data)
