"""What confirmed tickets teach, and what keeps a worse model from answering."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from routing.confirmed import (
    LEAST_WEIGHT,
    MOST_OF_AN_ITEM,
    WEIGHT,
    confirmed_examples,
    is_held_out,
    keep_confirmed,
)
from routing.learning import read_danger_cases, try_out
from routing.management.commands import train_router
from routing.management.commands.train_router import Command
from routing.ml.corpus import CorpusError
from routing.models import ConfirmedExample, ModelVersion

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)


def keep(source: str, **changes: object) -> None:
    values = {
        "source": source, "text": "路灯不亮", "item_code": "12345-020602", "platform": "12345",
        "line": "630000-housing", "urgent": False, "region": "630103", "at": AT,
    }  # fmt: skip
    keep_confirmed(**(values | changes))


def test_later_decision_replaces_the_earlier():
    keep("ticket:1")
    keep("ticket:1", item_code="12345-020605")
    assert ConfirmedExample.objects.get().item_code == "12345-020605"


@pytest.mark.parametrize("changes", [{"text": "  "}, {"item_code": ""}])
def test_decision_without_text_or_item_teaches_nothing(changes):
    keep("ticket:1", **changes)
    assert not ConfirmedExample.objects.exists()


def test_one_in_five_is_held_out_for_good(catalogue):
    for number in range(200):
        keep(f"ticket:{number}")
    lessons, held = confirmed_examples(catalogue)
    assert len(lessons) + len(held) == 200
    assert 20 <= len(held) <= 60
    assert len(held) == sum(is_held_out(f"ticket:{number}") for number in range(200))


def test_common_matters_do_not_drown_the_others(catalogue):
    for number in range(400):
        keep(f"ticket:{number}")
    keep("rare", item_code="12345-020603")
    lessons, held = confirmed_examples(catalogue)
    common = [example.weight for example in lessons if example.items == ("12345-020602",)]
    assert sum(common) <= max(MOST_OF_AN_ITEM * 1.01, LEAST_WEIGHT * len(common))
    rare = [e.weight for e in (*lessons, *held) if e.items == ("12345-020603",)]
    assert rare == [WEIGHT]


def test_item_that_is_no_longer_published_is_left_aside(catalogue):
    keep("ticket:1", item_code="12345-999999")
    assert confirmed_examples(catalogue) == ((), ())


def test_dispatch_leaves_an_example(dispatched):
    example = ConfirmedExample.objects.get()
    assert example.source == f"ticket:{dispatched.pk}"
    assert (example.item_code, example.line) == ("12345-020602", "630000-housing")
    assert "13800000001" not in example.text


def test_danger_cases_are_many_and_cover_every_mood():
    cases = read_danger_cases()
    dangers = [case for case in cases if "12345" not in case.platforms]
    assert len(cases) >= 400
    assert len(dangers) >= 200
    assert len(cases) - len(dangers) >= 150
    assert len({case.group for case in cases}) >= 15


def test_broken_danger_case_is_named(tmp_path):
    path = tmp_path / "danger.csv"
    path.write_text("text,expected,urgent,kind,mood,why\n着火,118,1,fire,now,x\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"danger\.csv 第2行"):
        read_danger_cases(path)


def test_few_danger_cases_are_missed(catalogue):
    from routing.actions import active_predictor

    trial = try_out(active_predictor(), (), catalogue)
    dangers = [case for case in read_danger_cases() if "12345" not in case.platforms]
    assert len(trial.missed) <= 0.05 * len(dangers), trial.missed


@pytest.fixture
def trials(monkeypatch):
    """What the candidate and the active model do, in this order."""

    def set_to(*pairs):
        results = iter(pairs)
        monkeypatch.setattr(Command, "_try", lambda self, version, held: next(results))

    return set_to


def compare(least: float) -> str:
    active = ModelVersion.objects.get(is_active=True)
    return Command(stdout=io.StringIO())._compare(active, active, (), least)


def test_model_that_misses_more_danger_is_not_put_to_work(trials):
    trials(train_router.Trial(("a", "b"), 50, 0.99, 0), train_router.Trial(("a",), 50, 0.5, 0))
    assert "漏判" in compare(0.0)


def test_model_that_gains_too_little_is_not_put_to_work(trials):
    trials(train_router.Trial((), 50, 0.81, 0), train_router.Trial((), 50, 0.80, 0))
    assert "--min-gain" in compare(0.02)


def test_better_model_is_put_to_work(trials):
    trials(train_router.Trial((), 50, 0.85, 0), train_router.Trial((), 50, 0.80, 0))
    assert compare(0.02) == ""


def test_nothing_to_compare_on_is_no_gain(trials):
    trials(train_router.Trial((), 0, None, 0), train_router.Trial((), 0, None, 0))
    assert compare(0.0) == ""
    trials(train_router.Trial((), 0, None, 0), train_router.Trial((), 0, None, 0))
    assert "--min-gain" in compare(0.01)


def test_quality_command_without_a_model_says_so():
    ModelVersion.objects.all().delete()
    with pytest.raises(CommandError, match="train_router"):
        call_command("measure_quality", quick=True)


def test_quality_command_prints_and_writes_figures(tmp_path):
    out = io.StringIO()
    call_command("measure_quality", quick=True, out=tmp_path, stdout=out)
    assert "危险例句" in out.getvalue()
    assert (tmp_path / "quality.json").is_file()
