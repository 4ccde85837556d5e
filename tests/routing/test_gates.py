"""The model alone puts a matter on the police's list only with what the list is about."""

from routing.rules.gates import SHUT, pass_gates

ITEMS = (("110-060203", 0.6), ("12345-020505", 0.3), ("110-010104", 0.1))


def test_matter_of_another_service_is_the_police_only_in_danger():
    """电力抢修 stands on both lists: calm it is 12345's."""
    calm, left = pass_gates(ITEMS, "停电两个小时了", urgent=0.1)
    assert calm[0] == ("12345-020505", 0.3)
    assert dict(calm)["110-060203"] == 0.6 * SHUT
    assert left == (0.6 * SHUT + 0.1) / 0.7
    danger, left = pass_gates(ITEMS, "电线掉下来冒火花", urgent=0.9)
    assert danger == ITEMS
    assert left == 1.0


def test_question_is_for_the_police_only_when_they_are_what_it_is_about():
    items = (("110-080107", 0.7), ("12345-010103", 0.3))
    assert pass_gates(items, "身份证丢了怎么补办", urgent=0.0)[0] == items
    assert pass_gates(items, "公积金怎么提取", urgent=0.0)[0][0][0] == "12345-010103"


def test_nothing_for_the_police_leaves_everything_as_it_was():
    items = (("12345-020602", 1.0),)
    assert pass_gates(items, "路灯坏了", urgent=0.0) == (items, 1.0)


def test_word_of_the_police_alone_does_not_make_it_their_business():
    """A household register is named in many questions to schools and housing offices."""
    items = (("110-080107", 0.7), ("12345-010103", 0.3))
    asked = pass_gates(items, "户口在外省，孩子在这边上学要什么条件", urgent=0.0)[0]
    assert asked[0][0] == "12345-010103"
    assert pass_gates(items, "户口迁过来要什么材料", urgent=0.0)[0] == items
