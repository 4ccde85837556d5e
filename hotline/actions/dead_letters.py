"""Background work that failed: laid aside with the reason, so that a person sees it and the rest goes
on."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F

from catalog.models import Staff
from catalog.rules.masking import mask_numbers
from hotline.actions.errors import ActionRefused
from hotline.actions.events import record_event
from hotline.models import DeadLetter, Ticket
from hotline.rules.dead_letters import LetterKind, LetterState


def bury(
    kind: LetterKind, key: str, *, ticket: Ticket | None, error: str, at: dt.datetime
) -> DeadLetter:
    """Note that the piece `key` of the work `kind` failed. One open letter a piece: failing again
    counts in it, and takes back a retry asked for.

    Call it outside the transaction that failed. `error` is shown to people and must hold no personal
    data; numbers are masked all the same.
    """
    words = mask_numbers(error)[:300]
    if not _count_again(kind, key, words, at):
        try:
            with transaction.atomic():
                DeadLetter.objects.create(
                    kind=kind, key=key, ticket=ticket, error=words, first_at=at, last_at=at
                )
        except IntegrityError:  # somebody buried the same a moment ago
            _count_again(kind, key, words, at)
    return DeadLetter.objects.filter(kind=kind, key=key).latest("pk")


@transaction.atomic
def retry_letter(letter: DeadLetter, *, by: Staff, at: dt.datetime) -> None:
    """Mark the work for another try: whose it is takes it up at its next run
    (`queries.dead_letters.keys_in`). `letter` comes from a query scoped to `by`. Raises ActionRefused
    when it is marked or settled already."""
    marked = DeadLetter.objects.filter(pk=letter.pk, state=LetterState.OPEN).update(
        state=LetterState.RETRY
    )
    if not marked:
        raise ActionRefused("这项任务已在重试或已经完成，请刷新页面。")
    if letter.ticket is not None:
        data = {"work": letter.kind, "key": letter.key}
        record_event(letter.ticket, "work_retried", by=by, at=at, data=data)


def resolve(kind: LetterKind, key: str, *, at: dt.datetime) -> bool:
    """The work was done after all; whether there was a letter to settle."""
    return bool(
        DeadLetter.objects.filter(kind=kind, key=key, resolved_at__isnull=True).update(
            state=LetterState.RESOLVED, resolved_at=at
        )
    )


def _count_again(kind: LetterKind, key: str, error: str, at: dt.datetime) -> bool:
    return bool(
        DeadLetter.objects.filter(kind=kind, key=key, resolved_at__isnull=True).update(
            state=LetterState.OPEN, error=error, attempts=F("attempts") + 1, last_at=at
        )
    )
