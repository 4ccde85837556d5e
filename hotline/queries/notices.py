"""The inbox."""

from __future__ import annotations

from django.db.models import QuerySet

from catalog.models import Staff
from catalog.rules.roles import READING_ROLES, UNIT_ROLES, Role
from hotline.models import Notice
from hotline.permissions import role_of, sees_whole_province


def notices_for(user: Staff) -> QuerySet[Notice]:
    """Notices of the person's unit, or, for the hotline's supervisors, of their centre; newest first.

    A clerk sees what is for clerks; a leader sees both, having to answer for both.
    """
    role = role_of(user)
    everything = Notice.objects.select_related("ticket").order_by("-id")
    if role in UNIT_ROLES:
        audience = [Role.UNIT_CLERK] if role is Role.UNIT_CLERK else list(UNIT_ROLES)
        return everything.filter(unit=user.unit, audience__in=audience)
    if role in READING_ROLES:
        mine = everything.filter(audience=role)
        return mine if sees_whole_province(user) else mine.filter(center=user.region)
    return everything.none()


def unread_count(user: Staff) -> int:
    return notices_for(user).filter(read_at__isnull=True).count()
