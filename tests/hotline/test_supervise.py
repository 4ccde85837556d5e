"""Pressing a unit: urging, and orders to its leader (48号 三（四）)."""

import pytest

from catalog.rules.limits import Rung, Step
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.feedback import check_reply
from hotline.actions.supervise import close_order, open_order, reply_order, urge_ticket
from hotline.models import SupervisionOrder
from hotline.permissions import NotAllowed
from hotline.queries.notices import notices_for
from hotline.rules.assignments import Verdict
from hotline.rules.clocks import ClockState
from hotline.rules.workflow import IllegalMove, Move
from tests.hotline.history import on
from tests.hotline.stages import answer, clock_of, event_of, give_back, running, take_back


@pytest.fixture
def ordered(handling, supervisor):
    open_order(handling, demand="查清原因", days=None, by=supervisor, at=on(23))
    return handling


def order_of(ticket):
    return SupervisionOrder.objects.get(ticket=ticket)


def test_urged_at_most_once_a_working_day(dispatched, operator):
    urge_ticket(dispatched, by=operator, at=on(20, 10))
    with pytest.raises(ActionRefused, match="11月20日 10:00 已催办过"):
        urge_ticket(dispatched, by=operator, at=on(23, 9, 59))
    urge_ticket(dispatched, by=operator, at=on(23, 10))
    assert dispatched.events.filter(kind=Move.URGE).count() == 2


def test_caller_urges_too_and_the_unit_is_told_who(dispatched, operator, clerk):
    urge_ticket(dispatched, by=None, at=on(20, 11))
    notice = notices_for(clerk).get(code=Move.URGE)
    assert (notice.rung, notice.clock) == (Rung.URGE, None)
    assert "来电人催办" in notice.text
    assert event_of(dispatched, Move.URGE)["citizen"] is True
    with pytest.raises(ActionRefused, match="已催办过"):
        urge_ticket(dispatched, by=operator, at=on(20, 12))


def test_nobody_is_urged_while_the_hotline_has_the_ticket(registered, operator):
    with pytest.raises(IllegalMove):
        urge_ticket(registered, by=operator, at=on(20, 11))


def test_order_has_its_own_limit_and_goes_to_the_leader(ordered, leader, clerk):
    order = order_of(ordered)
    assert (order.clock.days, order.clock.due_at) == (2, on(25, 17, 30))
    assert order.clock.unit == leader.unit
    assert "11月25日 17:30" in notices_for(leader).get(code=Move.OPEN_ORDER).text
    assert not notices_for(clerk).filter(code=Move.OPEN_ORDER).exists()


def test_one_order_at_a_time(ordered, supervisor):
    with pytest.raises(ActionRefused, match="已有未办结的督办单"):
        open_order(ordered, demand="再查", days=None, by=supervisor, at=on(24))
    assert ordered.clocks.filter(step=Step.ORDER).count() == 1


def test_leader_alone_replies_and_once(ordered, leader, clerk, supervisor):
    with pytest.raises(NotAllowed):
        reply_order(ordered, text="已安排", by=clerk, at=on(24))
    reply_order(ordered, text="已安排", by=leader, at=on(24))
    assert clock_of(ordered, Step.ORDER).state == ClockState.ENDED
    assert Step.HANDLE in running(ordered), "the handling goes on"
    assert notices_for(supervisor).filter(code=Move.REPLY_ORDER).count() == 1
    with pytest.raises(ActionRefused, match="督办单已回复"):
        reply_order(ordered, text="再说一遍", by=leader, at=on(24, 11))


def test_closed_with_a_note_answered_or_not_and_then_another_may_come(ordered, supervisor):
    with pytest.raises(WrongInput, match="办结意见"):
        close_order(ordered, note=" ", by=supervisor, at=on(24))
    close_order(ordered, note="已当面督促", by=supervisor, at=on(24))
    order = order_of(ordered)
    assert (order.closed_by, order.closed_at) == (supervisor, on(24))
    assert clock_of(ordered, Step.ORDER).state == ClockState.DROPPED
    with pytest.raises(ActionRefused, match="没有未办结的督办单"):
        close_order(ordered, note="再办一次", by=supervisor, at=on(24, 11))
    open_order(ordered, demand="再查", days=None, by=supervisor, at=on(24, 12))


def test_order_lapses_when_the_ticket_leaves_the_unit(ordered, clerk, supervisor):
    give_back(ordered, by=clerk, at=on(24))
    assert Step.ORDER in running(ordered)
    take_back(ordered, by=supervisor, at=on(24, 11))
    order = order_of(ordered)
    assert (order.closed_at, order.closed_by) == (on(24, 11), None)
    assert clock_of(ordered, Step.ORDER).state == ClockState.DROPPED


def test_order_outlasts_the_answer_until_it_passes(ordered, clerk, operator):
    answer(ordered, by=clerk, at=on(24))
    assert Step.ORDER in running(ordered)
    check_reply(ordered, verdict=Verdict.APPROVED, note="", by=operator, at=on(24, 11))
    assert order_of(ordered).closed_at == on(24, 11)
    assert running(ordered) == {Step.CALLBACK}
