"""Every step of the transition table, made in a real browser by a role that owns it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django import forms
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from catalog.models import Region
from catalog.rules.roles import Role
from hotline.actions.intake import save_draft
from hotline.forms.moves import MOVE_FORMS
from hotline.models import Ticket
from hotline.rules.states import STATE_NAMES, STATE_PUBLIC_NAMES, State
from hotline.rules.workflow import BY_MOVE, TRANSITIONS, Holder, Move, Transition
from hotline.views.desk import WAYS_OUT
from tests.conftest import NOW, TEXT, load_stage
from tests.flows.steps import WAYS, Scene, form_of, registered, returned, signed, stay, typed

LATER = NOW + dt.timedelta(hours=1)
PHONE = "13800000001"
CAST = (
    "operator",
    "golmud_operator",
    "supervisor",
    "government",
    "clerk",
    "leader",
    "co_clerk",
    "consulted",
)
CITIZEN = [row.move for row in TRANSITIONS if row.citizen]
# Nobody presses them: with the master's answer, by a task.
UNSEEN = {Move.FOLLOW, Move.ARCHIVE}
# What the page says afterwards where the form does not say it of itself.
DONE = {
    Move.SPLIT: "已拆出新工单",
    Move.CLOSE: "回访完成，工单已办结。",
    Move.REWORK: "已退回承办单位重办",
    Move.KEEP_UNIT: "会商决定由原单位承办",
    Move.CHANGE_UNIT: "会商决定改派",
}


@pytest.fixture(scope="module")
def stage(trained_models, shared_server, django_db_blocker):
    """Set up once: what the tests here write is rolled back."""
    with django_db_blocker.unblock():
        if not Region.objects.exists():
            load_stage(trained_models)


@pytest.fixture(autouse=True)
def at_work(stage, db, wall_clock):
    wall_clock(LATER)


@pytest.fixture
def cast(request, at_work):
    return {name: request.getfixturevalue(name) for name in CAST}


@pytest.fixture
def scene(cast, dispatched, other):
    return Scene(dispatched, other, cast)


def owner_of(row: Transition) -> str:
    """The humblest of the cast who may make the move."""
    if row.holder is Holder.HOTLINE:
        return "operator" if Role.OPERATOR in row.roles else "supervisor"
    if row.holder is Holder.LEAD_UNIT:
        return "clerk" if Role.UNIT_CLERK in row.roles else "leader"
    return "co_clerk"


def path_of(ticket: Ticket) -> str:
    return reverse("ticket", args=[ticket.number])


def label_of(move: Move) -> str:
    return MOVE_FORMS[move].title or BY_MOVE[move].label


def box_of(page: Page, move: Move) -> Locator:
    """The folded box with the move's form."""
    return page.locator(
        "#actions details.move", has=page.locator(f'summary:text-is("{label_of(move)}")')
    )


def unfold(page: Page, move: Move) -> Locator:
    box = box_of(page, move)
    if not box.is_visible():
        page.get_by_text("其他操作", exact=True).click()
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    return box


def write(form: Locator, move: Move, values: dict[str, object]) -> None:
    """Fills in by the labels that a person reads."""
    for name, field in MOVE_FORMS[move].base_fields.items():
        if name not in values or isinstance(field.widget, forms.HiddenInput):
            continue
        value = str(values[name])
        if isinstance(field.widget, forms.RadioSelect):
            form.get_by_label(dict(field.choices)[_key(field, value)], exact=True).check()
            continue
        control = form.get_by_label(re.compile(rf"^{re.escape(field.label)}( \*)?$"))
        if isinstance(field.widget, forms.Select):
            control.select_option(value)
        else:
            control.fill(value)


def _key(field: forms.ChoiceField, value: str) -> object:
    return next(key for key, _ in field.choices if str(key) == value)


def send(page: Page, form: Locator, label: str, confirm: str = "") -> None:
    form.get_by_role("button", name=label, exact=True).click()
    if confirm:
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(confirm)
        dialog.get_by_role("button", name=label, exact=True).click()


def last_step(ticket: Ticket) -> tuple[str, str, object]:
    """State, kind of the last event, and who made it."""
    ticket.refresh_from_db()
    event = ticket.events.order_by("pk").last()
    return ticket.state, event.kind, event.by


def test_no_step_is_left_out():
    tried = set(WAYS) | {Move.REGISTER, Move.DISCARD} | set(CITIZEN)
    assert tried | UNSEEN == set(Move)
    assert set(MOVE_FORMS) <= tried


@pytest.mark.parametrize("move", WAYS)
def test_step_is_made_on_the_page_by_the_role_that_owns_it(open_as, scene, move):
    WAYS[move][0](scene)
    row, ticket, form = BY_MOVE[move], scene.ticket, form_of(move)
    user, state = scene.cast[owner_of(row)], row.target or State(ticket.state)
    page = open_as(user, path_of(ticket))
    box = unfold(page, form)
    write(box, form, typed(move, scene))
    send(page, box, label_of(form), BY_MOVE[form].confirm)
    expect(page.get_by_role("status")).to_contain_text(DONE.get(move, MOVE_FORMS[form].done))
    expect(page.locator("main > .head .badge").first).to_have_text(STATE_NAMES[state])
    assert last_step(ticket) == (state, move, user)


