"""Check the chain of event rows of every ticket."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from hotline.models import Event
from hotline.queries.verification import find_faults


class Command(BaseCommand):
    help = "核对每张工单的事件链；发现改动、删除或插入时逐条列出，退出码为 1"

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in find_faults():
            faults += 1
            self.stdout.write(f"工单 {fault.ticket} 第 {fault.sequence} 条：{fault.what}")
        self.stdout.write(f"核对 {Event.objects.count()} 条事件，发现 {faults} 处不符。")
        if faults:
            raise SystemExit(1)
