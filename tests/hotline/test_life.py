"""The main path and its branches, action by action."""

import dataclasses
import datetime as dt
import threading

import pytest
from django.db import connection

from catalog.models import Exclusion, Unit
from catalog.rules.limits import Step
from hotline.actions.decide import answer_at_once, decline_ticket, transfer_ticket
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.errors import ActionRefused, LostRace, WrongInput
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import (
    reply_as_co_handler,
    reply_to_ticket,
    return_ticket,
    rule_on_return,
    sign_ticket,
)
from hotline.models import Clock, Ticket
from hotline.permissions import NotAllowed
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.clocks import ClockState
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.intake import TransferWay
from hotline.rules.states import State
from hotline.rules.workflow import IllegalMove, Move
from tests.conftest import NOW

LATER = NOW + dt.timedelta(hours=3)
GOOD = CallbackResult(True, True, Rating.GOOD)
BAD = CallbackResult(True, False, Rating.BAD)


def running(ticket):
    return set(ticket.clocks.filter(state=ClockState.RUNNING).values_list("step", flat=True))


@pytest.fixture
def replied(dispatched, clerk, co_clerk):
    sign_ticket(dispatched, by=clerk, at=LATER)
    reply_as_co_handler(dispatched, text="照明用电正常。", by=co_clerk, at=LATER)
    reply_to_ticket(dispatched, text="已修复。", by=clerk, at=LATER)
    return dispatched


@pytest.fixture
def called(replied, operator):
    check_reply(replied, verdict=Verdict.APPROVED, note="", by=operator, at=LATER)
    return replied


def test_dispatch_keeps_suggestion_and_choice_and_starts_each_unit_s_clocks(dispatched):
    decision = dispatched.decisions.get()
    assert decision.suggestion.answer["platform"] == "12345"
    assert decision.item.code == "12345-020602"
    assert running(dispatched) == {Step.SIGN, Step.HANDLE, Step.ASSIST}
    assist = dispatched.clocks.get(step=Step.ASSIST)
    assert (assist.unit.code, assist.days) == ("630100-ecology", 3)
    handle = dispatched.clocks.get(step=Step.HANDLE)
    # Friday 20 November + 5 working days: Friday 27 November, 17:30.
    assert handle.due_at == dt.datetime(2026, 11, 27, 17, 30, tzinfo=NOW.tzinfo)
    assert handle.days == 5


def test_days_outside_the_class_are_refused_and_nothing_is_sent(registered, choice, operator):
    with pytest.raises(WrongInput, match="5 至 10 个工作日"):
        dispatch_ticket(registered, choice=choice, days=11, by=operator, at=NOW)
    registered.refresh_from_db()
    assert registered.state == State.REGISTERED
    assert not registered.assignments.exists()
    assert running(registered) == {Step.FORWARD}


def test_lead_cannot_also_join(registered, choice, operator):
    with pytest.raises(WrongInput, match="不能同时协办"):
        dispatch_ticket(registered, choice=choice, co_units=[choice.lead_unit], by=operator, at=NOW)


