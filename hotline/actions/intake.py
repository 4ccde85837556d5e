"""Taking a request down: draft, registration."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalog.models import Region, Staff
from catalog.rules.limits import HandlingClass, Step
from catalog.rules.masking import mask_numbers
from catalog.rules.text import normalise
from hotline.actions.clocks import start_clock
from hotline.actions.errors import KeyReused, LostRace, WrongInput
from hotline.actions.events import record_event
from hotline.actions.outbox import tell_caller
from hotline.actions.transition import move_ticket
from hotline.models import Caller, NumberCounter, Suggestion, Ticket
from hotline.models.fields import normalise_phone, phone_index
from hotline.rules.intake import MAX_CONTENT, Channel, RequestType
from hotline.rules.messages import CallerMessage
from hotline.rules.numbering import format_number
from hotline.rules.states import State
from hotline.rules.workflow import Move
from routing.rules.decision import Decision as RoutedDecision
from routing.service import route


@dataclass(frozen=True, slots=True)
class Intake:
    """What is written down of one request. `phone` may be empty (an anonymous caller)."""

    content: str
    channel: Channel
    title: str = ""
    phone: str = ""
    name: str = ""
    address: str = ""
    request_type: RequestType | None = None
    is_confidential: bool = False

    def digest(self) -> str:
        """SHA-256 of everything in it: the same request sent again has the same."""
        packed = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(packed.encode()).hexdigest()


@transaction.atomic
def save_draft(*, intake: Intake, key: str, by: Staff) -> Ticket:
    """Keep what is typed so far under the form's key; the same key goes on with the same draft.

    Raises LostRace when the ticket of that key is no longer a draft.
    """
    ticket, made = _draft_of(key, by, intake.channel)
    if not made and State(ticket.state) is not State.DRAFT:
        raise LostRace(ticket)
    if made:
        record_event(ticket, "draft", by=by, at=timezone.now(), data={})
    _write_down(ticket, intake, partial=True)
    return ticket


def register_ticket(
    *, intake: Intake, key: str, by: Staff, at: dt.datetime, center: Region | None = None
) -> tuple[Ticket, bool]:
    """Register the request: (ticket, made). Sent again with the same key, the same ticket comes back
    and `made` is False. `center`: the hotline that keeps it, when it is not that of `by`.

    Effects: the caller by telephone number, the ticket with number and masked content, the router's
    suggestion for exactly this text with the model's version, the forwarding clock, the event.
    Raises WrongInput (a field), KeyReused (the key belongs to another request).
    """
    _check(intake)
    decision = route(intake.content)  # before the transaction: it holds no lock while it thinks
    with transaction.atomic():
        return _register(intake, decision, key, by, at, center)


def _register(
    intake: Intake,
    decision: RoutedDecision,
    key: str,
    by: Staff,
    at: dt.datetime,
    center: Region | None,
) -> tuple[Ticket, bool]:
    ticket, _ = _draft_of(key, by, intake.channel, center)
    if State(ticket.state) is not State.DRAFT:
        if ticket.request_digest != intake.digest():
            raise KeyReused
        return ticket, False
    _write_down(ticket, intake, partial=False)
    suggestion = Suggestion.objects.create(
        ticket=ticket, answer=decision.to_json(), model=decision.model
    )
    move_ticket(
        ticket,
        Move.REGISTER,
        by=by,
        at=at,
        data={
            "channel": intake.channel.value,
            "suggestion": suggestion.pk,
            "model": decision.model,
        },
        changes={
            "number": _next_number(timezone.localdate(at)),
            "received_at": at,
            "request_digest": intake.digest(),
            "platform": decision.platform,
            "handling_class": class_suggested(decision).value,
        }
        | _suggested_place(decision),
    )
    start_clock(ticket, Step.FORWARD, at=at)
    tell_caller(ticket, CallerMessage.REGISTERED, at)
    return ticket, True


@transaction.atomic
def discard_draft(ticket: Ticket, *, by: Staff, at: dt.datetime) -> None:
    """Throw a draft away. Its personal data is emptied; the event stays."""
    move_ticket(
        ticket,
        Move.DISCARD,
        by=by,
        at=at,
        changes={
            "content": "",
            "content_original": "",
            "address": "",
            "title": "",
            "caller": None,
        },
    )


def class_suggested(decision: RoutedDecision) -> HandlingClass:
    """The class of handling that the router's flags stand for (88号 三（四）4). Several departments:
    when it names co-handlers."""
    if decision.urgent:
        return HandlingClass.URGENT
    if decision.complex:
        several = len({unit.line for unit in decision.units}) > 1
        return HandlingClass.JOINT if several else HandlingClass.COMPLEX
    return HandlingClass.GENERAL


def _draft_of(
    key: str, by: Staff, channel: Channel, center: Region | None = None
) -> tuple[Ticket, bool]:
    if not key or len(key) > 80:
        raise WrongInput("key", "幂等键应为 1 至 80 个字符。")
    if by.region is None:
        raise WrongInput("by", "您的账号没有设置热线所在地区，不能受理工单，请联系系统管理员。")
    # Locked, so that the same form sent twice at one moment is taken one after the other.
    return Ticket.objects.select_for_update().get_or_create(
        created_by=by,
        idempotency_key=key,
        defaults={"center": center or by.region, "channel": channel},
    )


def _write_down(ticket: Ticket, intake: Intake, *, partial: bool) -> None:
    ticket.channel = intake.channel
    ticket.title = mask_numbers(intake.title.strip())[:80] or _title_from(intake.content)
    ticket.content_original = intake.content.strip()
    ticket.content = mask_numbers(intake.content.strip())
    ticket.address = intake.address.strip()
    ticket.request_type = intake.request_type or ""
    ticket.is_confidential = intake.is_confidential
    if not partial or len(normalise_phone(intake.phone)) >= 7:
        ticket.caller = _caller(intake.phone, intake.name)
    ticket.save(
        update_fields=[
            "channel",
            "title",
            "content",
            "content_original",
            "address",
            "request_type",
            "is_confidential",
            "caller",
        ]
    )


def _check(intake: Intake) -> None:
    text = normalise(intake.content)
    if not text:
        raise WrongInput("content", "请填写诉求内容。")
    if len(intake.content) > MAX_CONTENT:
        raise WrongInput(
            "content",
            f"诉求内容共 {len(intake.content)} 字，超过 {MAX_CONTENT} 字，请写明要点后重新提交。",
        )
    if "\x00" in intake.content + intake.title + intake.name + intake.address:
        raise WrongInput("content", "内容中有无法保存的字符（空字符），请删除后重新提交。")
    digits = normalise_phone(intake.phone)
    if intake.phone and not 5 <= len(digits) <= 15:
        raise WrongInput("phone", "电话号码应为 5 至 15 位数字，请核对；匿名来电请留空。")


def _caller(phone: str, name: str) -> Caller | None:
    if not normalise_phone(phone):
        return None
    caller, made = Caller.objects.get_or_create(
        phone_index=phone_index(phone),
        defaults={"phone": normalise_phone(phone), "name": name.strip()},
    )
    if not made and name.strip() and caller.name != name.strip():
        caller.name = name.strip()
        caller.save(update_fields=["name"])
    return caller


def _title_from(content: str) -> str:
    first = mask_numbers(content.strip()).replace("\n", " ")
    return first[:30] + ("…" if len(first) > 30 else "")


def _suggested_place(decision: RoutedDecision) -> dict[str, Any]:
    if decision.region is None:
        return {}
    region = Region.objects.filter(code=decision.region.code).first()
    return {"region": region} if region else {}


def _next_number(day: dt.date) -> str:
    """The day's next serial. The counter's row is locked until the transaction ends, so that no two
    tickets get the same and none is skipped."""
    NumberCounter.objects.get_or_create(day=day)
    counter = NumberCounter.objects.select_for_update().get(day=day)
    counter.last += 1
    counter.save(update_fields=["last"])
    return format_number(day, counter.last)
