"""What a callback leads to where the law sets the result, and after the ticket was opened again."""

import pytest

from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.ending import reopen_ticket
from hotline.actions.errors import LostRace
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import sign_ticket
from hotline.models import Ticket
from hotline.rules.assignments import Verdict
from hotline.rules.feedback import CallbackResult, Rating, ResultByLaw
from hotline.rules.states import State
from hotline.rules.workflow import Move
from tests.hotline.history import on
from tests.hotline.stages import answer, pass_answer

UNSOLVED = CallbackResult(True, False, Rating.BAD)
ONLY_DISSATISFIED = CallbackResult(True, True, Rating.VERY_BAD)
NOT_REACHED = CallbackResult(False, None, None)


@pytest.fixture
def call(handling, operator):
    def call_at(moment, result):
        return record_callback(handling, result=result, note="群众的话", by=operator, at=moment)

    return call_at


@pytest.mark.parametrize("by_law", list(ResultByLaw))
def test_dissatisfaction_alone_is_no_rework_where_the_law_sets_the_result(
    handling, call, clerk, operator, by_law
):
    answer(handling, by=clerk, at=on(23))
    check_reply(
        handling, verdict=Verdict.APPROVED, note="", by_law=by_law, by=operator, at=on(23, 11)
    )
    assert handling.result_by_law == by_law
    assert call(on(24), ONLY_DISSATISFIED) is Move.CLOSE


def test_what_is_not_solved_is_worked_again_even_then(handling, call, clerk, operator):
    answer(handling, by=clerk, at=on(23))
    check_reply(
        handling,
        verdict=Verdict.APPROVED,
        note="",
        by_law=ResultByLaw.ENFORCEMENT,
        by=operator,
        at=on(23, 11),
    )
    assert call(on(24), UNSOLVED) is Move.REWORK


def test_elsewhere_dissatisfaction_alone_is_ground_enough(handling, call, clerk, operator):
    pass_answer(handling, unit_by=clerk, by=operator, at=on(23))
    assert call(on(24), ONLY_DISSATISFIED) is Move.REWORK


def test_second_look_at_an_answer_says_anew_whether_the_law_sets_it(
    handling, call, clerk, operator
):
    answer(handling, by=clerk, at=on(23))
    by_law = ResultByLaw.MEDIATION
    check_reply(
        handling, verdict=Verdict.APPROVED, note="", by_law=by_law, by=operator, at=on(23, 11)
    )
    call(on(24), UNSOLVED)
    pass_answer(handling, unit_by=clerk, by=operator, at=on(25))
    assert handling.result_by_law == ""


def test_reopened_ticket_may_be_worked_again_once_more(handling, call, clerk, operator, choice):
    def round_of(day):
        pass_answer(handling, unit_by=clerk, by=operator, at=on(day))
        return call(on(day, 12), UNSOLVED)

    assert [round_of(23), round_of(24)] == [Move.REWORK, Move.CLOSE]
    reopen_ticket(handling, reason="又灭了", by=operator, at=on(25))
    dispatch_ticket(handling, choice=choice, by=operator, at=on(25, 11))
    sign_ticket(handling, by=clerk, at=on(25, 12))
    assert [round_of(26), round_of(27)] == [Move.REWORK, Move.CLOSE]
    assert (handling.reopened, handling.reworks) == (1, 1)


def test_calls_are_counted_anew_in_each_round(handling, call, clerk, operator):
    pass_answer(handling, unit_by=clerk, by=operator, at=on(23))
    assert [call(on(23, 11 + i), NOT_REACHED) for i in range(2)] == [None, None]
    assert call(on(23, 14), UNSOLVED) is Move.REWORK
    pass_answer(handling, unit_by=clerk, by=operator, at=on(24))
    calls = [call(on(24, 11 + i), NOT_REACHED) for i in range(3)]
    assert calls == [None, None, Move.CLOSE]


def test_missed_call_is_not_noted_on_a_ticket_that_was_just_closed(handling, call, clerk, operator):
    pass_answer(handling, unit_by=clerk, by=operator, at=on(23))
    seen = Ticket.objects.get(pk=handling.pk)
    call(on(24), CallbackResult(True, True, Rating.GOOD))
    with pytest.raises(LostRace):
        record_callback(seen, result=NOT_REACHED, note="", by=operator, at=on(24))
    handling.refresh_from_db()
    assert handling.state == State.CLOSED
    assert handling.callbacks.count() == 1
    assert handling.events.latest("sequence").kind == Move.CLOSE
