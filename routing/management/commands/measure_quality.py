"""Prints every figure by which the router is judged, on the project's own examples and, where files
are given, on labelled texts from elsewhere. Nothing that is read here becomes part of a model."""

import csv
import json
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from catalog.rules.entries import Catalogue
from catalog.rules.text import normalise
from catalog.snapshot import CatalogueMissing, current_catalogue
from routing.actions import ModelFileError, ModelMissing, active_predictor, model_folder
from routing.confirmed import WEIGHT
from routing.learning import learn, prepare_lesson, read_danger_cases, try_out
from routing.management.commands.evaluate_routing import read_cases, write_report
from routing.ml.comparison import compare_texts
from routing.ml.corpus import Example, read_corpus
from routing.ml.evaluation import EMERGENCY, Case, lead_of, measure
from routing.ml.heads import SEED
from routing.ml.predictor import Predictor
from routing.service import route

CASES_DIR = Path(__file__).resolve().parents[2] / "cases"
# Calls of one writer who saw neither rules nor corpus. They stay out of the corpus: no model may learn
# them, so that they go on telling what a new voice is answered.
UNSEEN_CALLS = CASES_DIR / "calls_unseen.jsonl"
# New kinds of matter by the letters' label: the item and line under which people would confirm them.
NEW_KINDS = {
    "教育文体": ("12345-040102", "630000-education"),
    "卫生计生": ("12345-040102", "630000-health"),
}
CONFIRMED = 500
FOLDS = 5
# Texts of about 120 characters; fewer are asked twice.
SPEED_LENGTHS = range(100, 141)
SPEED_TEXTS = 1000


