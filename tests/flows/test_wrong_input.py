"""Forms of the moves over HTTP, filled in wrongly: 422, the reason at the field, nothing changed."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from hotline.actions.intake import register_ticket
from hotline.forms.moves import MOVE_FORMS
from hotline.rules.workflow import BY_MOVE, Move
from tests.conftest import NOW
from tests.flows.steps import FORM_OF, OWNER, WAYS, Scene, all_of, typed

PEOPLE = ("operator", "supervisor", "clerk", "leader", "co_clerk", "consulted")

# What the form itself asks for; the rest the action does, by what else was chosen.
REQUIRED = {
    move: [name for name, field in MOVE_FORMS[move].base_fields.items() if field.required]
    for move in WAYS
    if move not in FORM_OF
}
ASKED_BY_THE_ACTION = [
    (Move.DISPATCH, {"item": ""}, "item", "请选择事项"),
    (Move.DISPATCH, {"lead_unit": ""}, "lead_unit", "请选择主办单位"),
    (Move.DISPATCH, {"co_units": "630100-housing"}, "co_units", "不能同时协办"),
    (Move.DISPATCH, {"days": "11"}, "days", "5 至 10 个工作日"),
    (Move.ANSWER, {"answer": ""}, "answer", "请填写答复内容"),
    (Move.DECLINE, {"exclusion": ""}, "exclusion", "请选择不予受理的情形"),
    (Move.DECLINE, {"guidance": ""}, "guidance", "合法途径"),
    (Move.TRANSFER, {"target": ""}, "target", "请选择转往的号码"),
    (Move.PASS_ON, {"center": "630000"}, "center", "工单已在青海省热线"),
    (Move.PROPOSE_END, {"ground": "repeated", "earlier": ""}, "earlier", "请填写此前已答复"),
    (Move.REPLY, {"without": ""}, "without", "尚未提交协办意见"),
    (Move.SUPPLY, {"answer": ""}, "answer", "请填写来电人补充的内容"),
    (Move.GRANT_EXTENSION, {"days": "6"}, "days", "1 至申请的 5 个工作日"),
    (Move.CONVENE, {"units": "630100-housing"}, "units", "现主办单位以外"),
    (Move.KEEP_UNIT, {"unit": ""}, "unit", "请选择会商确定的承办单位"),
    (Move.ADD_CO_UNITS, {"co_units": "630100-ecology"}, "co_units", "已是协办单位"),
    (Move.CHANGE_LIMIT, {"handling_class": "general", "days": "5"}, "days", "都没有变化"),
    (Move.CHANGE_LIMIT, {"days": "16"}, "days", "10 至 15 个工作日"),
    (Move.OPEN_ORDER, {"days": "6"}, "days", "小于或等于5"),
    (Move.CLOSE, {"solved": ""}, "solved", "请选择问题是否解决"),
    (Move.CLOSE, {"rating": ""}, "rating", "请选择满意程度"),
    (Move.CLOSE, {"solved": "no"}, "note", "重办须写明"),
]
UNIT_FIELDS = [
    (Move.DISPATCH, "lead_unit"),
    (Move.DISPATCH, "co_units"),
    (Move.RETURN, "suggested_unit"),
    (Move.CONVENE, "units"),
    (Move.KEEP_UNIT, "unit"),
    (Move.KEEP_UNIT, "new_line"),
    (Move.ADD_CO_UNITS, "co_units"),
]
TEXTS = {
    move: [
        name
        for name, field in MOVE_FORMS[move].base_fields.items()
        if field.widget.__class__.__name__ == "Textarea"
    ]
    for move in REQUIRED
}


@pytest.fixture
def scene(request, wall_clock, dispatched, other):
    wall_clock(NOW + dt.timedelta(hours=1))
    people = {name: request.getfixturevalue(name) for name in PEOPLE}
    request.getfixturevalue("golmud_operator")
    return Scene(dispatched, other, people)


def refused_at(scene, move, changes):
    """Fields with their errors, as the page that came back shows them; nothing was changed."""
    before = all_of(scene.ticket)
    client = Client()
    client.force_login(scene.cast[OWNER[BY_MOVE[move].holder]])
    url = reverse("move", args=[scene.ticket.number, move])
    answer = client.post(url, typed(move, scene) | changes)
    assert answer.status_code == 422
    assert all_of(scene.ticket) == before
    shown = [
        entry["form"].errors
        for entry in answer.context["moves"] + answer.context["rare_moves"]
        if entry["form"].is_bound
    ]
    assert len(shown) == 1, "the form that was sent is on the page"
    page = answer.content.decode()
    for messages in shown[0].values():
        assert all(message in page for message in messages)
    return {name: " ".join(messages) for name, messages in shown[0].items()}


@pytest.mark.parametrize("move", [move for move, fields in REQUIRED.items() if fields])
def test_required_fields_left_empty(scene, move):
    WAYS[move][0](scene)
    errors = refused_at(scene, move, dict.fromkeys(REQUIRED[move], ""))
    assert sorted(errors) == sorted(REQUIRED[move])


@pytest.mark.parametrize(("move", "changes", "field", "message"), ASKED_BY_THE_ACTION)
def test_what_the_rules_ask_for(scene, move, changes, field, message):
    WAYS[move][0](scene)
    errors = refused_at(scene, move, changes)
    assert list(errors) == [field]
    assert message in errors[field]


@pytest.mark.parametrize("move", [move for move, fields in TEXTS.items() if fields])
def test_six_thousand_characters(scene, move):
    WAYS[move][0](scene)
    errors = refused_at(scene, move, dict.fromkeys(TEXTS[move], "长" * 6000))
    assert sorted(errors) == sorted(TEXTS[move])


@pytest.mark.parametrize(("move", "field"), UNIT_FIELDS)
def test_unknown_unit(scene, move, field):
    WAYS[move][0](scene)
    errors = refused_at(scene, move, {field: "西宁市没有的局 · 630100-nothing"})
    assert list(errors) == [field]
    assert "目录中没有" in errors[field]


@pytest.mark.parametrize(("move", "field"), [(Move.MERGE, "master"), (Move.PROPOSE_END, "earlier")])
@pytest.mark.parametrize("number", ["elsewhere", "261120999999", "不是编号"])
def test_number_of_a_ticket_that_is_not_ours(
    scene, golmud_operator, make_staff, intake, move, field, number
):
    """The centre of Golmud tries to name one of the province's."""
    ours, _ = register_ticket(intake=intake, key="ours", by=golmud_operator, at=NOW)
    number = scene.other.number if number == "elsewhere" else number
    here = Scene(ours, scene.other, scene.cast | {"supervisor": golmud_operator})
    errors = refused_at(here, move, {"ground": "repeated", field: number})
    assert list(errors) == [field]
    assert "不在您的查看范围内" in errors[field]


def test_same_unit_named_twice_joins_once(scene):
    client = Client()
    client.force_login(scene.cast["operator"])
    url = reverse("move", args=[scene.ticket.number, Move.ADD_CO_UNITS])
    twice = {"co_units": "630100-water；西宁市水务局 · 630100-water", "reason": "涉及排水"}
    assert client.post(url, twice).status_code == 302
    assert scene.ticket.assignments.filter(unit__code="630100-water").count() == 1
