"""What the citizen sees: progress by ticket number and telephone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from hotline.forms.citizen import ProgressForm
from hotline.queries.progress import progress_of
from hotline.queries.tickets import find_for_citizen

# Wrong pairs of number and telephone that one address may try in a quarter of an hour.
TRIES = 10
TRIES_SECONDS = 15 * 60


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
    answer = render(
        request,
        "citizen/progress.html",
        {"form": form, "progress": progress_of(ticket), "now": timezone.now()},
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _key(request: HttpRequest) -> str:
    return f"progress-tries:{request.META['REMOTE_ADDR']}"


def _tries(request: HttpRequest) -> int:
    return int(cache.get(_key(request), 0))


def _count_try(request: HttpRequest) -> None:
    cache.add(_key(request), 0, TRIES_SECONDS)
    cache.incr(_key(request))
