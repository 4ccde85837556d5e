"""Passing on between hotlines, changing a promise, co-handlers."""

import pytest

from catalog.models import Region
from catalog.rules.limits import HandlingClass, Step
from catalog.rules.roles import Role
from hotline.actions.dispatch import add_co_units, change_limit, pass_on
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.handle import reply_as_co_handler, reply_to_ticket
from hotline.actions.supplement import ask_caller
from hotline.models import Assignment
from hotline.queries.notices import notices_for
from hotline.queries.tickets import tickets_for
from hotline.rules.assignments import Part
from hotline.rules.clocks import ClockState
from hotline.rules.states import State
from hotline.rules.workflow import IllegalMove, Move
from tests.conftest import NOW
from tests.hotline.history import on
from tests.hotline.stages import clock_of, event_of, running, unit

DUE = on(27, 17, 30)


@pytest.fixture
def xining_operator(make_staff):
    return make_staff("xining-operator", Role.OPERATOR, region="630100")


def give(ticket, code, by, at=None):
    center = Region.objects.get(code=code)
    pass_on(ticket, center=center, reason="事发地在当地", by=by, at=at or on(20, 11))


# --- passing on


def test_passed_on_ticket_is_the_other_hotline_s_with_the_limit_it_had(
    registered, operator, golmud_operator
):
    due = clock_of(registered, Step.FORWARD).due_at
    give(registered, "632800", operator)
    assert registered in tickets_for(golmud_operator)
    assert running(registered) == {Step.FORWARD}
    assert clock_of(registered, Step.FORWARD).due_at == due
    told = event_of(registered, Move.PASS_ON)
    assert (told["old"], told["new"], told["reason"]) == ("630000", "632800", "事发地在当地")
    notice = notices_for(golmud_operator).get()
    assert (notice.code, notice.audience) == ("pass_on", Role.OPERATOR)
    assert registered.number in notice.text


def test_it_is_passed_on_once_and_then_by_the_province_alone(
    registered, operator, golmud_operator, xining_operator
):
    give(registered, "632800", operator)
    with pytest.raises(ActionRefused, match="不能再次移交"):
        give(registered, "630100", golmud_operator)
    give(registered, "630100", operator, on(20, 12))
    assert registered in tickets_for(xining_operator)
    assert registered not in tickets_for(golmud_operator)


def test_hotline_without_people_gets_nothing(registered, operator, xining_operator):
    with pytest.raises(WrongInput, match="没有设立热线"):
        give(registered, "632200", operator)
    xining_operator.is_active = False
    xining_operator.save()
    with pytest.raises(WrongInput, match="没有设立热线"):
        give(registered, "630100", operator)
    with pytest.raises(WrongInput, match="工单已在青海省热线"):
        give(registered, "630000", operator)
    assert notices_for(operator).count() == 0


# --- a promise is changed by a supervisor, with the reason


def change(ticket, by, **changes):
    fields = {"handling_class": HandlingClass.COMPLEX, "days": None, "reason": "需要开挖"} | changes
    change_limit(ticket, by=by, at=on(24), **fields)


def test_changed_limit_counts_its_days_from_the_same_start(dispatched, supervisor):
    change(dispatched, supervisor)
    clock = clock_of(dispatched)
    # Ten working days after Friday 20 November: 23 to 27, 30 November to 4 December.
    new = on(30, 17, 30).replace(month=12, day=4)
    assert (clock.started_at, clock.due_at, clock.days) == (NOW, new, 10)
    assert (clock.handling_class, dispatched.handling_class) == ("complex", "complex")
    assert event_of(dispatched, Move.CHANGE_LIMIT) == {
        "class": "complex",
        "days": 10,
        "old": DUE.isoformat(),
        "new": new.isoformat(),
        "reason": "需要开挖",
    }


