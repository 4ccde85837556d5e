"""What Celery runs. Thin: each calls one action."""

from celery import shared_task
from django.utils import timezone

from hotline.actions.ending import archive_tickets
from hotline.actions.heartbeat import beat
from hotline.actions.outbox import tell_notices
from hotline.actions.recount import recount_clocks
from hotline.actions.seal import seal_days
from hotline.actions.sweep import sweep_clocks
from hotline.jobs.deliver import deliver_messages


@shared_task(name="hotline.sweep_clocks")
def sweep_clocks_task() -> int:
    """Send the notices that are due."""
    return sweep_clocks(now=timezone.now())


@shared_task(name="hotline.tell_notices")
def tell_notices_task() -> int:
    """Put notices into messages to the people they are for."""
    return tell_notices(now=timezone.now())


@shared_task(name="hotline.deliver_messages")
def deliver_messages_task() -> int:
    """Send the messages that are due."""
    return deliver_messages()


@shared_task(name="hotline.recount_clocks")
def recount_clocks_task() -> int:
    """Move the limits that a calendar published since then settles; returns how many moved."""
    return len(recount_clocks(at=timezone.now()).moves)


@shared_task(name="hotline.seal_days")
def seal_days_task() -> int:
    """Seal the events of the days that are over; returns how many days."""
    return seal_days(now=timezone.now())


@shared_task(name="hotline.archive_tickets")
def archive_tickets_task() -> int:
    """Archive what can no longer be opened again; returns how many."""
    return archive_tickets(now=timezone.now())


@shared_task(name="hotline.beat")
def beat_task() -> None:
    """Sent by beat and run by a worker: both are alive."""
    beat("worker", at=timezone.now())
