"""Trains and tests the router's text pipeline on any labelled texts."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.rules.text import normalise
from routing.ml.comparison import compare_texts


class Command(BaseCommand):
    help = "在任意 {text, label} 数据上训练并测试同一套文本分类流程"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--train", type=Path, required=True, help="训练数据（JSON 行）")
        parser.add_argument("--test", type=Path, required=True, help="测试数据（JSON 行）")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        train, test = _read(options["train"]), _read(options["test"])
        if len({label for _, label in train}) < 2:
            raise CommandError("训练数据至少要有两种 label")
        if not options["json"]:
            self.stdout.write(f"训练 {len(train)} 条，测试 {len(test)} 条……")
            self.stdout.flush()
        result = compare_texts(train, test)
        report = {
            "accuracy": round(result.accuracy, 4),
            "macro_f1": round(result.macro_f1, 4),
            "train_seconds": round(result.train_seconds, 2),
            "test_seconds": round(result.test_seconds, 2),
            "train_rows": len(train),
            "test_rows": len(test),
            "labels": len(result.labels),
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(f"正确率 {report['accuracy']}，宏平均 F1 {report['macro_f1']}")
            self.stdout.write(
                f"训练 {report['train_seconds']} 秒，测试 {report['test_seconds']} 秒"
            )


def _read(path: Path) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"无法读取 {path}：{error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text, label = row["text"], row["label"]
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} 第{number}行：应为含 text 和 label 的 JSON 对象") from error
        if not isinstance(text, str) or not isinstance(label, str):
            raise CommandError(f"{path} 第{number}行：text 和 label 应为文字")
        pairs.append((normalise(text), label))
    if not pairs:
        raise CommandError(f"{path} 中没有数据")
    return pairs
