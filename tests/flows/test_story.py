"""The story of one call over HTTP: taken down, dispatched, answered, called back, seen by the citizen."""

import re
import uuid

import pytest
from django.urls import reverse

from hotline.models import Ticket
from hotline.rules.states import State
from routing.rules.confidence import ZONE_NAMES
from tests.conftest import TEXT

PHONE = "13800000001"


def desk_form(**changes):
    return {
        "key": uuid.uuid4().hex,
        "phone": PHONE,
        "name": "示例人",
        "channel": "phone",
        "content": TEXT,
        "way_out": "dispatch",
        "item": "路灯故障 · 公共设施 · 12345-020602",
        "region": "城中区 · 西宁市 · 630103",
        "handling_class": "general",
        "lead_unit": "西宁市住房和城乡建设局（示例） · 630100-housing",
        "co_units": "",
        "days": "",
    } | changes


@pytest.fixture
def as_user(client):
    def login(user):
        client.force_login(user)
        return client

    return login


def press(client, ticket, move, **fields):
    ticket.refresh_from_db()
    answer = client.post(
        reverse("move", args=[ticket.number, move]), {"version": ticket.version} | fields
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    ticket.refresh_from_db()


def test_story_of_one_call(as_user, operator, clerk):
    desk = as_user(operator)
    suggestion = desk.post(reverse("suggest"), {"content": TEXT}).content.decode()
    assert "路灯故障" in suggestion
    assert "城中区" in suggestion
    assert any(f"<strong>{advice}</strong>" in suggestion for advice in ZONE_NAMES.values())
    answer = desk.post(reverse("desk"), desk_form(), follow=True)
    ticket = Ticket.objects.get()
    assert ticket.state == State.DISPATCHED
    assert "已登记" in answer.content.decode()

    unit = as_user(clerk)
    assert ticket.number in unit.get(reverse("queue")).content.decode()
    press(unit, ticket, "sign")
    press(unit, ticket, "reply", text="已更换灯具，当晚恢复照明。")
    assert ticket.number not in unit.get(reverse("queue")).content.decode()

    desk = as_user(operator)
    assert ticket.number in desk.get(reverse("worklist")).content.decode()
    press(desk, ticket, "approve", note="")
    press(desk, ticket, "close", reached="yes", solved="yes", rating="5")
    assert ticket.state == State.CLOSED

    desk.logout()
    page = desk.post(reverse("progress"), {"number": ticket.number, "phone": PHONE})
    words = page.content.decode()
    assert "已办结" in words
    assert "已更换灯具" in words
    assert "示例人" not in words
    assert PHONE not in re.sub(r"<input[^>]*>", "", words)


def test_same_form_sent_twice_makes_one_ticket(as_user, operator):
    desk = as_user(operator)
    form = desk_form()
    desk.post(reverse("desk"), form)
    answer = desk.post(reverse("desk"), form, follow=True)
    assert Ticket.objects.count() == 1
    assert "没有重复建立" in answer.content.decode()


def test_refused_way_out_registers_nothing_and_keeps_what_was_typed(as_user, operator):
    answer = as_user(operator).post(reverse("desk"), desk_form(days="15"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "5 至 10 个工作日" in page
    assert TEXT in page
    assert not Ticket.objects.exclude(state=State.DRAFT).exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"content": ""}, "请填写诉求内容"),
        ({"item": "没有的事项"}, "目录中没有"),
        ({"lead_unit": ""}, "请选择主办单位"),
        ({"phone": "12"}, "电话号码应为"),
        ({"way_out": "decline"}, "请选择不予受理的情形"),
        ({"way_out": "answer"}, "请填写答复内容"),
        ({"handling_class": "none"}, "选择一个有效的选项"),
    ],
)
def test_errors_of_the_desk_name_their_mend(as_user, operator, change, message):
    answer = as_user(operator).post(reverse("desk"), desk_form(**change))
    assert answer.status_code == 422
    assert message in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"way_out": "answer", "answer": "请联系路灯所。"}, State.CLOSED),
        ({"way_out": "transfer", "target": "110", "way": "conference"}, State.TRANSFERRED),
        (
            {"way_out": "decline", "exclusion": "litigation", "guidance": "请依法上诉。"},
            State.DECLINED,
        ),
    ],
)
def test_other_ways_out_of_the_desk(as_user, operator, fields, state):
    answer = as_user(operator).post(reverse("desk"), desk_form(**fields))
    assert answer.status_code == 302
    assert Ticket.objects.get().state == state


