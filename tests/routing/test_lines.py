"""Whose line of work a matter is by its words, and how that decides the unit of an open item."""

import pytest

from routing.ranking import line_of
from routing.rules.confidence import Thresholds
from routing.rules.decision import UnitRole
from routing.rules.lines import find_lines, line_words, speaks_clearly, weigh_lines
from routing.rules.units import rank_units


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("小学片区不收，让我们去民办幼儿园", "education"),
        ("末班公交提前收车，客运站也没人", "transport"),
        ("农民工工资拖欠半年，劳动监察推诿", "human-resources"),
        ("医院挂号收费，护士态度差", "health"),
        ("宽带报修三次没人来，网速慢", "communications"),
        ("快递显示签收，驿站说没见", "post"),
        ("草原补奖少发一口人，牧民说法不一", "agriculture"),
        ("电费突然多了三百，电表自己走", "grid"),
    ],
)
def test_line_by_words(text, line):
    found = find_lines(text)
    assert found[0].line == f"630000-{line}"
    assert all(word in text for word in found[0].words)


def test_text_without_any_word_of_a_line_has_none():
    assert find_lines("我想反映一件事") == ()
    assert find_lines("") == ()


def test_every_line_is_a_member_of_the_catalogue(catalogue):
    lines = [row.line for row in line_words()]
    assert len(lines) == len(set(lines))
    for line in lines:
        assert catalogue.units[line].line == line


def test_words_alone_count_when_the_model_knows_no_line():
    weighed = weigh_lines({}, find_lines("学校老师补课收费"))
    assert max(weighed, key=weighed.get) == "630000-education"
    assert sum(weighed.values()) == pytest.approx(1.0)


def test_model_alone_counts_when_no_word_stands_in_the_text():
    assert weigh_lines({"630000-water": 0.7, "630000-health": 0.3}, ()) == {
        "630000-water": 0.7,
        "630000-health": 0.3,
    }


def test_one_word_in_passing_is_not_clear():
    assert not speaks_clearly(find_lines("学校门口的路灯坏了"))
    assert speaks_clearly(find_lines("小学老师让学生补课，幼儿园也补课，教育局不管"))


def test_matter_decides_the_line_of_an_open_item_alone(catalogue):
    service = catalogue.items["12345-040102"]
    assert service.open_line
    units = rank_units(service, "630103", catalogue, line="630000-education")
    assert units[0].line == "省教育厅"
    assert "内容属省教育厅条线" in units[0].why
    assert "省政务服务监管局" not in {unit.line for unit in units}


def test_usual_line_of_an_item_joins_the_one_that_the_matter_named(catalogue):
    hydrant = catalogue.items["12345-020603"]
    assert not hydrant.open_line
    lead, joining = rank_units(hydrant, "630103", catalogue, line="630000-fire")[:2]
    assert (lead.line, lead.role) == ("省消防救援总队", UnitRole.LEAD)
    lines = {unit.line for unit in rank_units(hydrant, "630103", catalogue, line="630000-fire")}
    assert "省住房城乡建设厅" in lines
    assert joining.role is UnitRole.CO


def test_items_and_words_choose_the_line_together(catalogue):
    ranked = [("12345-020603", 0.9), ("12345-010101", 0.1)]
    thresholds = Thresholds()
    fire = {"630000-fire": 0.9, "630000-housing": 0.02}
    assert line_of(ranked, fire, catalogue, thresholds) == ("630000-fire", 0.9)
    unsure = {"630000-fire": 0.3, "630000-housing": 0.3}
    assert line_of(ranked, unsure, catalogue, thresholds) == ("", 0.3)
    below = {"630000-fire": thresholds.line - 0.01}
    assert line_of(ranked, below, catalogue, thresholds)[0] == ""
    assert line_of([("110-060201", 1.0)], fire, catalogue, thresholds) == ("", 1.0)
