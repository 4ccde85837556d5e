"""Wanting a judgment changed is not accepted; asking how to get one is an ordinary question."""

import pytest

from routing.rules.clauses import split_sentences
from routing.rules.exclusions import exclusion_table, find_exclusions


def kind(text: str) -> str:
    deciding = [f for f in find_exclusions(text, split_sentences(text)) if f.decides]
    return deciding[0].rule.outcomes[0] if deciding else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("法院判决不公，要求你们给我改判", "litigation"),
        ("法院判了对方还钱，执行局一直不执行", "litigation"),
        ("仲裁裁决书我不认，帮我撤了", "arbitration"),
        ("村支书套取低保补助自己花了", "discipline"),
        ("不服这个行政处罚决定，请你们撤销", "reconsideration"),
        ("我要申请政府信息公开，要征地批文", "disclosure"),
        ("信访答复我不服，我要继续上访", "petition"),
        ("帮我查一下我前夫的住址和电话", "privacy"),
        ("我们连指导员体罚新兵", "military"),
        ("捡到一份机密文件，上面有图纸", "secret"),
        ("给我介绍个对象，陪我聊聊", "morals"),
    ],
)
def test_exclusion_kinds(text, expected):
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "怎么申请劳动仲裁，要带什么材料",
        "如何申请行政复议，在哪里交材料",
        "法院门口的路灯坏了",
        "政府信息公开在哪申请",
        "请问起诉状怎么写",
        "退役军人优待证在哪办",
        "信访局几点上班",
    ],
)
def test_questions_about_procedure_are_accepted(text):
    assert kind(text) == ""


def test_every_rule_names_a_published_exclusion(catalogue):
    named = {rule.outcomes[0] for rule in exclusion_table().rules}
    assert named == set(catalogue.exclusions)