def test_urgent_is_due_at_the_end_of_the_day(dispatched, supervisor):
    change(dispatched, supervisor, handling_class=HandlingClass.URGENT)
    assert clock_of(dispatched).due_at == on(23, 23, 59, 59)


def test_limit_stays_without_a_reason_a_change_or_days_of_the_class(dispatched, supervisor):
    with pytest.raises(WrongInput, match="调整时限的理由"):
        change(dispatched, supervisor, reason=" ")
    with pytest.raises(WrongInput, match="没有变化"):
        change(dispatched, supervisor, handling_class=HandlingClass.GENERAL)
    with pytest.raises(WrongInput, match="10 至 15 个工作日"):
        change(dispatched, supervisor, days=16)
    clock = clock_of(dispatched)
    assert (clock.due_at, clock.handling_class) == (DUE, "general")
    assert not dispatched.events.filter(kind=Move.CHANGE_LIMIT).exists()


def test_limit_that_stands_still_is_not_changed(handling, clerk, supervisor):
    ask_caller(handling, question="q", by=clerk, at=on(23))
    with pytest.raises(IllegalMove):
        change(handling, supervisor)


# --- co-handlers


@pytest.fixture
def joined(handling, operator):
    """Three co-handlers: ecology from the dispatch, water and market added on Monday."""
    units = [unit("630100-water"), unit("630100-market")]
    add_co_units(handling, units=units, reason="涉及排水", by=operator, at=on(23))
    return handling


def assist(ticket, code):
    return ticket.clocks.get(step=Step.ASSIST, unit__code=code)


def test_each_co_handler_has_a_clock_from_when_it_joined(joined):
    # Three working days each.
    assert assist(joined, "630100-ecology").due_at == on(25, 17, 30)
    assert assist(joined, "630100-water").due_at == on(26, 17, 30)
    assert joined.assignments.filter(part=Part.CO, ended_at__isnull=True).count() == 3
    assert event_of(joined, Move.ADD_CO_UNITS)["reason"] == "涉及排水"


def test_answering_ends_only_its_own(joined, co_clerk):
    reply_as_co_handler(joined, text="空气无异常", by=co_clerk, at=on(24))
    assert assist(joined, "630100-ecology").ended_at == on(24)
    for code in ("630100-water", "630100-market"):
        assert assist(joined, code).state == ClockState.RUNNING
    assert clock_of(joined).state == ClockState.RUNNING
    assert joined.state == State.HANDLING


def test_unit_that_has_the_ticket_does_not_join_again(joined, operator):
    for code, part in (("630100-housing", "主办"), ("630100-water", "协办")):
        with pytest.raises(WrongInput, match=f"已是{part}单位"):
            add_co_units(joined, units=[unit(code)], reason="r", by=operator, at=on(24))
    assert Assignment.objects.filter(ticket=joined).count() == 4


def test_lead_that_does_not_wait_says_why_and_for_whom(joined, co_clerk, clerk):
    reply_as_co_handler(joined, text="空气无异常", by=co_clerk, at=on(24))
    with pytest.raises(WrongInput, match="西宁市水务局"):
        reply_to_ticket(joined, text="已修", by=clerk, at=on(25))
    assert joined.state == State.HANDLING
    reply_to_ticket(joined, text="已修", without="与排水无关", by=clerk, at=on(25))
    assert event_of(joined, Move.REPLY) == {
        "from": "handling",
        "to": "replied",
        "silent": ["630100-water", "630100-market"],
        "reason": "与排水无关",
    }
    assert assist(joined, "630100-water").state == ClockState.DROPPED
    assert running(joined) == {Step.CHECK}


def test_lead_whose_co_handlers_have_all_spoken_gives_no_reason(handling, co_clerk, clerk):
    reply_as_co_handler(handling, text="空气无异常", by=co_clerk, at=on(23))
    reply_to_ticket(handling, text="已修", by=clerk, at=on(24))
    assert "silent" not in event_of(handling, Move.REPLY)
