"""The inbox of notices."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.rules.roles import READING_ROLES, UNIT_ROLES
from hotline.actions.notices import mark_read
from hotline.queries.notices import notices_for
from hotline.views.guard import StaffRequest, for_roles


@for_roles(READING_ROLES | UNIT_ROLES)
def notices(request: StaffRequest) -> HttpResponse:
    page = Paginator(notices_for(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "ticket/notices.html", {"page": page})


@require_POST
@for_roles(READING_ROLES | UNIT_ROLES)
def read_all(request: StaffRequest) -> HttpResponse:
    """Mark what the page showed as read; what came since stays unread."""
    mark_read(request.user, up_to=int(request.POST.get("up_to") or 0), at=timezone.now())
    return redirect("notices")
