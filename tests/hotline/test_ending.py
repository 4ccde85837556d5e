"""Ends that are not an answer, opening again, the archive."""

import dataclasses
import datetime as dt

import pytest

from catalog.rules.limits import Step
from hotline.actions.decide import answer_at_once
from hotline.actions.ending import (
    archive_tickets,
    propose_end,
    reopen_ticket,
    rule_on_end,
    withdraw_ticket,
)
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.intake import register_ticket
from hotline.models import Ticket
from hotline.permissions import NotAllowed
from hotline.queries.timeline import timeline_of
from hotline.rules.assignments import Part, Ruling
from hotline.rules.clocks import ClockState
from hotline.rules.endings import Ground
from hotline.rules.states import State
from hotline.rules.workflow import IllegalMove, Move
from tests.conftest import NOW
from tests.hotline.history import on
from tests.hotline.stages import clock_of, event_of, give_back, running

# Twenty working days after Friday 20 November: Friday 18 December.
LAST_MOMENT = dt.datetime(2026, 12, 18, 17, 30, tzinfo=NOW.tzinfo)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def closed(other, choice, operator):
    """The same caller's second request, answered at once."""
    answer_at_once(other, choice=choice, answer="已告知。", by=operator, at=NOW)
    return other


def propose(ticket, by, **changes):
    fields = {"ground": Ground.GROUNDLESS, "reason": "没有新的事实", "at": on(20, 11)} | changes
    return propose_end(ticket, by=by, **fields)


def test_who_proposes_does_not_review(registered, supervisor, second_supervisor):
    propose(registered, supervisor)
    with pytest.raises(NotAllowed, match="另一位督办员"):
        rule_on_end(registered, confirmed=True, note="n", by=supervisor, at=on(20, 12))
    rule_on_end(registered, confirmed=True, note="已电话告知", by=second_supervisor, at=on(20, 12))
    assert registered.state == State.ENDED
    assert "已电话告知" in registered.outcome
    assert running(registered) == set()
    proposal = registered.end_proposals.get()
    assert (proposal.ruling, proposal.ruled_by) == (Ruling.ACCEPTED, second_supervisor)


def test_promise_to_forward_runs_on_while_it_is_reviewed(registered, operator, supervisor):
    due = clock_of(registered, Step.FORWARD).due_at
    propose(registered, operator)
    assert running(registered) == {Step.FORWARD, Step.REVIEW}
    rule_on_end(registered, confirmed=False, note="有新事实", by=supervisor, at=on(20, 12))
    assert registered.state == State.REGISTERED
    assert running(registered) == {Step.FORWARD}
    assert clock_of(registered, Step.FORWARD).due_at == due


def test_refused_proposal_may_be_made_again_and_is_reviewed_by_another(
    registered, supervisor, second_supervisor
):
    propose(registered, second_supervisor)
    rule_on_end(registered, confirmed=False, note="n", by=supervisor, at=on(20, 12))
    propose(registered, supervisor)
    with pytest.raises(NotAllowed):
        rule_on_end(registered, confirmed=True, note="n", by=supervisor, at=on(20, 13))
    rule_on_end(registered, confirmed=True, note="n", by=second_supervisor, at=on(20, 13))
    assert registered.state == State.ENDED


def test_repeated_request_names_where_it_was_answered(registered, closed, operator):
    with pytest.raises(WrongInput, match="请填写此前已答复"):
        propose(registered, operator, ground=Ground.REPEATED)
    with pytest.raises(WrongInput, match="没有办结"):
        propose(registered, operator, ground=Ground.REPEATED, earlier=registered)
    proposal = propose(registered, operator, ground=Ground.REPEATED, earlier=closed)
    assert proposal.earlier == closed
    assert event_of(registered, Move.PROPOSE_END)["earlier"] == closed.number


@pytest.mark.parametrize("phone", ["13800000002", ""])
def test_answer_to_another_caller_is_no_earlier_answer(registered, closed, operator, intake, phone):
    another = dataclasses.replace(intake, phone=phone)
    ticket, _ = register_ticket(intake=another, key="three", by=operator, at=NOW)
    with pytest.raises(WrongInput, match="不是同一来电人"):
        propose(ticket, operator, ground=Ground.REPEATED, earlier=closed)


def test_ticket_that_is_still_worked_is_no_earlier_answer(registered, other, operator):
    with pytest.raises(WrongInput, match="没有办结"):
        propose(registered, operator, ground=Ground.REPEATED, earlier=other)


def test_caller_withdraws_without_a_reason_and_staff_with_one(dispatched, other, operator):
    with pytest.raises(WrongInput, match="撤回的原因"):
        withdraw_ticket(other, reason=" ", by=operator, at=on(20, 11))
    withdraw_ticket(dispatched, reason="", by=None, at=on(20, 11))
    assert (dispatched.state, dispatched.closed_at) == (State.WITHDRAWN, on(20, 11))
    assert running(dispatched) == set()
    assert not dispatched.assignments.filter(ended_at__isnull=True).exists()
    line = timeline_of(dispatched, viewer=operator)[0]
    assert (line.title, line.who) == ("撤回", "来电人")


def test_reason_of_a_withdrawal_holds_no_number_of_a_person(registered, operator):
    withdraw_ticket(registered, reason="改打 13800000001", by=operator, at=on(20, 11))
    assert "13800000001" not in event_of(registered, Move.WITHDRAW)["reason"]


def test_withdrawn_ticket_leaves_no_return_to_rule_on(dispatched, clerk, operator):
    give_back(dispatched, by=clerk, at=on(20, 11))
    withdraw_ticket(dispatched, reason="自行解决", by=operator, at=on(20, 12))
    request = dispatched.assignments.get(part=Part.LEAD).return_requests.get()
    assert (request.ruling, request.ruled_by) == (Ruling.LAPSED, None)
    assert clock_of(dispatched, Step.RULE).state == ClockState.DROPPED


def test_closed_ticket_is_opened_again_up_to_the_last_moment(closed, operator):
    assert closed.reopen_until == LAST_MOMENT
    reopen_ticket(closed, reason="又坏了", by=operator, at=LAST_MOMENT)
    assert (closed.state, closed.closed_at, closed.reopen_until) == (State.REGISTERED, None, None)
    assert (closed.reopened, closed.lead_unit) == (1, None)
    assert running(closed) == {Step.FORWARD}


def test_after_that_a_new_ticket_is_needed(closed, operator):
    with pytest.raises(ActionRefused, match="请登记新的工单"):
        reopen_ticket(closed, reason="又坏了", by=operator, at=LAST_MOMENT + SECOND)
    closed.refresh_from_db()
    assert closed.state == State.CLOSED


def test_archive_takes_what_can_no_longer_be_opened(closed, registered, operator):
    assert archive_tickets(now=LAST_MOMENT) == 0
    assert archive_tickets(now=LAST_MOMENT + SECOND) == 1
    assert archive_tickets(now=LAST_MOMENT + SECOND) == 0
    closed.refresh_from_db()
    assert (closed.state, closed.closed_at) == (State.ARCHIVED, NOW)
    assert closed.events.latest("sequence").by is None
    with pytest.raises(IllegalMove):
        reopen_ticket(closed, reason="又坏了", by=operator, at=LAST_MOMENT)
    assert Ticket.objects.get(pk=registered.pk).state == State.REGISTERED
