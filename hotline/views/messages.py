"""The supervisor's page of what goes out to people, and of background work that failed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.models import Staff
from catalog.rules.roles import Role
from hotline.actions.dead_letters import retry_letter
from hotline.actions.delivery import cancel_message, retry_all, retry_message
from hotline.actions.errors import ActionRefused
from hotline.exchange.gateways import channels_into_files
from hotline.models import Message
from hotline.queries.dead_letters import letters_for
from hotline.queries.messages import counts_by_state, late_count, messages_for, tell_message
from hotline.rules.dead_letters import LETTER_KIND_NAMES, LetterKind, LetterState
from hotline.rules.messages import (
    MESSAGE_CHANNEL_NAMES,
    MESSAGE_STATE_NAMES,
    MessageChannel,
    MessageState,
)
from hotline.views.guard import StaffRequest, for_roles

PAGE = 50
# The order in which a supervisor looks: what failed first.
_TABS = (MessageState.DEAD, MessageState.WAITING, MessageState.SENT, MessageState.CANCELLED)


@for_roles([Role.SUPERVISOR])
def message_list(request: StaffRequest) -> HttpResponse:
    """Messages of one state, by channel and ticket; and background work laid aside."""
    now = timezone.now()
    state = _state(request.GET)
    counts = counts_by_state(request.user)
    page = Paginator(_filtered(request.user, request.GET), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "supervisor/messages.html",
        {
            "page": page,
            "rows": [tell_message(message, now=now) for message in page],
            "tabs": [(one.value, MESSAGE_STATE_NAMES[one], counts[one]) for one in _TABS],
            "state": state.value,
            "channels": [(one.value, name) for one, name in MESSAGE_CHANNEL_NAMES.items()],
            "channel": request.GET.get("channel", ""),
            "number": request.GET.get("number", ""),
            "query": query.urlencode(),
            "back": request.GET.urlencode(),
            "late": late_count(request.user, now=now),
            "into_files": [MESSAGE_CHANNEL_NAMES[one] for one in channels_into_files()],
            "letters": [
                (letter, LETTER_KIND_NAMES[LetterKind(letter.kind)], _waits(letter.state))
                for letter in letters_for(request.user)[:PAGE]
            ],
            "letter_count": letters_for(request.user).count(),
            "now": now,
        },
    )


@require_POST
@for_roles([Role.SUPERVISOR])
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(messages_for(request.user), pk=pk)
    return _do(
        request,
        lambda: retry_message(message, by=request.user, at=timezone.now()),
        "已重新排入发送，半分钟内发出。",
    )


@require_POST
@for_roles([Role.SUPERVISOR])
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(messages_for(request.user), pk=pk)
    return _do(
        request,
        lambda: cancel_message(message, by=request.user, at=timezone.now()),
        "已取消，这条消息不再发送。",
    )


@require_POST
@for_roles([Role.SUPERVISOR])
def retry_every(request: StaffRequest) -> HttpResponse:
    """Every message given up that the page's filter shows."""
    dead = _filtered(request.user, _filter_of(request), MessageState.DEAD)
    count, sent = retry_all(dead, by=request.user, at=timezone.now())
    as_one = "（同一人的多条合并为一条）" if sent < count else ""
    left = _filtered(request.user, _filter_of(request), MessageState.DEAD).count()
    rest = f"还有 {left} 条，请再次重新发送。" if left else ""
    messages.success(request, f"{count} 条已重新排入发送{as_one}。{rest}")
    return _back(request)


@require_POST
@for_roles([Role.SUPERVISOR])
def retry_work(request: StaffRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(letters_for(request.user), pk=pk)
    return _do(
        request,
        lambda: retry_letter(letter, by=request.user, at=timezone.now()),
        "已标记重试，下一次运行时处理。",
    )


def _do(request: StaffRequest, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
    except ActionRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _back(request)


def _back(request: StaffRequest) -> HttpResponseRedirect:
    """To the list as it was filtered."""
    query = _filter_of(request).urlencode()
    return redirect(reverse("messages") + (f"?{query}" if query else ""))


def _filter_of(request: StaffRequest) -> QueryDict:
    return QueryDict(request.POST.get("back", ""))


def _state(query: QueryDict) -> MessageState:
    wanted = query.get("state", "")
    return MessageState(wanted) if wanted in set(MessageState) else MessageState.DEAD


def _filtered(
    user: Staff, query: QueryDict, state: MessageState | None = None
) -> QuerySet[Message]:
    found = messages_for(user).filter(state=state or _state(query))
    if query.get("channel", "") in set(MessageChannel):
        found = found.filter(channel=query["channel"])
    if number := query.get("number", "").strip():
        found = found.filter(ticket__number__startswith=number)
    return found.order_by("-pk")


def _waits(state: str) -> bool:
    return state == LetterState.RETRY
