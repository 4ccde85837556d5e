"""Who may press what, over HTTP, for every row of the transition table and every member of the cast."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse

from hotline.actions.consult import conclude
from hotline.forms.moves import MOVE_FORMS
from hotline.models import Ticket
from hotline.queries.offers import offered_moves
from hotline.rules.states import State
from hotline.rules.workflow import BY_MOVE, Holder, Move
from tests.conftest import NOW
from tests.flows.steps import OWNER, WAYS, Scene, all_of, closed, consulting, form_of, signed, typed
from tests.flows.test_story import desk_form

LATER = NOW + dt.timedelta(hours=1)
CAST = (
    "operator",
    "golmud_operator",
    "supervisor",
    "second_supervisor",
    "government",
    "clerk",
    "leader",
    "co_clerk",
    "consulted",
    "stranger",
    "machine",
)
# Who of the cast stands on the side whose turn it is.
SIDE = {
    Holder.HOTLINE: {"operator", "supervisor", "second_supervisor", "machine"},
    Holder.LEAD_UNIT: {"clerk", "leader"},
    Holder.CO_UNIT: {"co_clerk"},
}
# Who may open the ticket's page at all; `consulted` besides, while a meeting lasts.
SEES = {
    "operator",
    "supervisor",
    "second_supervisor",
    "government",
    "clerk",
    "leader",
    "co_clerk",
}
# Made without a button on the ticket's page: at the desk, with the master's answer, by a task.
WITHOUT_BUTTON = {Move.REGISTER, Move.DISCARD, Move.FOLLOW, Move.ARCHIVE}
NOT_FOUND, REFUSED, DONE, NOT_NOW = 404, 403, 302, 409


@pytest.fixture
def cast(request, db):
    return {name: request.getfixturevalue(name) for name in CAST}


@pytest.fixture
def scene(wall_clock, dispatched, other, cast):
    wall_clock(LATER)
    return Scene(dispatched, other, cast)


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def press(scene, user, move):
    """The answer to the move's form sent by `user`, and the ticket's page after it if it went."""
    client = as_user(user)
    url = reverse("move", args=[scene.ticket.number, form_of(move)])
    answer = client.post(url, typed(move, scene))
    if answer.status_code == DONE:
        assert client.get(answer["Location"], follow=True).status_code == 200
    return answer.status_code


def test_matrix_leaves_out_no_move():
    assert set(WAYS) | WITHOUT_BUTTON == set(Move)
    assert {form_of(move) for move in WAYS} | {Move.DISCARD} == set(MOVE_FORMS)


@pytest.mark.parametrize("move", WAYS)
def test_each_move_is_open_to_its_owners_and_closed_to_everybody_else(scene, move):
    WAYS[move][0](scene)
    row, ticket = BY_MOVE[move], scene.ticket
    assert State(ticket.state) in row.sources
    before = all_of(ticket)
    sees = SEES | ({"consulted"} if ticket.state == State.CONSULTING else set())
    expected, answers, buttons = {}, {}, set()
    for name, user in scene.cast.items():
        owner = name in SIDE[row.holder] and user.role in row.roles
        expected[name] = (DONE if owner else REFUSED) if name in sees else NOT_FOUND
        if name in sees and row in offered_moves(user, Ticket.objects.get(pk=ticket.pk), now=LATER):
            buttons.add(name)
        with transaction.atomic():
            answers[name] = press(scene, user, move)
            after = all_of(ticket)
            if answers[name] == DONE:
                assert after["ticket"]["state"] == (row.target or before["ticket"]["state"])
                assert after["events"][-1]["kind"] == move
                assert after["events"][-1]["by_id"] == user.pk
            else:
                assert after == before
            transaction.set_rollback(True)
    assert answers == expected
    assert buttons == {name for name, answer in expected.items() if answer == DONE}


@pytest.mark.parametrize("reach", [signed, closed])
def test_move_from_another_state_is_refused_with_a_message(scene, reach):
    """As when somebody else was faster: the page is told so, whatever the form looks at first."""
    reach(scene)
    before = all_of(scene.ticket)
    answers = {}
    for move in WAYS:
        if State(scene.ticket.state) not in BY_MOVE[move].sources:
            answers[move] = press(scene, scene.cast[OWNER[BY_MOVE[move].holder]], move)
            assert all_of(scene.ticket) == before
    assert answers == dict.fromkeys(answers, NOT_NOW)


@pytest.mark.parametrize("move", [move for move in WAYS if BY_MOVE[move].target is not None])
def test_page_of_an_earlier_time_in_the_same_state_is_refused(scene, move):
    """The ticket left the state and came back to it: what the page asks was about something else."""
    WAYS[move][0](scene)
    Ticket.objects.filter(pk=scene.ticket.pk).update(version=F("version") + 1)
    before = all_of(scene.ticket)
    assert press(scene, scene.cast[OWNER[BY_MOVE[move].holder]], move) == NOT_NOW
    assert all_of(scene.ticket) == before


@pytest.mark.parametrize("move", sorted(WITHOUT_BUTTON))
def test_moves_without_a_button_cannot_be_pressed(scene, move):
    before = all_of(scene.ticket)
    url = reverse("move", args=[scene.ticket.number, move])
    expected = NOT_NOW if move in MOVE_FORMS else NOT_FOUND
    for name in sorted(SEES):
        assert as_user(scene.cast[name]).post(url).status_code in (expected, REFUSED)
    assert all_of(scene.ticket) == before


@pytest.mark.parametrize("name", CAST)
def test_desk_registers_for_operators_alone(cast, name):
    answer = as_user(cast[name]).post(reverse("desk"), desk_form())
    is_operator = name in ("operator", "golmud_operator")
    assert answer.status_code == (DONE if is_operator else REFUSED)
    assert Ticket.objects.count() == is_operator


@pytest.mark.parametrize("name", CAST)
def test_draft_is_discarded_by_who_wrote_it_alone(cast, name):
    form = desk_form(content="路灯坏")
    as_user(cast["operator"]).post(reverse("autosave"), form)
    answer = as_user(cast[name]).post(reverse("discard-draft", args=[form["key"]]))
    expected = {"operator": DONE, "golmud_operator": NOT_FOUND}.get(name, REFUSED)
    assert answer.status_code == expected
    state = State.DISCARDED if expected == DONE else State.DRAFT
    assert Ticket.objects.get().state == state


def test_unit_in_a_meeting_reads_the_ticket_while_it_lasts_and_not_after(scene):
    def page(name):
        url = reverse("ticket", args=[scene.ticket.number])
        return as_user(scene.cast[name]).get(url).status_code

    assert page("consulted") == NOT_FOUND
    consulting(scene)
    assert (page("consulted"), page("stranger")) == (200, NOT_FOUND)
    conclude(
        scene.ticket, agreed=True, unit=scene.cast["clerk"].unit, minutes="m",
        by=scene.cast["supervisor"], at=LATER,
    )  # fmt: skip
    assert (page("consulted"), page("clerk")) == (NOT_FOUND, 200)


@pytest.mark.parametrize("name", CAST)
def test_ticket_page_is_shown_to_those_concerned_alone(request, client, dispatched, name):
    client.force_login(request.getfixturevalue(name))
    answer = client.get(reverse("ticket", args=[dispatched.number]))
    assert answer.status_code == (200 if name in SEES else 404)
    if name in SEES:
        page = answer.content.decode()
        assert "13800000001" not in page
        assert "138****0001" in page


@pytest.mark.parametrize(
    "view",
    [
        "home",
        "desk",
        "worklist",
        "queue",
        "board",
        "messages",
        "tickets",
        "notices",
        "export-tickets",
    ],
)
def test_pages_ask_for_a_login(client, db, view):
    answer = client.get(reverse(view))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("login"))


PAGES = {
    "desk": {"operator", "golmud_operator"},
    "worklist": {"operator", "golmud_operator", "supervisor", "second_supervisor"},
    "queue": {"clerk", "leader", "co_clerk", "consulted", "stranger"},
    "board": {"supervisor", "second_supervisor", "government"},
    "messages": {"supervisor", "second_supervisor"},
    "tickets": set(CAST) - {"machine"},
    "notices": set(CAST) - {"machine"},
}


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("view", PAGES)
def test_each_workplace_opens_for_its_roles_alone(request, client, name, view):
    client.force_login(request.getfixturevalue(name))
    expected = 200 if name in PAGES[view] else 403
    assert client.get(reverse(view)).status_code == expected


@pytest.mark.parametrize("name", CAST)
def test_revealing_is_logged_and_only_for_who_sees_the_ticket(request, client, dispatched, name):
    client.force_login(request.getfixturevalue(name))
    url = reverse("reveal", args=[dispatched.number])
    assert client.post(url, {"reason": ""}).status_code == (422 if name in SEES else 404)
    answer = client.post(url, {"reason": "电话核实地点"})
    seen = dispatched.events.filter(kind="reveal")
    if name in SEES:
        assert "13800000001" in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
        assert [event.by.username for event in seen] == [request.getfixturevalue(name).username]
    else:
        assert answer.status_code == 404
        assert not seen
