"""Routes texts from standard input, one JSON object a line."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.snapshot import CatalogueMissing
from routing.actions import ModelFileError, ModelMissing
from routing.service import route


class LineError(ValueError):
    """A line of the input cannot be answered; the message (Chinese) says why."""


class Command(BaseCommand):
    help = "从标准输入逐行读取 {id, text, region?}，逐行输出分派结果（JSON，每行一个对象）"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for number, line in enumerate(sys.stdin.buffer, start=1):
            answer: dict[str, Any]
            try:
                row = _read_line(line)
                answer = {"id": row["id"]} if "id" in row else {}
                answer |= route(row["text"], region=row.get("region")).to_json()
            except LineError as error:
                failed = True
                answer = {"line": number, "error": str(error)}
            except (ModelMissing, ModelFileError, CatalogueMissing) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            self.stdout.flush()
        if failed:
            sys.exit(1)


def _read_line(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise LineError("不是 UTF-8 编码") from error
    if not text:
        raise LineError("空行")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LineError("不是完整的 JSON") from error
    if not isinstance(row, dict):
        raise LineError("应为一个 JSON 对象")
    if "text" not in row:
        raise LineError("缺少 text")
    if not isinstance(row["text"], str):
        raise LineError("text 应为文字")
    if row.get("region") is not None and not isinstance(row["region"], str):
        raise LineError("region 应为行政区划代码")
    return row