@pytest.mark.parametrize("way", WAYS_OUT)
def test_call_is_registered_at_the_desk_and_ended_in_each_way(open_as, cast, way):
    page = open_as(cast["operator"], reverse("desk"))
    page.get_by_label("来电号码").fill(PHONE)
    page.get_by_label("诉求内容").fill(TEXT)
    expect(page.locator("#id_item")).to_have_value(re.compile("12345-020602"), timeout=15000)
    page.get_by_role("radiogroup").get_by_text(BY_MOVE[way].label).click()
    form = page.locator("#desk")
    write(form, way, WAYS[way][1])
    form.get_by_role("button", name="登记并提交").click()
    expect(page.get_by_role("status")).to_contain_text("已登记。" + MOVE_FORMS[way].done)
    ticket = Ticket.objects.get()
    state = BY_MOVE[way].target
    expect(page.locator("main > .head .badge").first).to_have_text(STATE_NAMES[state])
    assert ticket.state == state
    kinds = ticket.events.order_by("pk").values_list("kind", "by__username")
    assert list(kinds.exclude(kind="draft")) == [(Move.REGISTER, "operator"), (way, "operator")]


def test_draft_is_discarded_at_the_desk(open_as, cast, intake):
    draft = save_draft(intake=intake, key="draft", by=cast["operator"])
    page = open_as(cast["operator"], reverse("desk"))
    send(page, page.locator("main"), "作废", "不能恢复")
    expect(page.get_by_text("草稿已作废")).to_be_visible()
    assert last_step(draft) == (State.DISCARDED, Move.DISCARD, cast["operator"])


@pytest.mark.parametrize(
    ("move", "label"), [(Move.URGE, "催办"), (Move.WITHDRAW, "撤回诉求")], ids=CITIZEN
)
def test_caller_does_it_on_the_progress_page(open_as, dispatched, move, label):
    page = open_as(None, reverse("progress"))
    page.get_by_label("工单编号").fill(dispatched.number)
    page.get_by_label("登记时的电话号码").fill(PHONE)
    page.get_by_role("button", name="查询").click()
    confirm = {Move.URGE: "只能催办一次", Move.WITHDRAW: "不能恢复"}[move]
    send(page, page.locator("main"), label, confirm)
    expect(page.get_by_role("status")).to_contain_text("已")
    state = BY_MOVE[move].target or State.DISPATCHED
    expect(page.locator("h1")).to_have_text(STATE_PUBLIC_NAMES[state])
    assert last_step(dispatched) == (state, move, None)


def go_to(page: Page, target: Locator) -> None:
    """With the Tab key alone."""
    for _ in range(80):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the Tab key does not get there")


def test_folded_form_is_filled_in_and_sent_by_keyboard_alone(open_as, scene):
    page = open_as(scene.cast["operator"], path_of(scene.ticket))
    go_to(page, page.get_by_text("其他操作", exact=True))
    page.keyboard.press("Enter")
    box = box_of(page, Move.WITHDRAW)
    go_to(page, box.locator("summary"))
    page.keyboard.press("Enter")
    go_to(page, box.get_by_label("来电人撤回的原因"))
    page.keyboard.insert_text("来电人已自行解决")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="返回")).to_be_focused()
    go_to(page, dialog.get_by_role("button", name="撤回"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("撤回")
    assert last_step(scene.ticket)[:2] == (State.WITHDRAWN, Move.WITHDRAW)


def test_callback_is_noted_by_keyboard_alone(open_as, scene):
    WAYS[Move.CLOSE][0](scene)
    page = open_as(scene.cast["operator"], path_of(scene.ticket))
    box = box_of(page, Move.CLOSE)
    for label in ("已解决", "非常满意"):
        radio = box.get_by_label(label, exact=True)
        go_to(page, radio)
        page.keyboard.press("Space")
        expect(radio).to_be_checked()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("已办结")
    assert last_step(scene.ticket)[:2] == (State.CLOSED, Move.CLOSE)


@pytest.mark.parametrize(
    ("reach", "move", "name"),
    [
        (stay, Move.URGE, "government"),
        (returned, Move.REFUSE_RETURN, "operator"),
        (stay, Move.SIGN, "operator"),
        (stay, Move.SIGN, "co_clerk"),
        (WAYS[Move.REPLY_ORDER][0], Move.REPLY_ORDER, "clerk"),
        (stay, Move.CO_REPLY, "clerk"),
    ],
)
def test_who_may_not_sees_no_button(open_as, scene, reach, move, name):
    reach(scene)
    for person, count in ((name, 0), (owner_of(BY_MOVE[move]), 1)):
        page = open_as(scene.cast[person], path_of(scene.ticket))
        expect(page.locator("h1")).to_contain_text(scene.ticket.number)
        button = page.get_by_role("button", name=label_of(move), exact=True, include_hidden=True)
        expect(button).to_have_count(count)


@pytest.mark.parametrize(
    ("reach", "move", "values", "wrong", "message"),
    [
        (signed, Move.REPLY, {"text": "已换灯具"}, "不再等待协办单位的理由", "协办"),
        (
            registered,
            Move.PROPOSE_END,
            {"ground": "repeated", "earlier": "261120999999", "reason": "没有新的事实"},
            "此前已答复的工单编号",
            "请核对编号",
        ),
    ],
)
def test_refused_form_stays_as_typed_with_the_message_at_the_field(
    open_as, scene, reach, move, values, wrong, message
):
    reach(scene)
    state, user = scene.ticket.state, scene.cast[owner_of(BY_MOVE[move])]
    page = open_as(user, path_of(scene.ticket))
    box = unfold(page, move)
    write(box, move, values)
    send(page, box, label_of(move))
    expect(page.get_by_role("alert").first).to_contain_text("没有提交")
    bad = box.locator(".field.bad")
    expect(bad.get_by_role("alert")).to_contain_text(message)
    expect(bad.get_by_label(wrong)).to_be_focused()
    for name, value in values.items():
        expect(box.locator(f"[name={name}]")).to_have_value(value)
    assert last_step(scene.ticket)[0] == state
