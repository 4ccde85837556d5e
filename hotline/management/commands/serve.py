"""Run web, worker and beat (and a Redis server when none is given) under one parent."""

from __future__ import annotations

import socket
import sys
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotline.processes import Group, redis_server_command


class Command(BaseCommand):
    help = "启动网页、任务执行与定时调度；Ctrl-C 全部停止"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="监听地址（默认 %(default)s）")
        parser.add_argument("--web-processes", type=int, default=2)
        parser.add_argument("--workers", type=int, default=2, help="任务执行进程数")

    def handle(
        self, *args: Any, bind: str, web_processes: int, workers: int, **options: Any
    ) -> None:
        _refuse_second_start(bind)
        group = Group(self.stderr.write)
        group.stop_on_signals()
        python = sys.executable
        log_level = "--loglevel=WARNING"
        try:
            if settings.REDIS_URL.startswith("redis+socket"):
                group.add("redis", redis_server_command(settings.EMBEDDED_REDIS_DIR))
            group.add(
                "web",
                [python, "-m", "gunicorn", "hotline.wsgi", "--bind", bind,
                 "--config", "python:hotline.gunicorn",
                 "--workers", str(web_processes), "--threads", "4", "--preload",
                 "--log-level", "warning"],
            )  # fmt: skip
            group.add(
                "worker",
                [python, "-m", "celery", "-A", "hotline", "worker", log_level,
                 f"--concurrency={workers}", "--without-gossip", "--without-mingle",
                 "--hostname=hotline@%h"],
            )  # fmt: skip
            group.add(
                "beat",
                [python, "-m", "celery", "-A", "hotline", "beat", log_level,
                 "--schedule", str(Path(settings.VAR_DIR) / "celerybeat-schedule"),
                 "--pidfile="],
            )  # fmt: skip
            group.wait(
                ready=lambda: _answers(f"http://{bind}/readyz"),
                announce=lambda: self._announce(bind),
            )
        finally:
            group.stop()
        self.stdout.write("已全部停止。")

    def _announce(self, bind: str) -> None:
        self.stdout.write(
            f"\n系统已就绪：http://{bind}/\n"
            f"演示账号见 README；群众查询页：http://{bind}/progress/\n按 Ctrl-C 停止。"
        )
        self.stdout.flush()


def _refuse_second_start(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise CommandError(
                f"{bind} 已被占用（{error.strerror}）：可能系统已在运行。"
                "请先停止它，或用 make run BIND=127.0.0.1:8001 换一个端口。"
            ) from error


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False
