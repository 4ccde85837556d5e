"""What stands before the views: roles, and refusals turned into pages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from catalog.models import Staff
from catalog.rules.roles import Role
from hotline.models import Ticket
from hotline.permissions import role_of
from hotline.queries.tickets import NoSuchTicket, access_ticket

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request behind the login: LoginRequiredMiddleware lets nobody else through."""

    user: Staff


def for_roles(roles: Iterable[Role]) -> Callable[[View], View]:
    """Only people of these roles; others get 403."""
    allowed = frozenset(roles)

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            role = role_of(request.user)
            if role is None or role not in allowed:
                raise PermissionDenied("您的岗位不使用这个页面。")
            return view(request, *args, **kwargs)

        return guarded

    return wrap


def ticket_or_404(user: Staff, number: str) -> Ticket:
    """The ticket if this person may see it; 404 otherwise, whether it exists or not."""
    try:
        return access_ticket(user, number)
    except NoSuchTicket as error:
        raise Http404("没有这张工单，或它不在您的查看范围内。") from error