def _resident_mb() -> float:
    """Memory that this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def speed_texts() -> list[str]:
    """Examples of the corpus, about 120 characters each, in no order."""
    texts = [text for e in read_corpus() if len(text := e.text) in SPEED_LENGTHS]
    random.Random(SEED).shuffle(texts)
    return list(islice(cycle(texts), SPEED_TEXTS))


class Command(BaseCommand):
    help = "逐项测量分派质量：自有例句、危险例句，以及给出的外部数据（只测量，不学习）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--calls", type=Path, help="来电例子（JSON 行，含平台、类型、单位等）")
        parser.add_argument("--letters", type=Path, help="来信（JSON 行，text 和七类 label）")
        parser.add_argument("--units", type=Path, help="来信（JSON 行，text 和 unit_family）")
        parser.add_argument("--orders", type=Path, help="工单（JSON 行，text 和 request_type）")
        parser.add_argument("--posts", type=Path, help="灾情求助帖（JSON 行，text 和 kind）")
        parser.add_argument("--quick", action="store_true", help="不做需要重新训练的两项")
        parser.add_argument("--out", type=Path, help="文件夹：写入 quality.json 和图")

    def handle(self, *args: Any, **options: Any) -> None:
        before, started = _resident_mb(), time.perf_counter()
        try:
            self.catalogue, self.predictor = current_catalogue(), active_predictor()
        except (ModelMissing, ModelFileError, CatalogueMissing) as error:
            raise CommandError(str(error)) from error
        route("路灯坏了", catalogue=self.catalogue, predictor=self.predictor)
        self.start_s = time.perf_counter() - started
        self.memory_mb = _resident_mb() - before
        self.out: Path | None = options["out"]
        report: dict[str, Any] = {"model": self.predictor.name}
        report["corpus"] = dict(self.predictor.model.measured)
        self._tell("自有例句（每条由没有见过它的模型回答）", report["corpus"])
        report["danger"] = self._dangers()
        report["unseen"] = self._calls("留出的来电（没有模型学过）", UNSEEN_CALLS)
        if options["calls"]:
            report["calls"] = self._calls("来电", options["calls"])
        written: list[Case] = []
        if options["letters"]:
            letters = read_cases(options["letters"])
            report["letters"] = self._letters(letters)
            written += letters
        if options["units"]:
            report["units"] = self._units(read_cases(options["units"]))
        if options["orders"]:
            orders = read_cases(options["orders"])
            report["orders"] = self._orders(orders)
            written += orders
        if written and options["calls"]:
            report["together"] = self._together(read_cases(options["calls"]), written)
        if options["posts"]:
            report["posts"] = self._posts(read_cases(options["posts"]))
        report["speed"] = self._speed()
        if options["letters"] and not options["quick"]:
            report["classify"] = self._classify(letters)
            report["learning"] = self._learning(letters)
        if self.out:
            self.out.mkdir(parents=True, exist_ok=True)
            text = json.dumps(report, ensure_ascii=False, indent=1)
            (self.out / "quality.json").write_text(text + "\n", encoding="utf-8")
            self.stdout.write(f"已写入 {self.out / 'quality.json'}")

    def _tell(self, title: str, figures: Mapping[str, Any]) -> None:
        self.stdout.write(title)
        for name, value in figures.items():
            if isinstance(value, float):
                self.stdout.write(f"  {name} {value:.4f}")
            elif isinstance(value, int | str):
                self.stdout.write(f"  {name} {value}")
        self.stdout.flush()

    def _answers(
        self, cases: Sequence[Case], predictor: Predictor | None = None
    ) -> list[dict[str, Any]]:
        predictor = predictor or self.predictor
        return [
            route(case.text, catalogue=self.catalogue, predictor=predictor).to_json()
            for case in cases
        ]

    def _dangers(self) -> dict[str, Any]:
        cases = read_danger_cases()
        answers = self._answers(cases)
        figures = measure(cases, answers)
        missed = [
            (case.group, case.text)
            for case, answer in zip(cases, answers, strict=True)
            if "12345" not in case.platforms and answer["platform"] not in EMERGENCY
        ]
        report = {
            "cases": len(cases),
            "right": figures.platform,
            "missed": len(missed),
            "false_alarms": figures.false_alarms,
            "urgent_f1": figures.urgent_f1,
        }
        self._tell("危险例句（routing/cases/danger.csv）", report)
        for mood, text in missed[:20]:
            self.stdout.write(f"    漏判（{mood}）：{text[:60]}")
        return report

    def _calls(self, title: str, path: Path) -> dict[str, Any]:
        cases = read_cases(path)
        answers = self._answers(cases)
        report = measure(cases, answers).to_json()
        self._tell(title, report)
        if self.out:
            write_report(self.out / path.stem, cases, answers, report)
        return report

    def _letters(self, cases: Sequence[Case]) -> dict[str, Any]:
        """Seven labels by a table of ours alone; and how many go to an emergency number."""
        table = _table("letters_7class.csv")
        answers = self._answers(cases)
        got = [_mapped(answer, table, self.catalogue) for answer in answers]
        report = {
            "cases": len(cases),
            "macro_f1": float(f1_score([c.group for c in cases], got, average="macro")),
            "emergency_share": sum(a["platform"] in EMERGENCY for a in answers) / len(answers),
        }
        self._tell("来信，按对应表归为七类（不用其训练）", report)
        return report

    def _units(self, cases: Sequence[Case]) -> dict[str, Any]:
        table = _table("unit_families.csv")
        right = 0
        for case, answer in zip(cases, self._answers(cases), strict=True):
            lead = lead_of(answer) if answer["platform"] == "12345" else None
            line = _line_code(lead, self.catalogue) if lead else answer["platform"]
            right += line in table.get(case.group, "").split("|")
        report = {"cases": len(cases), "line": right / len(cases)}
        self._tell("来信，承办条线（不用其训练）", report)
        return report

    def _orders(self, cases: Sequence[Case]) -> dict[str, Any]:
        answers = self._answers(cases)
        figures = measure(cases, answers)
        names = sorted({case.request for case in cases})
        want, got = [case.request for case in cases], [a["request"] for a in answers]
        report = {
            "cases": len(cases),
            "request": figures.request,
            "request_macro_f1": float(f1_score(want, got, labels=names, average="macro")),
            "emergency_share": sum(a["platform"] in EMERGENCY for a in answers) / len(answers),
        }
        self._tell("工单", report)
        return report

    def _together(self, calls: Sequence[Case], written: Sequence[Case]) -> dict[str, Any]:
        """Calls with letters and orders, which all belong to 12345."""
        cases = [*calls, *(replace(case, platforms=("12345",)) for case in written)]
        figures = measure(cases, self._answers(cases))
        report = {"cases": len(cases), "platform": figures.platform,
                  "false_alarms": figures.false_alarms}  # fmt: skip
        self._tell("来电、来信与工单合计", report)
        return report

    def _posts(self, cases: Sequence[Case]) -> dict[str, Any]:
        calls = [case for case in cases if case.group == "求救"]
        answers = self._answers(calls)
        reached = sum(a["urgent"] or a["platform"] in {"110", "119", "120"} for a in answers)
        report = {"cases": len(calls), "reached": reached / len(calls)}
        self._tell("求救帖到达110、119、120或判为紧急", report)
        return report

    def _speed(self) -> dict[str, Any]:
        times: list[float] = []
        for text in speed_texts():
            started = time.perf_counter()
            route(text, catalogue=self.catalogue, predictor=self.predictor)
            times.append(time.perf_counter() - started)
        times.sort()
        folder = model_folder(self.predictor.name)
        size = sum(path.stat().st_size for path in folder.glob("*"))
        report = {
            "p50_ms": times[len(times) // 2] * 1000,
            "p99_ms": times[len(times) * 99 // 100] * 1000,
            "per_s": len(times) / sum(times),
            "artifact_mb": size / 1e6,
            "start_s": self.start_s,
            "memory_mb": self.memory_mb,
            "training_s": self.predictor.model.measured.get("seconds", 0.0),
        }
        self._tell("速度与大小（120字，一个核）", report)
        return report

    def _classify(self, cases: Sequence[Case]) -> dict[str, Any]:
        """The text pipeline trained on the letters themselves, by folds."""
        labels = [case.group for case in cases]
        got: list[str] = [""] * len(cases)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        for train, test in folds.split(labels, labels):
            pairs = [(normalise(cases[at].text), labels[at]) for at in train]
            asked = [(normalise(cases[at].text), labels[at]) for at in test]
            for at, answer in zip(test, compare_texts(pairs, asked).predictions, strict=True):
                got[at] = answer
        report = {"cases": len(cases), "macro_f1": float(f1_score(labels, got, average="macro"))}
        self._tell(f"来信，{FOLDS} 折训练", report)
        return report

    def _learning(self, cases: Sequence[Case]) -> dict[str, Any]:
        """What confirmed tickets of new kinds of matter bring: letters of two labels, most of them
        confirmed, the others never seen."""
        letters = [
            (normalise(case.text), *NEW_KINDS[case.group])
            for case in cases
            if case.group in NEW_KINDS
        ]
        random.Random(SEED).shuffle(letters)
        taught, unseen = letters[:CONFIRMED], letters[CONFIRMED:]
        confirmed = [
            Example(text, (item,), ("12345",), False, None, "", WEIGHT, (line,))
            for text, item, line in taught
        ]
        lesson = prepare_lesson(catalogue=self.catalogue, confirmed=confirmed)
        model, card = learn(lesson, lambda _: None)
        new = Predictor(model, card.name)

        def right(predictor: Predictor) -> float:
            answers = self._answers([Case(text) for text, _, _ in unseen], predictor)
            hits = [
                answer["platform"] == "12345"
                and _line_code(lead_of(answer), self.catalogue) == line
                for answer, (_, _, line) in zip(answers, unseen, strict=True)
            ]
            return sum(hits) / len(hits)

        before, after = right(self.predictor), right(new)
        dangers = [len(try_out(p, (), self.catalogue).missed) for p in (self.predictor, new)]
        report = {
            "taught": len(taught),
            "unseen": len(unseen),
            "before": before,
            "after": after,
            "gain": after - before,
            "danger_missed_before": dangers[0],
            "danger_missed_after": dangers[1],
        }
        self._tell("确认一批新事项的工单后（以来信模拟），未见过的同类来信的条线", report)
        return report


def _table(name: str) -> dict[str, str]:
    with (CASES_DIR / name).open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["label"] for row in csv.DictReader(file)}


def _line_code(lead: Mapping[str, Any] | None, catalogue: Catalogue) -> str:
    names = {unit.name: code for code, unit in catalogue.units.items()}
    return names.get(lead["line"], "") if lead else ""


def _mapped(answer: Mapping[str, Any], table: Mapping[str, str], catalogue: Catalogue) -> str:
    """The label of an answer: by its item, its type, its line, or the table's last resort."""
    lead = lead_of(answer) if answer["platform"] == "12345" else None
    code = answer["item_code"]
    keys = (code, code[:-2], _line_code(lead, catalogue), "*")
    return next(table[key] for key in keys if key in table)
