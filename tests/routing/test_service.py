"""`route` on the trained stage: danger, refusals, odd texts, speed and reasons."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.actions import active_predictor
from routing.rules.confidence import Thresholds, Zone
from routing.rules.decision import ACTION_NAMES, Action, Number
from routing.service import responsible_units, route

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("仓库着火了，火苗窜到房顶了，快来人", {"119"}),
        ("我爸倒在地上叫不醒，嘴唇发紫", {"120"}),
        ("有人拿着刀在小区里追人", {"110"}),
        ("两辆车撞了，有人卡在车里流血", {"122"}),
        ("路灯半个月不亮了，请派人修", {"12345"}),
        ("小区垃圾好几天没人清运，臭得很", {"12345"}),
        ("法院判决不公，我要求你们改判", {"不予受理"}),
    ],
)
def test_numbers(text, numbers):
    assert route(text).platform in numbers


def test_fire_gives_item_clause_region_and_reasons():
    decision = route("互助县威远镇一家粮店着火了，快来人")
    assert decision.platform is Number.FIRE
    assert decision.item == "消防救援"
    assert decision.clause.startswith("青政办〔2022〕88号 三（一）2")
    assert decision.region is not None
    assert decision.region.name == "互助县"
    assert decision.urgent
    assert any("着火" in piece.words for piece in decision.evidence)


def test_answer_has_the_promised_fields():
    answer = route("城西区路灯不亮").to_json()
    promised = {
        "platform", "action", "category", "type", "item", "item_code", "clause", "units", "region",
        "urgent", "complex", "hotline", "confidence", "review", "candidates", "evidence", "model",
    }  # fmt: skip
    assert promised <= set(answer)
    assert json.loads(json.dumps(answer, ensure_ascii=False)) == answer
    assert 1 <= len(answer["candidates"]) <= 5
    assert answer["candidates"][0]["item_code"] == answer["item_code"]
    assert answer["action"] == ACTION_NAMES[Action.ACCEPT]


@pytest.mark.parametrize(
    "text", ["", "   ", "\n\n", "the street lamp is broken", "？？？", "12345"]
)
def test_text_that_says_nothing_is_for_a_person(text):
    decision = route(text)
    assert decision.review
    assert decision.confidence == 0.0
    assert decision.item_code == ""
    assert decision.evidence


def test_foreign_cry_for_help_is_an_alarm():
    decision = route("Help me, my hotel is on fire, I am trapped")
    assert decision.platform in (Number.POLICE, Number.FIRE)
    assert decision.review


def test_of_a_huge_text_the_beginning_alone_is_read():
    beginning = ("路灯坏了，晚上走路害怕。" * 400)[:4000]
    decision = route(beginning + "有人拿刀砍人，快来。" * 90_000)
    assert any("前4000字" in piece.why for piece in decision.evidence)
    assert decision.platform == route(beginning).platform == Number.HOTLINE


def test_callers_line_fills_in_the_region():
    assert route("路灯坏了", region="630104").region.name == "城西区"


def test_denied_danger_is_explained():
    decision = route("没有着火，就是楼道的灯坏了，请来修")
    assert decision.platform is Number.HOTLINE
    assert any("否定" in piece.why for piece in decision.evidence)


def test_stricter_threshold_asks_for_review():
    text = "路灯半个月不亮了，请派人修"
    assert route(text, thresholds=Thresholds(automatic=1.1)).review


def test_responsible_units_of_a_chosen_item():
    assert responsible_units("12345-020503", "630102")[0].code == "630102-housing"
    assert responsible_units("no-such-item", "630102") == ()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(max_size=400) | st.text(alphabet="着火了没有去年怕，。！？路灯停水 3", max_size=80)
)
def test_no_text_raises(text):
    decision = route(text)
    assert 0.0 <= decision.confidence <= 1.0
    assert decision.platform in Number
    assert len(decision.candidates) <= 5
    json.dumps(decision.to_json(), ensure_ascii=False).encode()


def test_predictor_is_read_once():
    assert active_predictor() is active_predictor()


def test_an_emergency_is_for_no_professional_hotline():
    decision = route("楼下烧烤店着火了，烟往我家灌")
    assert decision.platform is Number.FIRE
    assert decision.hotline is None


def test_advice_says_what_the_confidence_allows():
    decision = route("西宁市城中区的路灯坏了")
    told = {
        (zone, review): replace(decision, zone=zone, review=review).advice
        for zone in Zone
        for review in (False, True)
    }
    assert told[Zone.AUTOMATIC, False] == "可直接采用"
    assert told[Zone.AUTOMATIC, True] == "请先核实"
    assert told[Zone.SUGGESTION, True] == "供选择，请核对"
    assert told[Zone.PERSON, True] == "请人工判断"
    danger = replace(decision, platform=Number.FIRE, zone=Zone.SUGGESTION, review=True)
    assert danger.advice == "请先核实"


def test_what_the_model_alone_gives_to_the_police_is_for_a_person():
    certain = Thresholds(automatic=0.0, suggestion=0.0)
    gambling = route("路边那家棋牌室天天晚上聚着十几个人打牌，一把几千块", thresholds=certain)
    assert (gambling.platform, gambling.review) == (Number.POLICE, True)
    fire = route("仓库着火了，火苗窜到房顶了，快来人", thresholds=certain)
    assert (fire.platform, fire.review) == (Number.FIRE, False)
    lamp = route("西宁市城中区的路灯坏了", thresholds=certain)
    assert (lamp.platform, lamp.review) == (Number.HOTLINE, False)
