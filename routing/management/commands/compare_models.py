"""Measures other ways to classify beside the one in use, on the corpus, texts left out."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.snapshot import CatalogueMissing, current_catalogue
from routing.learning import prepare_lesson, words_of
from routing.ml.corpus import CorpusError
from routing.ml.tokens import WordCutter, count_tokens
from routing.ml.training import HEAD_NAMES
from routing.ml.variants import COMPARED_HEADS, IN_USE, Compared, compare_ways
from routing.rules.reading import read_rules


class Command(BaseCommand):
    help = "在自有例句上交叉验证，比较几种分类做法（在用的做法由此选定）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", action="append", choices=COMPARED_HEADS, help="只比较这一项（可重复）"
        )
        parser.add_argument("--json", action="store_true", help="最后一行输出一个 JSON 数组")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lesson = prepare_lesson(catalogue=current_catalogue())
        except (CatalogueMissing, CorpusError) as error:
            raise CommandError(str(error)) from error
        cutter = WordCutter(words_of(lesson.catalogue))
        self.stdout.write(f"切分 {len(lesson.examples)} 条例句；各做法五折交叉验证")
        tokens = [
            count_tokens(example.text, cutter, read_rules(example.text).signals())
            for example in lesson.examples
        ]
        heads = options["head"] or COMPARED_HEADS
        done = compare_ways(lesson.examples, tokens, self._tell, heads)
        for head in heads:
            best = max((one for one in done if one.head == head), key=lambda one: one.right)
            used = next(one for one in done if one.head == head and one.way == IN_USE)
            self.stdout.write(
                f"{HEAD_NAMES[head]}：最好的是“{best.way}”{best.right:.2%}，在用 {used.right:.2%}"
            )
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in done], ensure_ascii=False))

    def _tell(self, one: Compared) -> None:
        self.stdout.write(
            f"{HEAD_NAMES[one.head]}  首选 {one.right:.2%}  前三 {one.right_three:.2%}"
            f"  损失 {one.loss:.3f}  {one.seconds:5.1f} 秒  {one.way}"
        )
        self.stdout.flush()
