"""Trains a model of the router, compares it with the active one and, if asked, puts it to work."""

import time
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
from routing.learning import learn, prepare_lesson
from routing.ml.artifact import load_model
from routing.ml.corpus import CorpusError
from routing.models import ModelVersion

FIGURES = {"number": "平台", "type": "类型", "item": "细类", "urgent": "紧急", "complex": "复杂"}


class Command(BaseCommand):
    help = "用语料、已确认的工单和附加文件训练分派模型"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--extra", type=Path, help="附加例句（CSV，列与语料相同）")
        parser.add_argument(
            "--min-gain",
            type=float,
            help="类型正确率至少比现用模型高多少才启用（0.01 即 1 个百分点）；不填则不比较",
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
        lesson = prepare_lesson(catalogue=current_catalogue(), extra=options["extra"])
        active = ModelVersion.objects.filter(is_active=True).first()
        if options["if_missing"] and active and self._is_current(active, lesson.fingerprint):
            self.stdout.write(f"模型 {active.name} 与当前语料一致，不需要训练")
            return
        if options["if_missing"]:
            kept = adopt_model(fingerprint=lesson.fingerprint)
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
        gain = self._compare(version, active)
        least: float | None = options["min_gain"]
        if not (options["activate"] or options["if_missing"]):
            self.stdout.write("没有启用。启用请加 --activate")
        elif gain is not None and least is not None and gain < least:
            self.stdout.write(f"类型正确率变化 {gain:+.4f}，未达到 --min-gain {least}，没有启用")
        else:
            activate_model(version=version)
            report(f"模型 {version.name} 已启用")

    def _is_current(self, active: ModelVersion, fingerprint: str) -> bool:
        if active.card.get("corpus_hash") != fingerprint:
            return False
        try:
            load_model(model_folder(active.name), active.sha256)
        except ModelFileError as error:
            self.stdout.write(str(error))
            return False
        return True

    def _compare(self, version: ModelVersion, active: ModelVersion | None) -> float | None:
        """Print the figures on texts left out of training; the gain in types, None without a
        comparable model."""
        new = version.card["measured"]
        old = active.card["measured"] if active else {}
        self.stdout.write("正确率（每条例句由没有见过它的模型回答）：")
        for key, label in FIGURES.items():
            line = f"  {label} {new[key]:.4f}"
            if key in old:
                line += f"（现用模型 {old[key]:.4f}，{new[key] - old[key]:+.4f}）"
            self.stdout.write(line)
        return new["type"] - old["type"] if "type" in old else None
