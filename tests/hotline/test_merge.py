"""One matter said several times, and several matters said at once."""

import pytest

from catalog.rules.limits import Step
from hotline.actions.decide import answer_at_once, decline_ticket
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.ending import propose_end, rule_on_end, withdraw_ticket
from hotline.actions.errors import KeyReused, WrongInput
from hotline.actions.feedback import record_callback
from hotline.actions.handle import reply_to_ticket
from hotline.actions.intake import register_ticket
from hotline.actions.merge import merge_ticket, split_ticket, unmerge_ticket
from hotline.models import Ticket
from hotline.rules.clocks import ClockState
from hotline.rules.endings import Ground
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.states import State
from hotline.rules.workflow import Move
from tests.conftest import NOW
from tests.hotline.history import on
from tests.hotline.stages import clock_of, event_of, pass_answer, running

GOOD = CallbackResult(True, True, Rating.GOOD)
BAD = CallbackResult(True, False, Rating.BAD)


@pytest.fixture
def follower(registered, other, operator):
    """The second request, merged into the first."""
    merge_ticket(other, master=registered, by=operator, at=on(20, 11))
    return other


@pytest.fixture
def answered(follower, handling, clerk, operator):
    """The follower after the master's answer has passed."""
    pass_answer(handling, unit_by=clerk, by=operator, at=on(23))
    follower.refresh_from_db()
    return follower


def test_merged_ticket_has_no_limits_of_its_own(follower, registered):
    assert (follower.state, follower.master) == (State.MERGED, registered)
    assert running(follower) == set()
    assert clock_of(follower, Step.FORWARD).state == ClockState.DROPPED


def test_ticket_that_a_unit_had_leaves_it(dispatched, other, operator):
    merge_ticket(dispatched, master=other, by=operator, at=on(20, 11))
    assert dispatched.lead_unit is None
    assert not dispatched.assignments.filter(ended_at__isnull=True).exists()
    assert running(dispatched) == set()


def test_follower_is_answered_with_the_master_and_called_back_itself(answered, handling, operator):
    assert answered.state == State.CALLBACK
    assert (answered.outcome, answered.lead_unit) == (handling.outcome, handling.lead_unit)
    assert running(answered) == {Step.CALLBACK}
    assert event_of(answered, Move.FOLLOW)["master"] == handling.number
    assert record_callback(answered, result=GOOD, note="", by=operator, at=on(24)) is Move.CLOSE
    handling.refresh_from_db()
    assert handling.state == State.CALLBACK


def test_follower_that_is_not_solved_is_worked_again_alone(answered, handling, clerk, operator):
    move = record_callback(answered, result=BAD, note="我家门口还不亮", by=operator, at=on(24))
    assert move is Move.REWORK
    reply_to_ticket(answered, text="已修", by=clerk, at=on(25))
    handling.refresh_from_db()
    assert (answered.state, handling.state) == (State.REPLIED, State.CALLBACK)


def ways_out(choice, operator, second_supervisor):
    from catalog.models import Exclusion

    exclusion = Exclusion.objects.get(code="litigation")

    def end(ticket, **common):
        propose_end(ticket, ground=Ground.GROUNDLESS, reason="r", **common)
        rule_on_end(ticket, confirmed=True, note="n", **common | {"by": second_supervisor})

    return {
        "withdrawn": lambda t, **common: withdraw_ticket(t, reason="r", **common),
        "by the caller": lambda t, at, **_: withdraw_ticket(t, reason="", by=None, at=at),
        "declined": lambda t, **common: decline_ticket(
            t, choice=choice, exclusion=exclusion, guidance="g", **common
        ),
        "answered at once": lambda t, **common: answer_at_once(
            t, choice=choice, answer="a", **common
        ),
        "ended": end,
    }


@pytest.mark.parametrize(
    "way", ["withdrawn", "by the caller", "declined", "answered at once", "ended"]
)
def test_master_that_ends_without_a_unit_s_answer_releases_its_followers(
    follower, registered, choice, operator, second_supervisor, way
):
    end = ways_out(choice, operator, second_supervisor)[way]
    end(registered, by=operator, at=on(23, 14))
    follower.refresh_from_db()
    assert (follower.state, follower.master) == (State.REGISTERED, None)
    forward = clock_of(follower, Step.FORWARD)
    # Fresh: one working day from when it was released.
    assert (forward.state, forward.due_at) == (ClockState.RUNNING, on(24, 17, 30))
    assert event_of(follower, Move.UNMERGE)["master"] == registered.number


def test_taken_out_by_hand_it_waits_for_dispatch(follower, operator):
    unmerge_ticket(follower, by=operator, at=on(23))
    assert (follower.state, follower.master) == (State.REGISTERED, None)
    assert running(follower) == {Step.FORWARD}


def test_chains_are_refused(follower, registered, operator, intake):
    third, _ = register_ticket(intake=intake, key="three", by=operator, at=NOW)
    with pytest.raises(WrongInput, match="不能再并入"):
        merge_ticket(third, master=follower, by=operator, at=on(20, 12))
    with pytest.raises(WrongInput, match="已有其他工单并入本单"):
        merge_ticket(registered, master=third, by=operator, at=on(20, 12))
    with pytest.raises(WrongInput, match="自身"):
        merge_ticket(third, master=third, by=operator, at=on(20, 12))
    for ticket, state in ((registered, State.REGISTERED), (third, State.REGISTERED)):
        ticket.refresh_from_db()
        assert ticket.state == state


def test_answered_ticket_takes_no_more_in(registered, other, choice, operator):
    answer_at_once(registered, choice=choice, answer="a", by=operator, at=on(20, 11))
    with pytest.raises(WrongInput, match="已办结"):
        merge_ticket(other, master=registered, by=operator, at=on(20, 12))


def test_ticket_of_another_centre_is_refused(registered, golmud_operator, supervisor, intake):
    there, _ = register_ticket(intake=intake, key="there", by=golmud_operator, at=NOW)
    with pytest.raises(WrongInput, match="本热线受理"):
        merge_ticket(there, master=registered, by=supervisor, at=on(20, 11))


def test_part_is_a_ticket_of_its_own_of_the_same_caller(dispatched, operator):
    before = list(dispatched.clocks.values_list("step", "state", "due_at"))
    part = split_ticket(dispatched, content="井盖破损", key="p", by=operator, at=on(20, 11))
    assert (part.state, part.split_from, part.content) == (
        State.REGISTERED, dispatched, "井盖破损",
    )  # fmt: skip
    assert (part.caller, part.center) == (dispatched.caller, dispatched.center)
    assert running(part) == {Step.FORWARD}
    assert list(dispatched.clocks.values_list("step", "state", "due_at")) == before


def test_split_twice_with_one_key_gives_one_ticket(dispatched, operator):
    first = split_ticket(dispatched, content="井盖破损", key="p", by=operator, at=on(20, 11))
    again = split_ticket(dispatched, content="井盖破损", key="p", by=operator, at=on(20, 12))
    assert again == first
    assert Ticket.objects.count() == 2
    assert dispatched.events.filter(kind=Move.SPLIT).count() == 1
    with pytest.raises(KeyReused):
        split_ticket(dispatched, content="另一件事", key="p", by=operator, at=on(20, 13))


def test_part_goes_its_own_way(dispatched, choice, operator):
    part = split_ticket(dispatched, content="井盖破损", key="p", by=operator, at=on(20, 11))
    dispatch_ticket(part, choice=choice, by=operator, at=on(20, 12))
    withdraw_ticket(dispatched, reason="r", by=operator, at=on(20, 13))
    part.refresh_from_db()
    assert part.state == State.DISPATCHED
