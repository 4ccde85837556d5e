"""Putting messages into the outbox. `jobs.deliver` takes them out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from catalog.models import Region, Staff
from catalog.rules.limits import Rung, Step
from catalog.rules.roles import Role
from catalog.snapshot import working_calendar
from hotline.models import Caller, Message, Notice, Ticket
from hotline.models.fields import is_mobile
from hotline.queries.policies import region_path_of
from hotline.queries.recipients import channel_of, recipients_of
from hotline.rules.intake import Channel
from hotline.rules.messages import (
    AT_ANY_HOUR,
    MOST_SINGLE,
    CallerMessage,
    MessageChannel,
    MessageState,
    caller_text,
    daytime_at_or_after,
    digest_text,
    notice_text,
    told,
)

_SUBJECT = "12345 热线待办提醒"
_MERGED = "已并入一条汇总消息"

# One person's news of one urgency: each notice and when it may be told.
News = list[tuple[Notice, dt.datetime]]


def queue_message(
    *,
    key: str,
    channel: MessageChannel,
    text: str,
    at: dt.datetime,
    staff: Staff | None = None,
    caller: Caller | None = None,
    ticket: Ticket | None = None,
    subject: str = "",
    not_before: dt.datetime | None = None,
    notices: Iterable[Notice] = (),
    is_urgent: bool = False,
) -> Message:
    """Write a message to `staff` or `caller` (exactly one), to be sent not before `not_before` (now).

    The same key again changes nothing and returns the message that is there. `text` must hold no
    personal data.
    """
    due = not_before or at
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "text": text,
            "created_at": at,
            "staff": staff,
            "caller": caller,
            "ticket": ticket,
            "subject": subject,
            "not_before": due,
            "next_try_at": due,
            "is_urgent": is_urgent,
        },
    )
    if is_new:
        message.notices.add(*notices)
    return message


def tell_caller(ticket: Ticket, kind: CallerMessage, at: dt.datetime) -> Message | None:
    """Queue the text message that tells the caller what became of the ticket; None when nobody is to
    be told: a police order, a caller without a mobile number.

    Call it in the transaction of the step, after the step: the ticket's version at that moment makes
    the key, so that a step retried tells once and a ticket closed a second time tells again. What the
    caller has not just asked for waits for the day (08:00-21:00). Of a confidential ticket neither
    number nor kind is told.
    """
    caller = ticket.caller
    if ticket.channel == Channel.POLICE or caller is None:
        return None
    if not is_mobile(caller.phone):
        return None
    assert ticket.number is not None  # of every registered ticket
    return queue_message(
        key=f"caller:{ticket.pk}:{kind.value}:{ticket.version}",
        channel=MessageChannel.SMS,
        text=caller_text(
            kind,
            ticket.number,
            confidential=ticket.is_confidential,
            public_url=settings.PUBLIC_URL,
        ),
        at=at,
        caller=caller,
        ticket=ticket,
        not_before=at if kind in AT_ANY_HOUR else daytime_at_or_after(timezone.localtime(at)),
    )


def tell_notices(*, now: dt.datetime, batch: int = 500) -> int:
    """Put every notice that nobody was told of yet into messages to the people it is for; returns how
    many notices there were. Somebody without any address has the inbox alone.

    A notice and its messages are one transaction: a run killed half way leaves the rest untold for the
    next, and of two runs at once each takes rows that the other has not locked. What is not urgent
    waits for office hours.
    """
    told = 0
    while count := _tell_batch(now, batch):
        told += count
    return told


@transaction.atomic
def _tell_batch(now: dt.datetime, batch: int) -> int:
    untold = list(
        Notice.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(told_at__isnull=True)
        .select_related("ticket", "clock", "unit__region", "center")
        # What is for the same people together: one message for all of it, written once.
        .order_by("-is_urgent", "unit", "center", "audience", "pk")[:batch]
    )
    # After an outage hundreds of notices are for the same few people.
    people_for = cache(recipients_of)
    office_time = cache(lambda region: _office_time(region, now))
    news: dict[tuple[int, bool], News] = {}
    people: dict[int, Staff] = {}
    for notice in untold:
        place = notice.unit.region if notice.unit else notice.center
        not_before = now if notice.is_urgent else office_time(place)
        for person in people_for(Role(notice.audience), notice.unit, notice.center):
            people[person.pk] = person
            news.setdefault((person.pk, notice.is_urgent), []).append((notice, not_before))
    lock_people(people)
    for (pk, is_urgent), lot in news.items():
        _tell_person(people[pk], lot, is_urgent, now)
    Notice.objects.filter(pk__in=[notice.pk for notice in untold]).update(told_at=now)
    return len(untold)


def _tell_person(person: Staff, news: News, is_urgent: bool, now: dt.datetime) -> None:
    """A message each, or one for all when they are many or when some still wait to be sent."""
    channel = channel_of(person)
    if channel is None:
        return
    # What a worker has in hand goes out on its own.
    waiting = Message.objects.filter(
        about_notices(),
        Q(leased_until__isnull=True) | Q(leased_until__lte=now),
        staff=person,
        is_urgent=is_urgent,
        state=MessageState.WAITING,
    )
    if len(news) > MOST_SINGLE or waiting.exists():
        queue_digest(
            person,
            channel,
            waiting,
            news=[notice for notice, _ in news],
            key=f"digest:{news[-1][0].pk}:staff:{person.pk}",
            not_before=min(not_before for _, not_before in news),
            now=now,
        )
        return
    for notice, not_before in news:
        queue_message(
            key=f"notice:{notice.pk}:staff:{person.pk}",
            channel=channel,
            subject=_SUBJECT,
            text=_text_of(notice),
            at=now,
            staff=person,
            ticket=notice.ticket,
            not_before=not_before,
            notices=[notice],
            is_urgent=is_urgent,
        )


def about_notices() -> Exists:
    """The condition that a message tells of notices, and so may become part of a digest."""
    return Exists(Message.notices.through.objects.filter(message=OuterRef("pk")))


def lock_people(people: Iterable[int]) -> None:
    """Have one run at a time write messages to each of these people, so that none counts what the
    other is about to write. Locked in one order; whoever refers to them is not held up."""
    rows = Staff.objects.select_for_update(no_key=True).filter(pk__in=people)
    list(rows.order_by("pk").values_list("pk", flat=True))


def queue_digest(
    person: Staff,
    channel: MessageChannel,
    messages: QuerySet[Message],
    *,
    news: list[Notice],
    key: str,
    not_before: dt.datetime,
    now: dt.datetime,
) -> list[Message]:
    """One message instead of `messages` and of one for each of `news`; returns those that it replaces.
    The person must be locked (`lock_people`)."""
    replaced = list(messages.select_for_update().order_by("pk"))
    Message.objects.filter(pk__in=[message.pk for message in replaced]).update(
        state=MessageState.CANCELLED, next_try_at=None, last_error=_MERGED
    )
    notices = {
        notice.pk: notice
        for notice in Notice.objects.filter(messages__in=replaced).select_related("clock")
    } | {notice.pk: notice for notice in news}
    if not notices:  # somebody else was faster with all of them
        return replaced
    dues = [notice.clock.due_at for notice in notices.values() if notice.clock]
    queue_message(
        key=key,
        channel=channel,
        subject=_SUBJECT,
        text=digest_text(
            Counter(Rung(notice.rung) if notice.rung else None for notice in notices.values()),
            timezone.localtime(min(dues)) if dues else None,
        ),
        at=now,
        staff=person,
        not_before=not_before,
        notices=notices.values(),
        is_urgent=any(notice.is_urgent for notice in notices.values()),
    )
    return replaced


def _office_time(region: Region, now: dt.datetime) -> dt.datetime:
    """The first moment from now on at which the region's people are at work."""
    return working_calendar().office_time_at_or_after(now, region_path_of(region))


def _text_of(notice: Notice) -> str:
    if not notice.rung:
        return told(notice.text)
    assert notice.ticket.number is not None  # of every registered ticket
    step = Step(notice.clock.step) if notice.clock else None
    due_at = timezone.localtime(notice.clock.due_at) if notice.clock else None
    return notice_text(Rung(notice.rung), notice.ticket.number, step, due_at)
