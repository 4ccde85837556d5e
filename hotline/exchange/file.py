"""For an installation without a gateway: messages into a file of this machine."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hotline.exchange.delivery import Envelope, Transient


class FileAdapter:
    """Appends to OUTBOX_DIR/`name`.jsonl, one JSON object a line: {"key", "at", "to", "subject",
    "text"}; "to" is masked by `mask`, the file being no place for people's numbers."""

    def __init__(self, name: str, mask: Callable[[str], str]) -> None:
        self._name = name
        self._mask = mask

    def send(self, envelope: Envelope) -> None:
        """One line a key, whoever else writes at the same time, and whatever was killed while it
        wrote."""
        line = {
            "key": envelope.key,
            "at": timezone.localtime().isoformat(timespec="seconds"),
            "to": self._mask(envelope.address),
            "subject": envelope.subject,
            "text": envelope.text,
        }
        try:
            _append_once(settings.OUTBOX_DIR / f"{self._name}.jsonl", line)
        except OSError as error:
            raise Transient(f"本机文件无法写入（{type(error).__name__}）") from None


def _append_once(path: Path, line: dict[str, str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
        whole = 0
        for written in file:
            if not written.endswith(b"\n"):
                break  # half a line: its writer was killed
            if json.loads(written)["key"] == line["key"]:
                return
            whole += len(written)
        file.seek(whole)
        file.truncate()
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
