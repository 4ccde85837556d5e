"""Check the chain of event rows of every ticket, and the daily seals over all of them."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from hotline.queries.seals import Sealing, sealing
from hotline.queries.verification import find_faults


class Command(BaseCommand):
    help = (
        "核对每张工单的事件链和每天的封存；发现改动、删除或插入时逐条列出，退出码为 1。"
        "尚未封存的事件只由事件链核对"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="结尾的汇总改为一行 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self.checked = faults = 0
        for fault in find_faults(
            now=timezone.now(), report=self._count, report_day=lambda day: self._show(f"封存 {day}")
        ):
            faults += 1
            self.stdout.write(str(fault))
        if self.stderr.isatty():
            self.stderr.write("")
        state = sealing()
        if options["json"]:
            self.stdout.write(json.dumps(self._as_json(faults, state)))
        else:
            self._tell(faults, state)
        if faults:
            raise SystemExit(1)

    def _count(self, checked: int) -> None:
        self.checked = checked
        self._show(f"{checked} 条事件")

    def _show(self, done: str) -> None:
        """On one line of a terminal; nothing elsewhere."""
        if self.stderr.isatty():
            self.stderr.write(f"\r已核对 {done}    ", style_func=str, ending="")
            self.stderr.flush()

    def _tell(self, faults: int, state: Sealing) -> None:
        self.stdout.write(
            f"已封存至 {state.through}。" if state.through else "还没有任何一天被封存。"
        )
        if state.since:
            self.stdout.write(
                f"自 {state.since} 起的 {state.unsealed} 条事件尚未封存，只由事件链核对。"
            )
        if state.late:
            day, made_at = state.late[-1]
            self.stdout.write(
                f"有 {len(state.late)} 天的封存作成较晚（最近的是 {day}，作成于"
                f" {timezone.localtime(made_at):%Y-%m-%d %H:%M}），在那之前的改动封存不能发现。"
            )
        self.stdout.write(f"核对 {self.checked} 条事件，发现 {faults} 处不符。")

    def _as_json(self, faults: int, state: Sealing) -> dict[str, object]:
        return {
            "events": self.checked,
            "faults": faults,
            "sealed_through": str(state.through) if state.through else None,
            "unsealed": state.unsealed,
            "unsealed_since": str(state.since) if state.since else None,
            "late_seals": len(state.late),
        }
