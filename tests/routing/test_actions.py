"""Register, activate, roll back; the commands on good and bad input."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from routing import actions
from routing.actions import (
    ModelFileError,
    ModelMissing,
    activate_model,
    active_predictor,
    forget_predictor,
    model_folder,
    register_model,
    roll_back_model,
)
from routing.confirmed import keep_confirmed
from routing.ml.artifact import WEIGHTS_FILE, load_model, make_card
from routing.models import ModelVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(tmp_path, settings):
    """The stage's model registered again under another name, in a folder of the test's own."""
    active = ModelVersion.objects.get(is_active=True)
    model, card = load_model(model_folder(active.name))
    settings.MODEL_DIR = tmp_path
    for name in (active.name, "second"):
        again = make_card(
            model,
            name=name,
            created_at=active.created_at,
            corpus_hash=card.corpus_hash,
            lesson_hash=card.lesson_hash,
            catalogue_version=card.catalogue_version,
        )
        ModelVersion.objects.filter(name=name).delete()
        version = register_model(model=model, card=again)
        if name != "second":
            activate_model(version=version)
    return version


def test_activation_changes_what_answers(second):
    first = active_predictor().name
    activate_model(version=second)
    forget_predictor()
    assert active_predictor().name == "second" != first
    assert ModelVersion.objects.filter(is_active=True).count() == 1


def test_other_process_notices_the_change(second, monkeypatch):
    first = active_predictor()
    monkeypatch.setattr(actions, "CHECK_EVERY", 0.0)
    ModelVersion.objects.filter(is_active=True).update(is_active=False)
    ModelVersion.objects.filter(pk=second.pk).update(is_active=True)
    assert active_predictor().name in {"second", first.name}


def test_roll_back_returns_to_the_former_model(second):
    first = ModelVersion.objects.get(is_active=True)
    activate_model(version=second)
    assert roll_back_model().name == first.name
    assert ModelVersion.objects.get(is_active=True).name == first.name


def test_roll_back_without_a_former_model_says_so(second):
    with pytest.raises(ModelMissing, match="没有可以回退"):
        roll_back_model()


def test_spoiled_model_is_not_activated(second):
    active = ModelVersion.objects.get(is_active=True).name
    path = model_folder("second") / WEIGHTS_FILE
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelFileError):
        activate_model(version=second)
    assert ModelVersion.objects.get(is_active=True).name == active


def test_no_active_model_tells_the_mend():
    ModelVersion.objects.all().delete()
    with pytest.raises(ModelMissing, match="train_router"):
        active_predictor()


def run_route(monkeypatch, capsys, lines: bytes) -> tuple[list[dict], int]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    out = io.StringIO()
    code = 0
    try:
        call_command("route", stdout=out)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], code


def test_route_goes_on_after_bad_lines(monkeypatch, capsys):
    lines = '{"id":"a","text":"路灯坏了"}\n\n{broken\n{"id":2}\n{"text":7}\n[1]\n'.encode()
    lines += b"\xff\xfe\n" + '{"id":"b","text":"城东区停水"}'.encode()
    answers, code = run_route(monkeypatch, capsys, lines)
    assert code == 1
    assert answers[0]["id"] == "a"
    assert [answer["line"] for answer in answers[1:-1]] == [2, 3, 4, 5, 6, 7]
    assert all(answer["error"] for answer in answers[1:-1])
    assert answers[-1]["id"] == "b"
    assert answers[-1]["region"]["name"] == "城东区"


def test_route_without_errors_ends_well(monkeypatch, capsys):
    answers, code = run_route(monkeypatch, capsys, '{"text":"路灯坏了"}\n'.encode())
    assert code == 0
    assert "id" not in answers[0]


def test_route_without_model_is_a_clear_error(monkeypatch, capsys):
    ModelVersion.objects.all().delete()
    with pytest.raises(CommandError, match="train_router"):
        run_route(monkeypatch, capsys, '{"text":"路灯坏了"}\n'.encode())


def test_training_again_on_the_same_corpus_is_skipped():
    before = ModelVersion.objects.count()
    out = io.StringIO()
    call_command("train_router", if_missing=True, stdout=out)
    assert "不需要训练" in out.getvalue()
    assert ModelVersion.objects.count() == before


def test_what_people_confirmed_since_is_no_reason_to_train_at_setup():
    keep_confirmed(
        source="one", text="小区路灯坏了", item_code="12345-020602", platform="12345",
        line="", urgent=False, region="", at=timezone.now(),
    )  # fmt: skip
    before = ModelVersion.objects.count()
    call_command("train_router", if_missing=True, stdout=io.StringIO())
    assert ModelVersion.objects.count() == before


def test_training_with_a_broken_extra_file_says_where(tmp_path):
    path = tmp_path / "extra.csv"
    path.write_text("text,item_code,also_codes,platform\n,12345-020602,,\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"extra\.csv 第2行：text 为空"):
        call_command("train_router", extra=path)


def test_evaluation_reports_figures(tmp_path):
    path = tmp_path / "cases.jsonl"
    rows = [
        {"text": "仓库着火了快来人", "platform": ["119"], "urgent": True, "region": None},
        {"text": "城西区路灯不亮", "platform": ["12345"], "urgent": False, "region": "城西区"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    out = io.StringIO()
    call_command("evaluate_routing", cases=path, json=True, stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["cases"] == 2
    assert figures["platform"] == 1.0
    assert figures["emergency_recall"] == 1.0
    assert figures["region"] == 1.0
    assert figures["type"] is None


@pytest.mark.parametrize("content", ["", "{broken", '{"no":1}', "[1]"])
def test_evaluation_refuses_bad_files(tmp_path, content):
    path = tmp_path / "cases.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("evaluate_routing", cases=path)


def test_same_pipeline_learns_any_labels(tmp_path):
    path = tmp_path / "rows.jsonl"
    rows = [{"text": f"路灯{n}号不亮", "label": "灯"} for n in "甲乙丙丁"]
    rows += [{"text": f"水管{n}处漏水", "label": "水"} for n in "甲乙丙丁"]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    out = io.StringIO()
    call_command("classify_texts", train=path, test=path, json=True, stdout=out)
    assert json.loads(out.getvalue())["accuracy"] == 1.0


def test_texts_without_label_are_refused(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text":"路灯"}', encoding="utf-8")
    with pytest.raises(CommandError, match="第1行"):
        call_command("classify_texts", train=path, test=path)
