"""What Celery runs. Thin: each calls one action."""

from celery import shared_task
from django.utils import timezone

from hotline.actions.clocks import sweep_clocks
from hotline.actions.heartbeat import beat


@shared_task(name="hotline.sweep_clocks")
def sweep_clocks_task() -> int:
    """Send the notices that are due."""
    return sweep_clocks(now=timezone.now())


@shared_task(name="hotline.beat")
def beat_task() -> None:
    """Sent by beat and run by a worker: both are alive."""
    beat("worker", at=timezone.now())
