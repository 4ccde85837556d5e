"""What is urgent without being a danger of its own: supplies that are cut, help that a disaster calls
for."""

import pytest

from routing.rules.clauses import split_sentences
from routing.rules.urgency import judge_urgency


def urgent(text):
    return judge_urgency(text, split_sentences(text), (), 0.0, 0.5).urgent


@pytest.mark.parametrize(
    "text",
    [
        "山洪过后我们村成了孤岛，急需帐篷和吃的",
        "暴雨把桥冲垮了，二十多户等着救援，联系不上外头",
        "地震后学校操场上住了三百来人，没有水喝",
        "雪灾，牧场上的人断粮两天了",
    ],
)
def test_disaster_that_calls_for_help_is_urgent(text):
    assert urgent(text)


@pytest.mark.parametrize(
    "text",
    [
        "小卖部的矿泉水断货了，急需进货，找谁联系",
        "去年山洪冲了地，急需的补偿款还没到",
        "社区搞防汛演练，需要志愿者报名吗",
        "暴雨预警的短信收到好几条，能不能少发几条",
    ],
)
def test_same_words_without_a_disaster_now_are_not(text):
    assert not urgent(text)
