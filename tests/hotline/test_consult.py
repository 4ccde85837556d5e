"""A dispute over who answers, settled together (88号 三（四）3)."""

import dataclasses
import datetime as dt

import pytest
from django.core.management import call_command

from catalog.models import Item
from catalog.rules.limits import Step
from hotline.actions.consult import conclude, convene
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.ending import withdraw_ticket
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.handle import return_ticket, sign_ticket
from hotline.queries.notices import notices_for
from hotline.queries.tickets import tickets_for
from hotline.rules.assignments import Part, Ruling
from hotline.rules.clocks import ClockState
from hotline.rules.states import State
from hotline.rules.workflow import Move
from tests.hotline.history import on
from tests.hotline.stages import clock_of, give_back, running, take_back, unit

HOUSING, TRANSPORT = "630100-housing", "630100-transport"


@pytest.fixture
def convened(dispatched, clerk, supervisor, consulted):
    give_back(dispatched, by=clerk, at=on(20, 11))
    convene(
        dispatched, question="路灯归谁管？", units=[consulted.unit], by=supervisor, at=on(20, 14)
    )
    return dispatched


@pytest.fixture
def decide(convened, supervisor):
    def decide_at(moment, code=None, *, agreed=True, line=None):
        return conclude(
            convened,
            agreed=agreed,
            unit=unit(code) if code else None,
            minutes="各方意见……",
            new_line=unit(line) if line else None,
            by=supervisor,
            at=moment,
        )

    return decide_at


def test_meeting_has_its_limit_and_everybody_is_called(convened, leader, consulted):
    assert convened.state == State.CONSULTING
    assert running(convened) == {Step.HANDLE, Step.ASSIST, Step.CONSULT}
    for person in (leader, consulted):
        assert notices_for(person).filter(code=Move.CONVENE).count() == 1
    asked = convened.assignments.get(part=Part.LEAD).return_requests.get()
    assert asked.ruling == Ruling.CONSULTED


def test_decision_for_the_same_unit_is_final_and_gives_no_more_time(convened, decide, clerk):
    due = clock_of(convened).due_at
    assert decide(on(23), HOUSING) is Move.KEEP_UNIT
    assert convened.state == State.HANDLING
    assert clock_of(convened).due_at == due
    assert running(convened) == {Step.HANDLE, Step.ASSIST}
    with pytest.raises(ActionRefused, match="不能再次退单"):
        return_ticket(convened, reason="还是不归我们", basis="目录", by=clerk, at=on(23, 11))


def test_decision_for_another_unit_starts_it_anew_and_is_final_too(convened, decide, consulted):
    assert decide(on(23), TRANSPORT) is Move.CHANGE_UNIT
    assert (convened.state, convened.lead_unit.code) == (State.DISPATCHED, TRANSPORT)
    assert running(convened) == {Step.SIGN, Step.HANDLE}
    assert clock_of(convened).started_at == on(23)
    assert clock_of(convened, Step.ASSIST).state == ClockState.DROPPED
    having = convened.assignments.get(ended_at__isnull=True)
    assert (having.unit.code, having.part) == (TRANSPORT, Part.LEAD)
    with pytest.raises(ActionRefused, match="不能再次退单"):
        return_ticket(convened, reason="不归我们", basis="目录", by=consulted, at=on(23, 11))
    convened.refresh_from_db()
    sign_ticket(convened, by=consulted, at=on(23, 11))


def test_first_receiver_has_it_when_nobody_agrees(
    dispatched, choice, clerk, stranger, operator, supervisor, consulted
):
    """Given to housing, then to market, which disputes it too."""
    give_back(dispatched, by=clerk, at=on(20, 11))
    take_back(dispatched, by=supervisor, at=on(20, 12))
    second = dataclasses.replace(choice, lead_unit=stranger.unit)
    dispatch_ticket(dispatched, choice=second, by=operator, at=on(20, 13))
    give_back(dispatched, by=stranger, at=on(20, 14))
    convene(dispatched, question="q", units=[consulted.unit], by=supervisor, at=on(20, 15))
    move = conclude(
        dispatched, agreed=False, unit=consulted.unit, minutes="m", by=supervisor, at=on(23)
    )
    assert move is Move.CHANGE_UNIT
    assert dispatched.lead_unit.code == HOUSING
    assert dispatched.consults.get().decided_unit.code == HOUSING


def test_what_is_missing_is_named(convened, decide, dispatched, supervisor):
    with pytest.raises(WrongInput, match="请选择会商确定的承办单位"):
        decide(on(23))
    with pytest.raises(WrongInput, match="请填写会商纪要"):
        conclude(convened, agreed=False, unit=None, minutes=" ", by=supervisor, at=on(23))
    assert convened.consults.get().closed_at is None


def test_one_unit_alone_is_no_meeting(dispatched, clerk, supervisor):
    give_back(dispatched, by=clerk, at=on(20, 11))
    with pytest.raises(WrongInput, match="现主办单位以外"):
        convene(dispatched, question="q", units=[clerk.unit], by=supervisor, at=on(20, 14))


def test_changed_line_holds_from_tomorrow_and_old_tickets_keep_theirs(convened, decide):
    day = on(23).date()
    old = convened.item
    decide(on(23), TRANSPORT, line="630000-transport")
    assert Item.objects.on(day).get(code=old.code).pk == old.pk
    new = Item.objects.on(day + dt.timedelta(days=1)).get(code=old.code)
    assert new.lead_line.code == "630000-transport"
    assert (new.document, new.title, new.keywords) == ("会商纪要", old.title, old.keywords)
    assert convened.consults.get().new_item == new
    convened.refresh_from_db()
    assert convened.item.lead_line.code == "630000-housing"


def test_loading_the_files_again_leaves_the_decided_row_alone_and_the_old_one_closed(
    convened, decide
):
    decide(on(23), TRANSPORT, line="630000-transport")
    rows = Item.objects.filter(code=convened.item.code).order_by("valid_from")
    columns = ("pk", "valid_from", "valid_to", "lead_line__code", "document")
    before = list(rows.values(*columns))
    assert [row["valid_to"] for row in before] == [on(23).date(), None]
    call_command("load_catalog", verbosity=0)
    assert list(rows.values(*columns)) == before


def test_participants_see_the_ticket_only_while_it_lasts(convened, decide, consulted, stranger):
    assert convened in tickets_for(consulted)
    assert convened not in tickets_for(stranger)
    decide(on(23), HOUSING)
    assert convened not in tickets_for(consulted)


def test_ticket_withdrawn_from_the_meeting_ends_it(convened, consulted, operator):
    withdraw_ticket(convened, reason="自行解决", by=operator, at=on(23))
    assert convened.consults.get().closed_at == on(23)
    assert convened not in tickets_for(consulted)
