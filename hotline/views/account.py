"""Where one comes in, and where each role starts; signs of life for machines."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from catalog.rules.roles import UNIT_ROLES, Role
from hotline.permissions import role_of
from hotline.queries.health import parts_alive
from hotline.views.guard import StaffRequest


def home(request: StaffRequest) -> HttpResponse:
    """To the person's workplace."""
    role = role_of(request.user)
    if role is Role.OPERATOR:
        return redirect("desk")
    if role in (Role.SUPERVISOR, Role.GOVERNMENT):
        return redirect("board")
    if role in UNIT_ROLES:
        return redirect("queue")
    if request.user.is_staff:
        return redirect("admin:index")
    return render(request, "account/no_role.html", status=403)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the web server answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, broker, worker, beat and model all work, else 503 and which does not."""
    parts = parts_alive()
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse(
        {"status": "ok" if ready else "not ready", "parts": parts},
        status=200 if ready else 503,
        json_dumps_params={"ensure_ascii": False},
    )
