"""The supervisor's board."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from catalog.rules.roles import Role
from hotline.queries.board import board_for
from hotline.views.guard import StaffRequest, for_roles


@for_roles([Role.SUPERVISOR, Role.GOVERNMENT])
def board(request: StaffRequest) -> HttpResponse:
    """Today, what is overdue, by unit; figures of now, with the time they were made."""
    now = timezone.now()
    return render(
        request, "supervisor/board.html", {"board": board_for(request.user, now=now), "now": now}
    )
