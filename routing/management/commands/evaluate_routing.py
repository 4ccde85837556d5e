"""Measures the router on labelled cases."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.snapshot import CatalogueMissing, current_catalogue
from routing.actions import ModelFileError, ModelMissing, active_predictor
from routing.ml.evaluation import Case, Figures, marks_of, measure, read_case
from routing.pictures import draw_calibration, draw_confusion
from routing.service import route

LABELS = {
    "platform": "平台正确率",
    "emergency_recall": "紧急警情召回率",
    "dangers_missed": "危险只派给12345的比例",
    "false_alarms": "误报为110的比例（只属12345的例子）",
    "type": "类型正确率",
    "type_top3": "类型前三命中率",
    "item": "细类正确率",
    "line": "主办条线正确率",
    "unit": "主办单位正确率",
    "region": "地区正确率",
    "urgent_precision": "紧急查准率",
    "urgent_recall": "紧急查全率",
    "urgent_f1": "紧急 F1",
    "complex": "复杂正确率",
    "hotline": "专业热线正确率",
    "request": "诉求类别正确率",
    "automatic_share": "可直接采用的比例",
    "automatic_right": "其中平台与条线都正确",
    "coverage": "平台与条线九成七正确时可直接采用的比例",
    "calibration_error": "置信度校准误差",
}


class Command(BaseCommand):
    help = "用带答案的例子（JSON 行）测量分派的正确率"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=Path, required=True, help="JSON 行文件")
        parser.add_argument("--json", action="store_true", help="只输出一个 JSON 对象")
        parser.add_argument(
            "--out", type=Path, help="文件夹：写入 figures.json 以及混淆和校准的图（SVG）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cases = read_cases(options["cases"])
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
        report = figures.to_json() | {
            "p50_ms": round(p50, 2),
            "p95_ms": round(p95, 2),
            "model": predictor.name,
        }
        if options["out"]:
            write_report(options["out"], cases, answers, report)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
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


def write_report(
    folder: Path, cases: list[Case], answers: list[dict[str, Any]], report: dict[str, Any]
) -> None:
    """figures.json, platforms.svg, types.svg and calibration.svg, as far as the cases tell."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / "figures.json").write_text(text + "\n", encoding="utf-8")
    pairs = list(zip(cases, answers, strict=True))
    platforms = [
        (a["platform"] if a["platform"] in c.platforms else c.platforms[0], a["platform"])
        for c, a in pairs
        if c.platforms
    ]
    types = [
        (path if path in c.types else c.types[0], path)
        for c, a in pairs
        if c.types
        for path in (f"{a['category']}/{a['type']}",)
    ]
    if platforms:
        want, got = zip(*platforms, strict=True)
        draw_confusion(want, got, folder / "platforms.svg")
        draw_calibration(marks_of(cases, answers), folder / "calibration.svg")
    if types:
        want, got = zip(*((w.split("/")[-1], g.split("/")[-1]) for w, g in types), strict=True)
        draw_confusion(want, got, folder / "types.svg")


def read_cases(path: Path) -> list[Case]:
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
