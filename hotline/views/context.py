"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from catalog.rules.roles import HOTLINE_ROLES, READING_ROLES, ROLE_NAMES, UNIT_ROLES, Role
from hotline.permissions import role_of
from hotline.queries.messages import failed_count
from hotline.queries.notices import unread_count

_LINKS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("desk", "受理", frozenset({Role.OPERATOR})),
    ("worklist", "待办", HOTLINE_ROLES),
    ("queue", "待办", UNIT_ROLES),
    ("board", "看板", frozenset({Role.SUPERVISOR, Role.GOVERNMENT})),
    ("orders", "督办", frozenset({Role.SUPERVISOR, Role.UNIT_LEADER, Role.GOVERNMENT})),
    ("routing-quality", "分派质量", frozenset({Role.SUPERVISOR})),
    ("messages", "消息发送", frozenset({Role.SUPERVISOR})),
    ("tickets", "工单查询", READING_ROLES | UNIT_ROLES),
    ("notices", "通知", READING_ROLES | UNIT_ROLES),
)

# What waits behind a link.
_COUNTS = {"notices": unread_count, "messages": failed_count}


def workplace(request: HttpRequest) -> dict[str, Any]:
    """Links of the person's role, the one that is open, and how much waits behind each."""
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"links": [], "role_name": "", "is_sample": settings.SAMPLE_DATA}
    if user is None or not user.is_authenticated:
        return {"workplace": frame}
    role = role_of(user)
    here = request.resolver_match.url_name if request.resolver_match else ""
    frame["role_name"] = ROLE_NAMES[role] if role else "未设角色"
    frame["links"] = [
        {
            "url": reverse(view),
            "name": name,
            "current": here == view,
            "count": _COUNTS[view](user) if view in _COUNTS else 0,
        }
        for view, name, roles in _LINKS
        if role in roles
    ]
    if user.is_staff:
        frame["links"].append({"url": reverse("admin:index"), "name": "系统管理"})
    return {"workplace": frame}
