"""How states and limits look, on every page alike."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.snapshot import working_calendar
from hotline.models import Notice, Ticket
from hotline.rules.states import STATE_NAMES, State
from hotline.rules.workflow import Move

register = template.Library()

_TONES: dict[State, str] = {
    State.DRAFT: "",
    State.REGISTERED: "wait",
    State.DISPATCHED: "wait",
    State.HANDLING: "work",
    State.WAITING: "stop",
    State.RETURNED: "stop",
    State.CONSULTING: "stop",
    State.REPLIED: "wait",
    State.CALLBACK: "wait",
    State.MERGED: "",
    State.REVIEWING: "stop",
    State.CLOSED: "done",
    State.ARCHIVED: "done",
    State.DECLINED: "",
    State.TRANSFERRED: "done",
    State.WITHDRAWN: "",
    State.ENDED: "",
    State.DISCARDED: "",
}
# What people send has no rung, or is called otherwise than its rung.
_NOTICE_TITLES: dict[str, str] = {
    Move.PASS_ON: "移交工单",
    Move.CONVENE: "会商",
    Move.GRANT_EXTENSION: "延期已批准",
    Move.REFUSE_EXTENSION: "延期未批准",
    Move.OPEN_ORDER: "督办单",
    Move.REPLY_ORDER: "督办单已回复",
}


@register.simple_tag
def state_badge(ticket: Ticket) -> SafeString:
    state = State(ticket.state)
    return format_html('<span class="badge {}">{}</span>', _TONES[state], STATE_NAMES[state])


@register.simple_tag
def due(ticket: Ticket, now: dt.datetime) -> SafeString:
    """The running limit of a ticket as remaining time; a dash when none runs."""
    return remaining(ticket.due_at, now) if ticket.due_at else format_html("—")


@register.simple_tag
def remaining(due_at: dt.datetime, now: dt.datetime) -> SafeString:
    """ "剩 3 个工作日", "今天 17:30 到期", "超期 2 天", with the exact moment as its title."""
    local, today = timezone.localtime(due_at), timezone.localtime(now).date()
    if due_at < now:
        tone, words = "late", f"超期 {_length(now - due_at)}"
    elif local.date() == today:
        tone, words = "soon", f"今天 {local:%H:%M} 到期"
    else:
        days = working_calendar().working_days_between(today, local.date())
        tone, words = "", f"剩 {days} 个工作日"
    return format_html(
        '<span class="due {}" title="{} 到期">{}</span>', tone, f"{local:%Y-%m-%d %H:%M}", words
    )


@register.filter
def notice_title(notice: Notice) -> str:
    """What the notice is about, in a word or two."""
    return _NOTICE_TITLES.get(notice.code) or notice.get_rung_display() or "通知"


@register.filter
def field_fill(bound_field, name: str) -> SafeString:
    """The field's widget, marked as one that the router fills in."""
    return bound_field.as_widget(attrs={"data-fill": name})


def _length(late: dt.timedelta) -> str:
    if late < dt.timedelta(hours=1):
        return f"{late.seconds // 60} 分钟"
    if late < dt.timedelta(days=1):
        return f"{late.seconds // 3600} 小时"
    return f"{late.days} 天"
