"""Sending what waits in the outbox."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable

from django.utils import timezone

from hotline.actions.delivery import claim_message, record_failure, record_sent
from hotline.exchange.delivery import Envelope, Permanent, Transient, Undelivered
from hotline.exchange.gateways import adapter_for
from hotline.models import Message
from hotline.models.fields import UnreadableField
from hotline.queries.recipients import NoAddress, address_of
from hotline.rules.messages import MessageChannel

log = logging.getLogger(__name__)

# Seconds after which a run takes no further message: the next run goes on. So a gateway that lets
# everybody wait keeps one worker from other work at most.
PATIENCE = 20.0


def deliver_messages(
    *, clock: Callable[[], dt.datetime] = timezone.now, patience: float = PATIENCE
) -> int:
    """Send what is due; returns how many went out.

    Messages are taken one by one, each in a short transaction of its own, and sent outside of any: a
    slow gateway holds up no row, and what a killed worker had not taken is anybody's at once. The one
    that it had in hand is tried again when its lease is over, under the same key.
    """
    sent = 0
    stop_at = time.monotonic() + patience
    while time.monotonic() < stop_at and (message := claim_message(now=clock())):
        sent += _deliver(message, clock)
    return sent


def _deliver(message: Message, clock: Callable[[], dt.datetime]) -> bool:
    try:
        _send(message)
    except Undelivered as error:
        record_failure(message, error=str(error), for_good=isinstance(error, Permanent), at=clock())
        return False
    except Exception as error:
        # One message that nobody foresaw must not stop the others. The error's own words may hold an
        # address, so its kind alone is written down.
        log.error("message %s: unforeseen %s", message.pk, type(error).__name__)
        kind = f"程序错误（{type(error).__name__}）"
        record_failure(message, error=kind, for_good=False, at=clock())
        return False
    record_sent(message, at=clock())
    return True


def _send(message: Message) -> None:
    try:
        address = address_of(message)
    except NoAddress as error:
        raise Permanent(str(error)) from None
    except UnreadableField as error:
        raise Transient(str(error)) from None
    envelope = Envelope(message.key, address, message.subject, message.text)
    adapter_for(MessageChannel(message.channel)).send(envelope)
