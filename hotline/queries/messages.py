"""The outbox as a supervisor sees it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from catalog.models import Staff
from catalog.rules.masking import mask_email
from catalog.rules.roles import Role
from hotline.models import Message
from hotline.permissions import role_of, sees_whole_province
from hotline.queries.dead_letters import letters_for
from hotline.rules.messages import MessageChannel, MessageState

# A message that nobody took so long after its time tells that nobody works.
LATE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ToldMessage:
    """A message as a row of the page. `address` is masked, or says that there is none. `in_hand`: a
    worker is at it."""

    message: Message
    who: str
    post: str
    address: str
    in_hand: bool
    can_retry: bool
    can_cancel: bool


def messages_for(user: Staff) -> QuerySet[Message]:
    """A supervisor's messages: about tickets of the own centre (one about several tickets: when all
    are); the province's supervisors: all."""
    everything = Message.objects.select_related(
        "ticket", "staff__unit", "staff__region", "staff__contact", "caller"
    )
    if role_of(user) is not Role.SUPERVISOR or user.region is None:
        return everything.none()
    if sees_whole_province(user):
        return everything
    told = Message.notices.through.objects.filter(message=OuterRef("pk"))
    own = Q(notice__center=user.region)
    return everything.filter(
        Q(ticket__center=user.region)
        | Q(ticket__isnull=True) & Exists(told.filter(own)) & ~Exists(told.exclude(own))
    )


def tell_message(message: Message, *, now: dt.datetime) -> ToldMessage:
    state = MessageState(message.state)
    in_hand = message.leased_until is not None and message.leased_until > now
    waits = state is MessageState.WAITING and not in_hand
    dead = state is MessageState.DEAD
    who, post, address = _recipient(message)
    return ToldMessage(
        message, who, post, address, in_hand,
        can_retry=dead or (waits and message.attempts > 0),
        can_cancel=dead or waits,
    )  # fmt: skip


def _recipient(message: Message) -> tuple[str, str, str]:
    person = message.staff
    if person is None:
        return "来电人", "", message.caller.masked_phone if message.caller else ""
    post = f"{person.get_role_display()}，{person.unit or person.region or '未设地区'}"
    if message.channel == MessageChannel.EMAIL:
        address = mask_email(person.email) if person.email else "没有登记邮箱"
    else:
        known = hasattr(person, "contact")
        address = person.contact.masked_mobile if known else "没有登记手机"
    return person.display_name, post, address


def counts_by_state(user: Staff) -> dict[MessageState, int]:
    counts = dict(messages_for(user).order_by().values_list("state").annotate(count=Count("pk")))
    return {state: counts.get(state.value, 0) for state in MessageState}


def late_count(user: Staff, *, now: dt.datetime) -> int:
    """How many should be out by now and were never taken: the background tasks stand still."""
    overdue = Q(state=MessageState.WAITING, attempts=0, next_try_at__lt=now - LATE)
    return messages_for(user).filter(overdue).count()


def failed_count(user: Staff) -> int:
    """Messages and background work that wait for the supervisor."""
    return messages_for(user).filter(state=MessageState.DEAD).count() + letters_for(user).count()
