"""What every way of sending a message keeps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Undelivered(Exception):
    """The message was not taken, or nobody knows. The text says why, in plain words, and names no
    address."""


class Transient(Undelivered):
    """Worth another try."""


class Permanent(Undelivered):
    """This message, to this address, will never be taken."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`key` is the same at every try of one message: the other side takes it once. `address`: a
    telephone number or an e-mail address."""

    key: str
    address: str
    subject: str
    text: str


class Adapter(Protocol):
    """One way of sending."""

    def send(self, envelope: Envelope) -> None:
        """Hand the message over. Raises Transient or Permanent."""
        ...