def test_autosave_keeps_a_draft_that_can_be_gone_on_with_and_discarded(as_user, operator):
    desk = as_user(operator)
    form = desk_form(content="路灯坏")
    assert "自动保存" in desk.post(reverse("autosave"), form).content.decode()
    draft = Ticket.objects.get()
    assert draft.state == State.DRAFT
    page = desk.get(reverse("desk"), {"draft": form["key"]}).content.decode()
    assert "路灯坏" in page
    desk.post(reverse("discard-draft", args=[form["key"]]))
    draft.refresh_from_db()
    assert (draft.state, draft.content_original) == (State.DISCARDED, "")


def test_draft_of_another_operator_is_not_shown(as_user, operator, golmud_operator):
    form = desk_form(content="只有我能看的草稿")
    as_user(operator).post(reverse("autosave"), form)
    page = as_user(golmud_operator).get(reverse("desk"), {"draft": form["key"]})
    assert "只有我能看的草稿" not in page.content.decode()


def test_citizen_with_wrong_phone_learns_nothing_and_is_slowed_down(client, registered):
    from django.core.cache import cache

    cache.clear()
    url = reverse("progress")
    wrong = {"number": registered.number, "phone": "13800000002"}
    for _ in range(10):
        answer = client.post(url, wrong)
        assert answer.status_code == 404
        assert registered.title not in answer.content.decode()
    assert client.post(url, wrong | {"phone": PHONE}).status_code == 429
    cache.clear()
    assert client.post(url, wrong | {"phone": PHONE}).status_code == 200


def test_caller_history_shows_earlier_tickets_of_the_number(as_user, operator, registered):
    page = as_user(operator).post(reverse("caller-history"), {"phone": "138 0000 0001"})
    assert registered.number in page.content.decode()


def test_export_holds_what_the_search_shows_and_no_personal_data(as_user, operator, dispatched):
    answer = as_user(operator).get(reverse("export-tickets"), {"state": "dispatched"})
    text = b"".join(answer.streaming_content).decode()
    assert dispatched.number in text
    assert PHONE not in text
    assert "示例人" not in text
    empty = as_user(operator).get(reverse("export-tickets"), {"state": "closed"})
    assert dispatched.number not in b"".join(empty.streaming_content).decode()


def test_export_defuses_formulas(as_user, operator, dispatched):
    Ticket.objects.filter(pk=dispatched.pk).update(title="=1+1")
    answer = as_user(operator).get(reverse("export-tickets"))
    assert "'=1+1" in b"".join(answer.streaming_content).decode()


def test_markup_in_a_call_stays_text(as_user, operator):
    text = "<script>alert(1)</script>路灯坏了没人修"
    as_user(operator).post(reverse("desk"), desk_form(content=text))
    ticket = Ticket.objects.get()
    page = as_user(operator).get(reverse("ticket", args=[ticket.number])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_as_many_queries_for_many_rows_as_for_one(
    as_user, operator, supervisor, clerk, intake, choice, rows, django_assert_max_num_queries
):
    from hotline.actions.dispatch import dispatch_ticket
    from hotline.actions.intake import register_ticket
    from tests.conftest import NOW

    for index in range(rows):
        ticket, _ = register_ticket(intake=intake, key=f"k{index}", by=operator, at=NOW)
        dispatch_ticket(ticket, choice=choice, by=operator, at=NOW)
    for user, view in (
        (operator, "worklist"),
        (clerk, "queue"),
        (supervisor, "board"),
        (operator, "tickets"),
    ):
        browser = as_user(user)
        with django_assert_max_num_queries(17):
            browser.get(reverse(view))


def test_everybody_can_change_their_own_password(as_user, clerk):
    clerk.set_password("an-old-one-1")
    clerk.save()
    page = as_user(clerk)
    fields = {
        "old_password": "an-old-one-1",
        "new_password1": "a-quite-new-1",
        "new_password2": "a-quite-new-1",
    }
    assert "旧密码" in page.get(reverse("password")).content.decode()
    assert page.post(reverse("password"), fields | {"old_password": "no"}).status_code == 200
    assert page.post(reverse("password"), fields).status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password("a-quite-new-1")
