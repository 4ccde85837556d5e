"""What each role finds on its pages: the queue, supervise orders, the ticket's own page."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from catalog.rules.roles import Role
from hotline.actions.consult import convene
from hotline.actions.ending import propose_end
from hotline.actions.extension import ask_extension
from hotline.actions.handle import reply_as_co_handler, return_ticket, sign_ticket
from hotline.actions.intake import register_ticket
from hotline.actions.merge import merge_ticket
from hotline.actions.supervise import close_order, open_order, reply_order
from hotline.actions.supplement import ask_caller
from hotline.models import Ticket
from hotline.queries.offers import offered_moves
from hotline.rules.endings import Ground
from hotline.rules.states import STATE_NAMES
from hotline.rules.workflow import Move
from hotline.templatetags.tickets import state_badge
from tests.conftest import NOW

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_work():
    with time_machine.travel(NOW + dt.timedelta(hours=2)):
        yield


@pytest.fixture
def signed(dispatched, clerk):
    sign_ticket(dispatched, by=clerk, at=NOW)
    return dispatched


@pytest.fixture
def ordered(signed, supervisor):
    open_order(signed, demand="查清原因", days=None, by=supervisor, at=LATER)
    return signed


@pytest.fixture
def government(make_staff):
    return make_staff("government", Role.GOVERNMENT, region="630000")


@pytest.fixture
def page_of(client):
    def get(user, view, *args, **query):
        client.force_login(user)
        return client.get(reverse(view, args=args), query)

    return get


def words(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_orders_are_shown_to_who_ordered_who_answers_and_who_looks_on(
    page_of, ordered, supervisor, leader, government, make_staff
):
    for person in (supervisor, leader, government):
        assert ordered.number in words(page_of(person, "orders"))
    others = (
        make_staff("other-leader", Role.UNIT_LEADER, unit="630100-market"),
        make_staff("other-supervisor", Role.SUPERVISOR, region="632800"),
    )
    for person in others:
        page = words(page_of(person, "orders"))
        assert ordered.number not in page
        assert "没有未办结的督办单" in page


def test_orders_are_not_for_operators_and_clerks(page_of, ordered, operator, clerk):
    for person in (operator, clerk):
        assert page_of(person, "orders").status_code == 403
        assert page_of(person, "export-orders").status_code == 403


def test_order_moves_from_open_to_closed_and_is_exported_without_its_words(
    page_of, ordered, supervisor, leader
):
    reply_order(ordered, text="已在查", by=leader, at=LATER)
    assert "已回复，待办结" in words(page_of(supervisor, "orders"))
    close_order(ordered, note="可以", by=supervisor, at=LATER)
    assert ordered.number not in words(page_of(supervisor, "orders"))
    assert ordered.number in words(page_of(supervisor, "orders", show="closed"))
    file = page_of(supervisor, "export-orders", show="closed")
    text = b"".join(file.streaming_content).decode()
    assert file["Content-Disposition"].startswith('attachment; filename="orders-')
    assert ordered.number in text
    assert "查清原因" not in text
    empty = b"".join(page_of(supervisor, "export-orders").streaming_content).decode()
    assert ordered.number not in empty


def test_queue_shows_orders_first_and_lists_waiting_tickets_apart(
    page_of, ordered, clerk, operator
):
    page = words(page_of(clerk, "queue"))
    assert page.index("督办单，请单位负责人回复") < page.index("协办意见未齐")
    assert "现在不用办理" not in page
    ask_caller(ordered, question="哪一盏灯", by=clerk, at=LATER)
    page = words(page_of(clerk, "queue"))
    assert page.index("现在不用办理") < page.rindex(ordered.number)
    assert "没有要办理的工单" in page


def test_co_handler_is_asked_for_its_part_until_it_is_told(page_of, signed, clerk, co_clerk):
    ask_caller(signed, question="哪一盏灯", by=clerk, at=LATER)
    assert "请提交协办意见" in words(page_of(co_clerk, "queue"))
    reply_as_co_handler(signed, text="无污染", by=co_clerk, at=LATER)
    assert signed.number not in words(page_of(co_clerk, "queue"))


def test_invited_unit_finds_the_consult_in_its_queue(page_of, signed, clerk, supervisor, stranger):
    assert signed.number not in words(page_of(stranger, "queue"))
    return_ticket(signed, reason="不归我们", basis="目录", by=clerk, at=LATER)
    convene(signed, question="灯归谁管", units=[stranger.unit], by=supervisor, at=LATER)
    page = words(page_of(stranger, "queue"))
    assert "受邀会商" in page
    assert "灯归谁管" in page


def test_worklist_has_a_tab_for_extensions_and_the_page_says_who_rules(
    page_of, signed, clerk, supervisor
):
    assert signed.number not in words(page_of(supervisor, "worklist"))
    ask_extension(signed, days=3, reason="要订灯具", by=clerk, at=LATER)
    assert "延期待审批 1" in words(page_of(supervisor, "worklist"))
    tab = words(page_of(supervisor, "worklist", state="extension_asked"))
    assert signed.number in tab
    page = words(page_of(supervisor, "ticket", signed.number))
    assert "待热线督办员审批" in page
    assert "要订灯具" in page
    assert 'value="3"' in page


def test_worklist_shows_an_operator_what_an_operator_may_do(
    page_of, signed, clerk, operator, supervisor
):
    return_ticket(signed, reason="不归我们", basis="目录", by=clerk, at=LATER)
    assert signed.number in words(page_of(supervisor, "worklist"))
    page = words(page_of(operator, "worklist"))
    assert signed.number not in page
    assert "待派单" in page
    assert "退单待裁定" not in page


def test_ticket_page_says_that_time_stands_still(page_of, signed, clerk):
    assert "已暂停" not in words(page_of(clerk, "ticket", signed.number))
    ask_caller(signed, question="哪一盏灯", by=clerk, at=LATER)
    page = words(page_of(clerk, "ticket", signed.number))
    assert "办理时限已暂停，等待来电人补充" in page
    assert "哪一盏灯" in page


def test_only_the_clock_of_who_looks_stands_open(page_of, dispatched, clerk, co_clerk):
    for person, step in ((clerk, "办理"), (co_clerk, "协办")):
        page = words(page_of(person, "ticket", dispatched.number))
        shown = [part.split("</summary>")[0] for part in page.split('<details class="clock"')[1:]]
        assert len(shown) == 3
        assert [part.startswith(" open") for part in shown] == [True, False, False]
        assert f"<strong>{step}</strong>" in shown[0]


def test_merged_tickets_lead_to_each_other_for_who_may_see_both(
    page_of, dispatched, intake, operator, clerk
):
    follower, _ = register_ticket(intake=intake, key="two", by=operator, at=NOW)
    merge_ticket(follower, master=dispatched, by=operator, at=LATER)
    link = reverse("ticket", args=[follower.number])
    assert link in words(page_of(operator, "ticket", dispatched.number))
    of_unit = words(page_of(clerk, "ticket", dispatched.number))
    assert follower.number in of_unit
    assert link not in of_unit
    assert "随主单一并答复" in words(page_of(operator, "ticket", follower.number))


def test_who_proposed_an_end_is_not_offered_the_review(registered, supervisor, make_staff):
    propose_end(registered, ground=Ground.GROUNDLESS, reason="无据", by=supervisor, at=LATER)
    second = make_staff("second", Role.SUPERVISOR, region="630000")
    offered = {
        person: {row.move for row in offered_moves(person, registered, now=LATER)}
        for person in (supervisor, second)
    }
    assert Move.CONFIRM_END not in offered[supervisor]
    assert Move.CONFIRM_END in offered[second]


def test_board_counts_what_is_held_up(page_of, ordered, clerk, government, supervisor):
    ask_extension(ordered, days=3, reason="要订灯具", by=clerk, at=LATER)
    for person in (supervisor, government):
        client_page = words(page_of(person, "board"))
        for name in ("延期待审批", "未办结督办单"):
            before = client_page[: client_page.index(name)]
            assert before.rindex("<b>1</b>") > before.rindex('<div class="figure-card')


def test_refused_form_says_so_at_the_top_and_stands_open(client, registered, operator):
    client.force_login(operator)
    answer = client.post(reverse("move", args=[registered.number, "withdraw"]), {"reason": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "没有提交" in page
    assert '<details class="rare" open>' in page


def test_every_state_has_its_badge():
    for state, name in STATE_NAMES.items():
        assert name in state_badge(Ticket(state=state))