def test_main_path_to_closed(called, supervisor):
    assert called.outcome == "已修复。"
    assert record_callback(called, result=GOOD, note="", by=supervisor, at=LATER) is Move.CLOSE
    called.refresh_from_db()
    assert called.state == State.CLOSED
    assert called.closed_at == LATER
    assert called.due_at is None
    assert not running(called)
    kinds = list(called.events.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["register", "dispatch", "sign", "co_reply", "reply", "approve", "close"]


def test_answered_at_once(registered, choice, operator):
    answer_at_once(registered, choice=choice, answer="请拨打路灯管理所。", by=operator, at=LATER)
    assert registered.state == State.CLOSED
    assert not running(registered)


def test_declined_keeps_the_lawful_route_and_its_clause(registered, choice, operator):
    exclusion = Exclusion.objects.get(code="litigation")
    decline_ticket(
        registered,
        choice=choice,
        exclusion=exclusion,
        guidance="请依法上诉。",
        by=operator,
        at=LATER,
    )
    assert registered.state == State.DECLINED
    event = registered.events.get(kind="decline")
    assert event.data["exclusion"] == "litigation"
    assert event.data["clause"].startswith("青政办〔2021〕48号")


@pytest.mark.parametrize("target", ["110", "119", "12315"])
def test_transferred_by_hand(registered, choice, operator, target):
    transfer_ticket(
        registered, choice=choice, target=target, way=TransferWay.CONFERENCE, note="",
        by=operator, at=LATER,
    )  # fmt: skip
    assert registered.state == State.TRANSFERRED
    assert registered.transfers.get().target == target


def test_hotline_that_was_merged_is_no_target(registered, choice, operator):
    with pytest.raises(WrongInput, match="整体并入"):
        transfer_ticket(
            registered, choice=choice, target="12319", way=TransferWay.TRANSFER, note="",
            by=operator, at=LATER,
        )  # fmt: skip


def test_return_accepted_goes_back_to_dispatch_and_to_another_unit(
    dispatched, clerk, supervisor, operator, choice
):
    return_ticket(dispatched, reason="非本单位职责", basis="目录", by=clerk, at=LATER)
    assert running(dispatched) == {Step.HANDLE, Step.RULE, Step.ASSIST}, "nobody's work stops"
    rule_on_return(dispatched, ruling=Ruling.ACCEPTED, note="同意", by=supervisor, at=LATER)
    assert dispatched.state == State.REGISTERED
    assert dispatched.lead_unit is None
    assert running(dispatched) == {Step.FORWARD}
    assert not dispatched.assignments.filter(ended_at__isnull=True).exists()

    other = dataclasses.replace(choice, lead_unit=Unit.objects.get(code="630100-market"))
    dispatch_ticket(dispatched, choice=other, by=operator, at=LATER)
    assert running(dispatched) == {Step.SIGN, Step.HANDLE}


def test_return_refused_is_final_for_that_unit(dispatched, clerk, supervisor):
    return_ticket(dispatched, reason="非本单位职责", basis="目录", by=clerk, at=LATER)
    rule_on_return(dispatched, ruling=Ruling.REFUSED, note="属本单位", by=supervisor, at=LATER)
    assert dispatched.state == State.HANDLING
    with pytest.raises(ActionRefused, match="不能再次退单"):
        return_ticket(dispatched, reason="还是不归我们", basis="目录", by=clerk, at=LATER)
    dispatched.refresh_from_db()
    assert dispatched.state == State.HANDLING


def test_reply_sent_back_goes_on_with_the_old_limit(replied, operator, clerk):
    due = replied.clocks.get(step=Step.HANDLE).due_at
    check_reply(replied, verdict=Verdict.SENT_BACK, note="没有说明结果", by=operator, at=LATER)
    assert replied.state == State.HANDLING
    handle = replied.clocks.get(step=Step.HANDLE)
    assert (handle.state, handle.due_at, handle.ended_at) == (ClockState.RUNNING, due, None)
    reply_to_ticket(replied, text="已更换灯泡并复查。", by=clerk, at=LATER)
    assert replied.state == State.REPLIED


def test_bad_callback_is_worked_once_more_with_a_fresh_limit_and_then_closed(
    called, operator, clerk
):
    move = record_callback(called, result=BAD, note="还是不亮", by=operator, at=LATER)
    assert move is Move.REWORK
    assert called.reworks == 1
    assert running(called) == {Step.HANDLE}
    reply_to_ticket(called, text="再次更换。", by=clerk, at=LATER)
    check_reply(called, verdict=Verdict.APPROVED, note="", by=operator, at=LATER)
    assert record_callback(called, result=BAD, note="仍不满意", by=operator, at=LATER) is Move.CLOSE


def test_caller_not_reached_is_called_three_times(called, operator):
    missed = CallbackResult(False, None, None)
    moves = [
        record_callback(called, result=missed, note="", by=operator, at=LATER) for _ in range(3)
    ]
    assert moves == [None, None, Move.CLOSE]
    assert called.state == State.CLOSED


def test_co_handler_tells_the_lead_and_changes_no_state(dispatched, co_clerk, stranger):
    reply_as_co_handler(dispatched, text="空气无异常。", by=co_clerk, at=LATER)
    dispatched.refresh_from_db()
    assert dispatched.state == State.DISPATCHED
    with pytest.raises(NotAllowed):
        reply_as_co_handler(dispatched, text="与我无关", by=stranger, at=LATER)


def test_old_page_is_told_that_somebody_was_faster(dispatched, clerk, leader):
    seen = Ticket.objects.get(pk=dispatched.pk)
    sign_ticket(dispatched, by=leader, at=LATER)
    with pytest.raises(LostRace, match="已被他人处理"):
        sign_ticket(seen, by=clerk, at=LATER)
    current = Ticket.objects.get(pk=dispatched.pk)
    with pytest.raises(LostRace):
        reply_to_ticket(
            current, text="旧页面", without="不再等待", by=clerk, at=LATER, version=seen.version
        )
    assert not Clock.objects.filter(ticket=dispatched, step=Step.CHECK).exists()


def test_step_from_the_wrong_state_says_what_is_possible(dispatched, clerk):
    with pytest.raises(IllegalMove, match="“办理中”"):
        reply_to_ticket(dispatched, text="未签收就答复", by=clerk, at=LATER)


def test_two_people_pressing_at_the_same_moment_end_as_one_success_and_one_message(
    stage, dispatched, clerk, leader
):
    """Ten times, in threads of their own connections."""
    outcomes = []

    def press(ticket, person, ready):
        try:
            ready.wait()
            sign_ticket(ticket, by=person, at=LATER)
            outcomes.append("signed")
        except (LostRace, IllegalMove):
            outcomes.append("too late")
        finally:
            connection.close()

    for _ in range(10):
        Ticket.objects.filter(pk=dispatched.pk).update(state=State.DISPATCHED)
        ready = threading.Barrier(2)
        threads = [
            threading.Thread(
                target=press, args=(Ticket.objects.get(pk=dispatched.pk), person, ready)
            )
            for person in (clerk, leader)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert outcomes.count("signed") == 10
    assert outcomes.count("too late") == 10
    assert dispatched.events.filter(kind="sign").count() == 10
