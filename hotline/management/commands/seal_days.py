"""Seal the events of the days that are over, now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from hotline.actions.seal import seal_days


class Command(BaseCommand):
    help = "封存已经结束的每一天的事件；平时由定时任务每小时执行，首次启用或停机之后可以先手动执行"

    def handle(self, *args: Any, **options: Any) -> None:
        days = seal_days(now=timezone.now(), report=self._progress)
        self.stdout.write(f"本次封存 {days} 天。")

    def _progress(self, day: dt.date, events: int) -> None:
        self.stderr.write(f"已封存 {day}：{events} 条事件", style_func=str)
