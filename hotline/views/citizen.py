"""What the citizen sees: progress by ticket number and telephone, and what the caller may do there."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from hotline.actions.ending import withdraw_ticket
from hotline.actions.errors import ActionRefused, LostRace
from hotline.actions.supervise import urge_ticket
from hotline.forms.citizen import ProgressForm
from hotline.models import Ticket
from hotline.queries.progress import progress_of
from hotline.queries.tickets import find_for_citizen
from hotline.rules.states import STATE_PUBLIC_NAMES, State
from hotline.rules.workflow import IllegalMove, Move

# Wrong pairs of number and telephone that one address may try in a quarter of an hour.
TRIES = 10
TRIES_SECONDS = 15 * 60
# How long the page that showed a ticket may be used to act on it.
TOKEN_SECONDS = 30 * 60
_SALT = "progress"

# What the caller may do: how the button is called, what is asked before, what is said after.
_BUTTONS: dict[Move, tuple[str, str, str]] = {
    Move.URGE: (
        "催办",
        "提醒承办单位尽快办理？一个工作日内只能催办一次。",
        "已催办，承办单位会收到提醒。",
    ),
    Move.WITHDRAW: (
        "撤回诉求",
        "撤回后不再办理，也不能恢复；以后仍可以重新提出诉求。",
        "已按您的要求撤回，热线和承办单位不再办理。",
    ),
}


def _urge(ticket: Ticket) -> None:
    urge_ticket(ticket, by=None, at=timezone.now())


def _withdraw(ticket: Ticket) -> None:
    withdraw_ticket(ticket, reason="", by=None, at=timezone.now())


_ACTIONS: dict[Move, Callable[[Ticket], None]] = {Move.URGE: _urge, Move.WITHDRAW: _withdraw}


@login_not_required
def progress(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that neither number nor telephone stands in an address or a log."""
    if request.method != "POST":
        return render(request, "citizen/progress.html", {"form": ProgressForm()})
    form = ProgressForm(request.POST)
    if not form.is_valid():
        return render(request, "citizen/progress.html", {"form": form}, status=422)
    if _tries(request) >= TRIES:
        form.add_error(None, "查询次数过多，请 15 分钟后再试，或拨打 12345 查询。")
        return render(request, "citizen/progress.html", {"form": form}, status=429)
    ticket = find_for_citizen(form.cleaned_data["number"], form.cleaned_data["phone"])
    if ticket is None:
        _count_try(request)
        form.add_error(None, "没有查到：请核对工单编号和登记时的电话号码，或拨打 12345 查询。")
        return render(request, "citizen/progress.html", {"form": form}, status=404)
    return _shown(request, ticket)


@require_POST
@login_not_required
def make_move(request: HttpRequest, move: str) -> HttpResponse:
    """What the caller does on the page that showed the ticket: the page's token says which."""
    try:
        act, done = _ACTIONS[Move(move)], _BUTTONS[Move(move)][2]
    except (KeyError, ValueError) as error:
        raise Http404("没有这种操作。") from error
    token = request.POST.get("token", "")
    ticket = _ticket_of(token)
    if ticket is None:
        form = ProgressForm()
        problem = "页面打开已超过 30 分钟，没有执行；请重新查询后再操作。"
        return render(
            request, "citizen/progress.html", {"form": form, "problem": problem}, status=403
        )
    problem = ""
    try:
        act(ticket)
    except IllegalMove:
        problem = f"工单现为“{STATE_PUBLIC_NAMES[State(ticket.state)]}”，没有执行。"
    except LostRace:
        problem = "工单刚刚有了新的进展，没有执行；请看最新进展后再操作。"
    except ActionRefused as error:
        problem = str(error)
    if problem:
        ticket.refresh_from_db()
        return _shown(request, ticket, token=token, problem=problem, status=409)
    return _shown(request, ticket, token=token, done=done)


def _shown(
    request: HttpRequest,
    ticket: Ticket,
    *,
    token: str = "",
    done: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The ticket's page. Without a `token` it gets a new one: the telephone was right just now."""
    progress = progress_of(ticket)
    context = {
        "progress": progress,
        "buttons": [(move, *_BUTTONS[move][:2]) for move in progress.moves],
        "token": token or signing.dumps(ticket.pk, salt=_SALT),
        "done": done,
        "problem": problem,
        "now": timezone.now(),
    }
    answer = render(request, "citizen/progress.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _ticket_of(token: str) -> Ticket | None:
    """The ticket that a page was shown of within TOKEN_SECONDS; None for any other token."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    return Ticket.objects.select_related("lead_unit").filter(pk=key).first()


def _key(request: HttpRequest) -> str:
    return f"progress-tries:{request.META['REMOTE_ADDR']}"


def _tries(request: HttpRequest) -> int:
    return int(cache.get(_key(request), 0))


def _count_try(request: HttpRequest) -> None:
    cache.add(_key(request), 0, TRIES_SECONDS)
    cache.incr(_key(request))
