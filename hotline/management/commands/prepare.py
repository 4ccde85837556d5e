"""Bring the installation to what the code needs: safe to run at any time, quick when nothing changed."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "建库、载入目录与日历、训练分派模型、收集静态文件；演示环境另建示例数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bare", action="store_true", help="不建示例账号与工单")

    def handle(self, *args: Any, **options: Any) -> None:
        self._step("数据库", "migrate", verbosity=0)
        self._step("缓存表", "createcachetable", verbosity=0)
        self._step("静态文件", "collectstatic", interactive=False, verbosity=0)
        self._step("官方目录与日历", "load_catalog")
        self._step("分派模型", "train_router", if_missing=True, activate=True)
        if settings.SAMPLE_DATA and not options["bare"]:
            self._step("示例账号与工单", "seed_demo")
        self._step("历史封存", "seal_days")

    def _step(self, name: str, command: str, **options: Any) -> None:
        started = time.monotonic()
        self.stdout.write(f"{name} …")
        self.stdout.flush()
        call_command(command, stdout=self.stdout, **options)
        self.stdout.write(f"{name}：完成（{time.monotonic() - started:.1f} 秒）")
