"""Background work laid aside."""

from __future__ import annotations

from django.db.models import QuerySet

from catalog.models import Staff
from catalog.rules.roles import Role
from hotline.models import DeadLetter
from hotline.permissions import role_of, sees_whole_province
from hotline.rules.dead_letters import LetterKind, LetterState


def keys_in(state: LetterState, kind: LetterKind) -> set[str]:
    """The pieces of a work that lie in that state: OPEN ones are left alone, RETRY ones taken up."""
    return set(DeadLetter.objects.filter(kind=kind, state=state).values_list("key", flat=True))


def letters_for(user: Staff) -> QuerySet[DeadLetter]:
    """What is not settled: to a supervisor, what belongs to tickets of the own centre; to the
    province's, all."""
    unsettled = DeadLetter.objects.filter(resolved_at__isnull=True).select_related("ticket")
    if role_of(user) is not Role.SUPERVISOR or user.region is None:
        return unsettled.none()
    if sees_whole_province(user):
        return unsettled
    return unsettled.filter(ticket__center=user.region)
