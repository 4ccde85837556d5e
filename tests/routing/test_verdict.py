"""Rules before the model, danger before all; urgency, elements and zones beside them."""

import pytest

from routing.rules.clauses import split_sentences
from routing.rules.confidence import Thresholds, Zone, zone_of
from routing.rules.danger import find_dangers
from routing.rules.decision import Action, Number
from routing.rules.elements import Element, read_elements
from routing.rules.exclusions import find_exclusions
from routing.rules.urgency import judge_urgency
from routing.rules.verdict import choose_number, shift_odds

SURE_12345 = {"12345": 0.98, "110": 0.01, "不予受理": 0.01}


def choose(text, numbers, urgent=0.0, *, calmly=False):
    sentences = split_sentences(text)
    return choose_number(
        find_dangers(text, sentences),
        find_exclusions(text, sentences),
        numbers,
        urgent,
        Thresholds(),
        suspicion=sum(numbers.get(number, 0.0) for number in ("110", "119", "120", "122")),
        told_calmly=calmly,
        written=calmly,
    )


def test_model_never_lowers_a_danger_rule():
    verdict = choose("三楼着火了，快来人", SURE_12345)
    assert verdict.number is Number.FIRE
    assert verdict.danger is not None


def test_danger_comes_before_exclusion():
    verdict = choose("法院判决不公，我拿着刀在法院门口堵法官", {"不予受理": 0.9, "12345": 0.1})
    assert verdict.number is Number.POLICE


def test_model_alone_may_raise_an_alarm():
    verdict = choose("他很安静地看着窗外", {"12345": 0.6, "110": 0.4}, 0.7)
    assert verdict.number is Number.POLICE
    assert verdict.alarm


def test_letter_is_no_alarm_of_the_model():
    verdict = choose("某小区的事", {"12345": 0.6, "110": 0.4}, 0.7, calmly=True)
    assert verdict.number is Number.HOTLINE
    assert not verdict.alarm


def test_unclear_duty_goes_to_a_conference():
    verdict = choose("两家吵起来了", {"12345": 0.4, "110": 0.6})
    assert verdict.action is Action.CONFERENCE


def test_exclusion_rule_needs_the_model_not_to_find_it_absurd():
    text = "法院判决不公，要求改判"
    assert choose(text, {"12345": 0.5, "不予受理": 0.5}).number is Number.NOT_ACCEPTED
    assert choose(text, {"12345": 0.99, "不予受理": 0.01}).number is Number.HOTLINE


def test_shifted_odds_stay_probabilities():
    shifted = shift_odds({"12345": 0.5, "110": 0.3, "119": 0.2}, 0.5)
    assert sum(shifted.values()) == pytest.approx(1.0)
    assert shifted["110"] / shifted["12345"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("整栋楼停水三天了，老人没法做饭", True),
        ("暖气冰凉两天了，家里有孩子", True),
        ("屋里才十一度", True),
        ("去年暖气不热三天，想问退费", False),
        ("停水通知什么时候发", False),
        ("电费怎么交", False),
        ("没有停水三天那么久，就是水压小", False),
    ],
)
def test_supply_cut_now_is_urgent(text, urgent):
    assert judge_urgency(text, split_sentences(text), (), 0.0, 0.5).urgent is urgent


def test_model_makes_urgent_from_its_threshold_on():
    assert judge_urgency("某事", (), (), 0.5, 0.5).urgent
    assert not judge_urgency("某事", (), (), 0.49, 0.5).urgent


def test_elements_found_and_missing():
    elements = read_elements("昨天小区的路灯坏了，请来修")
    assert Element.WHEN in elements.found
    assert Element.ASKED in elements.found
    assert read_elements("").missing == tuple(Element)


def test_zones_by_confidence():
    thresholds = Thresholds(automatic=0.95, suggestion=0.30)
    assert zone_of(0.95, thresholds) is Zone.AUTOMATIC
    assert zone_of(0.94, thresholds) is Zone.SUGGESTION
    assert zone_of(0.30, thresholds) is Zone.SUGGESTION
    assert zone_of(0.29, thresholds) is Zone.PERSON
