"""Who may press what, over HTTP, for every row of the transition table and every member of the cast."""

import pytest
from django.urls import reverse

from hotline.forms.moves import MOVE_FORMS
from hotline.models import Ticket
from hotline.rules.workflow import BY_MOVE, Holder, Move
from tests.conftest import NOW

FIELDS = {
    Move.DISPATCH: {"item": "12345-020602", "lead_unit": "630100-housing", "handling_class": "general"},
    Move.ANSWER: {"handling_class": "general", "answer": "已答复"},
    Move.DECLINE: {"handling_class": "general", "exclusion": "litigation", "guidance": "请上诉"},
    Move.TRANSFER: {"handling_class": "general", "target": "110", "way": "transfer"},
    Move.SIGN: {},
    Move.REPLY: {"text": "已办"},
    Move.RETURN: {"reason": "不归我们", "basis": "目录"},
    Move.ACCEPT_RETURN: {"note": "同意"},
    Move.REFUSE_RETURN: {"note": "不同意"},
    Move.APPROVE: {},
    Move.SEND_BACK: {"note": "没有结果"},
    Move.CLOSE: {"reached": "yes", "solved": "yes", "rating": "5"},
}  # fmt: skip

CAST = (
    "operator",
    "golmud_operator",
    "supervisor",
    "clerk",
    "leader",
    "co_clerk",
    "stranger",
    "machine",
)
# Who of the cast stands on the side whose turn it is.
SIDE = {
    Holder.HOTLINE: {"operator", "supervisor", "machine"},
    Holder.LEAD_UNIT: {"clerk", "leader"},
}  # fmt: skip
# Who may open the ticket's page at all.
SEES = {"operator", "supervisor", "clerk", "leader", "co_clerk"}


def reach(ticket, move, cast):
    """Bring the ticket to a state from which `move` is legal, by legal steps."""
    from hotline.actions.feedback import check_reply
    from hotline.actions.handle import reply_to_ticket, return_ticket, rule_on_return, sign_ticket
    from hotline.rules.assignments import Ruling, Verdict

    clerk, operator, supervisor = cast["clerk"], cast["operator"], cast["supervisor"]
    if move in (Move.ACCEPT_RETURN, Move.REFUSE_RETURN):
        return_ticket(ticket, reason="r", basis="b", by=clerk, at=NOW)
    elif move in (Move.DISPATCH, Move.ANSWER, Move.DECLINE, Move.TRANSFER):
        return_ticket(ticket, reason="r", basis="b", by=clerk, at=NOW)
        rule_on_return(ticket, ruling=Ruling.ACCEPTED, note="n", by=supervisor, at=NOW)
    elif move in (Move.REPLY, Move.APPROVE, Move.SEND_BACK, Move.CLOSE):
        sign_ticket(ticket, by=clerk, at=NOW)
        if move is not Move.REPLY:
            reply_to_ticket(ticket, text="t", by=clerk, at=NOW)
        if move is Move.CLOSE:
            check_reply(ticket, verdict=Verdict.APPROVED, note="", by=operator, at=NOW)


@pytest.mark.parametrize("name", CAST)
@pytest.mark.parametrize("move", [move for move in MOVE_FORMS if move is not Move.DISCARD])
def test_each_move_is_open_to_its_owner_and_closed_to_everybody_else(
    request, client, dispatched, move, name
):
    cast = {one: request.getfixturevalue(one) for one in CAST}
    reach(dispatched, move, cast)
    before = Ticket.objects.values().get(pk=dispatched.pk)
    row, user = BY_MOVE[move], cast[name]
    client.force_login(user)
    answer = client.post(reverse("move", args=[dispatched.number, move]), FIELDS[move])
    after = Ticket.objects.values().get(pk=dispatched.pk)
    if name not in SEES:
        assert answer.status_code == 404
        assert after == before
    elif name in SIDE[row.holder] and user.role in row.roles:
        assert answer.status_code == 302, answer.content.decode()[:2000]
        assert after["state"] == row.target
    else:
        assert answer.status_code == 403
        assert after == before


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
    "worklist": {"operator", "golmud_operator", "supervisor"},
    "queue": {"clerk", "leader", "co_clerk", "stranger"},
    "board": {"supervisor"},
    "messages": {"supervisor"},
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
