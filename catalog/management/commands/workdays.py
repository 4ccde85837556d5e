"""When a number of working days is over: for other programs, as JSON."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.rules.calendar import MAX_DAYS, SHANGHAI, CalendarMissing, Due
from catalog.snapshot import CatalogueMissing, current_catalogue, working_calendar


class BadQuestion(ValueError):
    """What was asked cannot be counted. The message is told to whoever asked."""


class Command(BaseCommand):
    help = (
        "计算工作日时限：--start 2026-09-28T16:00 --days 5 [--region 632700]，"
        "或者 --jsonl 从标准输入逐行读取 {start, days, region}"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--start", help="收到时间，如 2026-09-28T16:00（北京时间）")
        parser.add_argument("--days", help=f"工作日数，1 至 {MAX_DAYS}")
        parser.add_argument("--region", help="行政区划代码；市州另有假日时据此计算")
        parser.add_argument("--jsonl", action="store_true", help="从标准输入逐行读取")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["jsonl"]:
                self._answer_lines(sys.stdin.buffer)
            else:
                self._answer_one(options)
        except CatalogueMissing as error:
            raise CommandError(str(error)) from error

    def _answer_one(self, options: dict[str, Any]) -> None:
        days = options["days"] or ""
        question = {
            "start": options["start"],
            "days": int(days) if days.isascii() and days.isdecimal() else options["days"],
            "region": options["region"],
        }
        try:
            self.stdout.write(_as_json(_answer(question)))
        except BadQuestion as error:
            raise CommandError(str(error), returncode=2) from error

    def _answer_lines(self, lines: Iterable[bytes]) -> None:
        failed = False
        for number, line in enumerate(lines, 1):
            try:
                answer = _answer(_question(line))
            except BadQuestion as error:
                failed = True
                answer = {"line": number, "error": str(error)}
            self.stdout.write(_as_json(answer))
            self.stdout.flush()
        if failed:
            sys.exit(1)


def _question(line: bytes) -> dict[str, Any]:
    if not line.strip():
        raise BadQuestion("空行。每行应是一个 JSON 对象。")
    try:
        question = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise BadQuestion("编码不是 UTF-8。") from error
    except (ValueError, RecursionError) as error:
        raise BadQuestion("不是有效的 JSON。") from error
    if not isinstance(question, dict):
        raise BadQuestion("应是 JSON 对象，含 start 和 days。")
    return question


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    start, days = _start(question.get("start")), _days(question.get("days"))
    path = _region_path(question.get("region"))
    try:
        due = working_calendar().count_forward(start, days, path)
    except CalendarMissing as error:
        raise BadQuestion(str(error)) from error
    except OverflowError as error:
        raise BadQuestion(f"日期 {start.date()} 超出可以计算的范围。") from error
    return _as_answer(due)


def _start(value: object) -> dt.datetime:
    if not value:
        raise BadQuestion("缺少收到时间（start），格式如 2026-09-28T16:00。")
    try:
        moment = dt.datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise BadQuestion(f"时间“{value}”无效，格式应如 2026-09-28T16:00。") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _days(value: object) -> int:
    if value is None:
        raise BadQuestion("缺少工作日数（days）。")
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_DAYS:
        raise BadQuestion(f"工作日数“{value}”无效，应为 1 至 {MAX_DAYS} 的整数。")
    return value


def _region_path(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    path = current_catalogue().region_path(value) if isinstance(value, str) else ()
    if not path:
        raise BadQuestion(f"行政区划代码“{value}”不在目录中，请核对。")
    return tuple(region.code for region in path)


def _as_answer(due: Due) -> dict[str, Any]:
    return {
        "due": due.due_at.isoformat(),
        "counted": [day.isoformat() for day in due.counted],
        "skipped": [{"date": day.isoformat(), "why": why} for day, why in due.skipped],
        "provisional": due.provisional,
    }


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)
