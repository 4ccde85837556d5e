"""The Celery application and its schedule: Celery drives, the database knows."""

import os

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

from hotline.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")

app = Celery("hotline")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": settings.BROKER_VISIBILITY_TIMEOUT},
    # Nothing reads results: the database holds what a task did.
    task_ignore_result=True,
    # A killed worker's task comes back; every task may run twice without doing anything twice.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone=settings.TIME_ZONE,
    beat_schedule={
        "sweep-clocks": {
            "task": "hotline.sweep_clocks",
            "schedule": 30.0,
            "options": {"expires": 30.0},  # a late one adds nothing to the next
        },
        "tell-notices": {
            "task": "hotline.tell_notices",
            "schedule": 30.0,
            "options": {"expires": 30.0},
        },
        "deliver-messages": {
            "task": "hotline.deliver_messages",
            "schedule": 30.0,
            "options": {"expires": 30.0},
        },
        # `load_calendar` does it at once; this is for calendars that came with the catalogue.
        "recount-clocks": {
            "task": "hotline.recount_clocks",
            "schedule": 3600.0,
            "options": {"expires": 3600.0},
        },
        "seal-days": {
            "task": "hotline.seal_days",
            "schedule": 3600.0,
            "options": {"expires": 3600.0},
        },
        "archive-tickets": {
            "task": "hotline.archive_tickets",
            "schedule": 3600.0,
            "options": {"expires": 3600.0},
        },
        "heartbeat": {
            "task": "hotline.beat",
            "schedule": 5.0,
            "options": {"expires": 5.0},
        },
    },
)
app.autodiscover_tasks(["hotline"])


@worker_process_init.connect
def end_with_the_worker(**kwargs: object) -> None:
    """A killed worker takes its processes with it."""
    die_with_parent()
