"""Trains a model of the router, compares it with the active one and, if asked, puts it to work."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.snapshot import CatalogueMissing, current_catalogue
from routing.actions import (
    ModelFileError,
    ModelMissing,
    activate_model,
    adopt_model,
    model_folder,
    register_model,
    roll_back_model,
)
from routing.confirmed import confirmed_examples
from routing.learning import Trial, learn, prepare_lesson, try_out
from routing.ml.artifact import load_model
from routing.ml.corpus import CorpusError, Example
from routing.ml.predictor import Predictor
from routing.models import ModelVersion

FIGURES = {
    "platform": "平台",
    "emergency_recall": "紧急警情召回",
    "false_alarms": "误报为110",
    "type": "类型",
    "type_top3": "类型前三",
    "item": "细类",
    "line": "条线",
    "region": "地区",
    "urgent_f1": "紧急 F1",
    "automatic_share": "可直接采用",
    "automatic_right": "可直接采用的正确率",
    "calibration_error": "校准误差",
}


class Command(BaseCommand):
    help = "用语料、已确认的工单和附加文件训练分派模型"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--extra", type=Path, help="附加例句（CSV，列与语料相同）")
        parser.add_argument(
            "--min-gain",
            type=float,
            help="留出的已确认工单上，正确率至少比现用模型高多少才启用（0.01 即 1 个百分点）",
        )
        parser.add_argument("--activate", action="store_true", help="训练后启用")
        parser.add_argument("--rollback", action="store_true", help="回退到上一个启用过的模型")
        parser.add_argument(
            "--if-missing", action="store_true", help="已有同语料、同版本的可用模型时不再训练"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["rollback"]:
                version = roll_back_model()
                self.stdout.write(f"已回退到模型 {version.name}")
            else:
                self._train(options)
        except (ModelMissing, ModelFileError, CatalogueMissing, CorpusError) as error:
            raise CommandError(str(error)) from error

    def _train(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        catalogue = current_catalogue()
        confirmed, held = confirmed_examples(catalogue)
        lesson = prepare_lesson(catalogue=catalogue, extra=options["extra"], confirmed=confirmed)
        active = ModelVersion.objects.filter(is_active=True).first()
        if options["if_missing"] and active and self._is_current(active, lesson.corpus_hash):
            # What people confirmed since waits for a training that somebody asks for.
            self.stdout.write(f"模型 {active.name} 与当前语料一致，不需要训练")
            return
        if options["if_missing"]:
            kept = adopt_model(lesson_hash=lesson.lesson_hash)
            if kept:
                activate_model(version=kept)
                self.stdout.write(f"启用已有的模型 {kept.name}，不需要训练")
                return

        def report(message: str) -> None:
            self.stdout.write(f"[{time.monotonic() - started:5.1f}秒] {message}")
            self.stdout.flush()

        model, card = learn(lesson, report)
        version = register_model(model=model, card=card)
        report(f"模型 {version.name} 已保存")
        self._tell(version)
        refusal = self._compare(version, active, held, options["min_gain"] or 0.0)
        if not (options["activate"] or options["if_missing"]):
            self.stdout.write("没有启用。启用请加 --activate")
        elif refusal and not options["if_missing"]:
            self.stdout.write(f"{refusal}，没有启用")
        else:
            activate_model(version=version)
            report(f"模型 {version.name} 已启用")

    def _is_current(self, active: ModelVersion, corpus_hash: str) -> bool:
        if active.card.get("corpus_hash") != corpus_hash:
            return False
        try:
            load_model(model_folder(active.name), active.sha256)
        except ModelFileError as error:
            self.stdout.write(str(error))
            return False
        return True

    def _tell(self, version: ModelVersion) -> None:
        measured = version.card["measured"]
        self.stdout.write("正确率（每条例句由没有见过它的模型回答）：")
        for key, label in FIGURES.items():
            if key in measured:
                self.stdout.write(f"  {label} {measured[key]:.4f}")

    def _compare(
        self,
        version: ModelVersion,
        active: ModelVersion | None,
        held: Sequence[Example],
        least: float,
    ) -> str:
        """Compare with the active model on what neither was taught; the reason against putting the
        new one to work, or empty."""
        if active is None:
            return ""
        try:
            new, old = (self._try(one, held) for one in (version, active))
        except ModelFileError as error:
            self.stdout.write(f"现用模型无法比较：{error}")
            return ""
        self.stdout.write(
            f"危险例句漏判：新 {len(new.missed)} 条，现用 {len(old.missed)} 条；"
            f"留出的已确认警情漏判：新 {new.missed_held} 条，现用 {old.missed_held} 条"
        )
        for text in set(new.missed) - set(old.missed):
            self.stdout.write(f"  新漏判：{text[:60]}")
        if new.right is None or old.right is None:
            self.stdout.write("没有留出的已确认工单，不比较正确率")
            gain = 0.0 if least <= 0 else -1.0
        else:
            gain = new.right - old.right
            self.stdout.write(
                f"留出的已确认工单 {new.held} 条，平台与类型都正确："
                f"新 {new.right:.4f}，现用 {old.right:.4f}，{gain:+.4f}"
            )
        if len(new.missed) > len(old.missed) or new.missed_held > old.missed_held:
            return "新模型漏判的危险更多"
        return f"提高 {gain:+.4f}，未达到 --min-gain {least}" if gain < least else ""

    def _try(self, version: ModelVersion, held: Sequence[Example]) -> Trial:
        model, card = load_model(model_folder(version.name), version.sha256)
        return try_out(Predictor(model, card.name), held, current_catalogue())
