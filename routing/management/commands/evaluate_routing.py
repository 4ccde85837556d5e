"""Measures the router on labelled cases."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.snapshot import CatalogueMissing, current_catalogue
from routing.actions import ModelFileError, ModelMissing, active_predictor
from routing.ml.evaluation import Case, Figures, measure, read_case
from routing.service import route

LABELS = {
    "platform": "平台正确率",
    "emergency_recall": "紧急警情召回率",
    "type": "类型正确率",
    "item": "细类正确率",
    "line": "主办条线正确率",
    "unit": "主办单位正确率",
    "region": "地区正确率",
    "urgent_precision": "紧急查准率",
    "urgent_recall": "紧急查全率",
    "urgent_f1": "紧急 F1",
    "complex": "复杂正确率",
    "hotline": "专业热线正确率",
    "coverage": "类型九成五正确时可自动采用的比例",
    "calibration_error": "置信度校准误差",
}


class Command(BaseCommand):
    help = "用带答案的例子（JSON 行）测量分派的正确率"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=Path, required=True, help="JSON 行文件")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = _read_cases(options["cases"])
        try:
            catalogue, predictor = current_catalogue(), active_predictor()
        except (ModelMissing, ModelFileError, CatalogueMissing) as error:
            raise CommandError(str(error)) from error
        answers: list[dict[str, Any]] = []
        times: list[float] = []
        for number, case in enumerate(cases, start=1):
            started = time.perf_counter()
            answers.append(route(case.text, catalogue=catalogue, predictor=predictor).to_json())
            times.append((time.perf_counter() - started) * 1000)
            if number % 500 == 0 and not options["json"]:
                self.stdout.write(f"已测 {number}/{len(cases)}")
        figures = measure(cases, answers)
        times.sort()
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        if options["json"]:
            report = figures.to_json() | {"p50_ms": round(p50, 2), "p95_ms": round(p95, 2)}
            self.stdout.write(json.dumps(report | {"model": predictor.name}, ensure_ascii=False))
        else:
            self._print(figures, p50, p95, predictor.name)

    def _print(self, figures: Figures, p50: float, p95: float, model: str) -> None:
        self.stdout.write(
            f"例子 {figures.cases} 条，模型 {model}，每条 {p50:.1f}/{p95:.1f} 毫秒（中位/95分位）"
        )
        for name, label in LABELS.items():
            value = getattr(figures, name)
            if value is not None:
                self.stdout.write(f"  {label} {value:.4f}")
        for text in figures.missed_emergencies:
            self.stdout.write(f"  漏判的紧急警情：{text}")
        for want, got, count in figures.confusions:
            self.stdout.write(f"  平台应为 {want} 判为 {got}：{count}")
        for want, got, count in figures.type_confusions:
            self.stdout.write(f"  类型应为 {want} 判为 {got or '无'}：{count}")
        if len(figures.answers_by_group) > 1:
            for group, counts in figures.answers_by_group.items():
                urgent = figures.urgent_by_group.get(group, 0)
                shown = "，".join(f"{number} {count}" for number, count in sorted(counts.items()))
                self.stdout.write(f"  {group or '（无标签）'}：{shown}；紧急 {urgent}")


def _read_cases(path: Path) -> list[Case]:
    cases: list[Case] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"无法读取 {path}：{error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("应为一个 JSON 对象")
            cases.append(read_case(row))
        except ValueError as error:
            raise CommandError(f"{path} 第{number}行：{error}") from error
    if not cases:
        raise CommandError(f"{path} 中没有例子")
    return cases
