"""How fast: one part of the system measured on rows made for it."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hotline.benchmarks.data import check_database, empty_database, fill_queues
from hotline.benchmarks.measure import BenchError, Figures
from hotline.benchmarks.pages import (
    bench_board,
    bench_create,
    bench_queue,
    bench_route,
    bench_suggest,
)
from hotline.benchmarks.sweeping import bench_sweep

# What each measures and how often it asks by default.
REQUESTS = {
    "route": (bench_route, 1000),
    "suggest": (bench_suggest, 200),
    "create": (bench_create, 200),
    "queue": (bench_queue, 200),
    "board": (bench_board, 100),
}
NAMES = (*REQUESTS, "sweep")


class Command(BaseCommand):
    help = (
        "测速：route（分派）、suggest（边写边建议）、create（登记并派单）、queue（单位待办）、"
        "board（督办看板）、sweep（时限巡检）。在设置所指的数据库中自建数据，"
        "库中有其他工单时拒绝；每次先清空自己上次建立的工单"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="、".join(NAMES))
        parser.add_argument("--json", action="store_true", help="最后一行输出 JSON")
        parser.add_argument("--rows", type=int, default=20_000, help="工单数（默认 20000）")
        parser.add_argument(
            "--requests", type=int, help="请求数（默认 route 1000，其他 100 至 200）"
        )
        parser.add_argument("--clocks", type=int, default=1_000_000, help="sweep：计时中的时限数")
        parser.add_argument("--due", type=int, default=1000, help="sweep：其中到期的")
        parser.add_argument(
            "--storm", type=int, default=20_000, help="sweep：停机后同时到期的；0 为不测"
        )
        parser.add_argument("--workers", type=int, default=2, help="sweep：停机后的巡检进程数")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if name not in NAMES:
            raise CommandError(f"没有“{name}”这项测速，可选：{'、'.join(NAMES)}。", returncode=2)
        for option in ("rows", "requests", "clocks", "due", "workers"):
            if options[option] is not None and options[option] < 1:
                raise CommandError(f"--{option} 应至少为 1。", returncode=2)
        if options["storm"] < 0:
            raise CommandError("--storm 不能为负数。", returncode=2)
        if name == "sweep" and options["due"] > options["clocks"]:
            raise CommandError(
                f"--due {options['due']} 多于 --clocks {options['clocks']}："
                "到期的都在计时中，请改小 --due。",
                returncode=2,
            )
        try:
            figures = self._bench(name, options)
        except BenchError as error:
            raise CommandError(str(error)) from error
        self._tell(name, figures)
        if options["json"]:
            self.stdout.write(json.dumps({"name": name} | figures.to_json(), ensure_ascii=False))

    def _bench(self, name: str, options: dict[str, Any]) -> Figures:
        check_database()
        self._say(f"准备数据库 {connection.settings_dict['NAME']}（{connection.vendor}）")
        call_command("migrate", verbosity=0)
        empty_database()
        call_command("prepare", bare=True, stdout=io.StringIO())
        if name == "sweep":
            sizes = {key: options[key] for key in ("clocks", "due", "storm", "workers")}
            return bench_sweep(**sizes, say=self._say)
        if name != "route":
            fill_queues(options["rows"], self._say)
        bench, requests = REQUESTS[name]
        return bench(options["requests"] or requests)

    def _say(self, line: str) -> None:
        """Progress: not part of the answer."""
        self.stderr.write(line)

    def _tell(self, name: str, figures: Figures) -> None:
        self.stdout.write(
            f"{name}：{figures.rows} 行，{figures.requests} 次；一次 {figures.p50_ms:.1f} 毫秒（中位），"
            f"{figures.p95_ms:.1f} 毫秒（95%）；每秒 {figures.per_s:.1f} 次；"
            f"每次占用处理器 {figures.cpu_ms:.1f} 毫秒；内存峰值 {figures.peak_mb:.0f} MB"
        )
        for key, value in figures.more.items():
            self.stdout.write(
                f"  {key} {value:.3f}" if isinstance(value, float) else f"  {key} {value}"
            )
