"""Asking the caller: the unit's time stands still, by office time alone."""

import pytest
from django.db import connection

from catalog.rules.limits import Step
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.reveal import reveal_personal_data
from hotline.actions.supplement import ask_caller, supply
from hotline.actions.sweep import sweep_clocks
from hotline.models import Notice, Supplement
from hotline.rules.clocks import ClockState
from hotline.rules.states import State
from tests.hotline.history import on
from tests.hotline.stages import clock_of, running

# Five working days from Friday 20 November.
DUE = on(27, 17, 30)


@pytest.fixture
def ask(handling, clerk):
    def ask_at(moment, question="路灯杆的编号？"):
        return ask_caller(handling, question=question, by=clerk, at=moment)

    return ask_at


@pytest.fixture
def tell(handling, operator):
    def tell_at(moment, *, reached=True, answer="12 号杆"):
        supply(handling, reached=reached, answer=answer, by=operator, at=moment)

    return tell_at


def test_limit_moves_by_the_office_time_that_asking_took(handling, ask, tell):
    ask(on(23, 10))
    assert handling.state == State.WAITING
    assert running(handling) == {Step.SUPPLEMENT, Step.ASSIST}
    assert clock_of(handling).state == ClockState.PAUSED
    tell(on(24, 11, 30))
    assert handling.state == State.HANDLING
    # 7½ hours on Monday and 2½ on Tuesday: 8½ of Monday 30 November, 1½ of Tuesday 1 December.
    assert clock_of(handling).due_at == on(30, 10, 30).replace(month=12, day=1)
    assert running(handling) == {Step.HANDLE, Step.ASSIST}


def test_weekend_moves_nothing(handling, ask, tell):
    ask(on(20, 17, 30))
    tell(on(23, 9))
    assert clock_of(handling).due_at == DUE


def test_nobody_is_pressed_for_the_handling_while_the_caller_is_asked(handling, ask):
    ask(on(23, 10))
    sweep_clocks(now=on(30, 9))
    assert not Notice.objects.filter(clock__step=Step.HANDLE).exists()


def test_third_question_is_refused(handling, ask, tell):
    for hour in (10, 11):
        ask(on(23, hour))
        tell(on(23, hour, 30))
    with pytest.raises(ActionRefused, match="已请来电人补充 2 次"):
        ask(on(23, 12))
    assert clock_of(handling).state == ClockState.RUNNING


def test_question_after_the_limit_is_refused(handling, ask):
    with pytest.raises(ActionRefused, match="办理时限已过"):
        ask(on(27, 17, 30, 1))
    assert handling.state == State.HANDLING
    ask(DUE)


def test_caller_who_is_not_reached_does_not_stop_the_work(handling, ask, tell):
    asked = ask(on(23, 10))
    tell(on(23, 12), reached=False, answer="")
    asked.refresh_from_db()
    assert (asked.reached, asked.answer) == (False, "")
    assert (handling.state, clock_of(handling).due_at) == (State.HANDLING, on(30, 11))


def test_callers_words_are_masked_kept_as_said_and_shown_on_a_logged_request(
    handling, ask, tell, operator
):
    said = "换号了，打 13800000009"
    ask(on(23, 10))
    tell(on(23, 11), answer=said)
    supplement = Supplement.objects.get()
    assert supplement.answer == "换号了，打 138****0009"
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer_original FROM hotline_supplement")
        assert "13800000009" not in cursor.fetchone()[0]
    shown = reveal_personal_data(handling, reason="回电", by=operator, at=on(23, 12))
    assert shown.supplements == (said,)


def test_what_is_missing_is_named_and_numbers_of_people_are_masked(handling, ask, tell):
    with pytest.raises(WrongInput, match="请写明需要来电人补充什么"):
        ask(on(23, 10), question=" ")
    asked = ask(on(23, 10), question="请核对电话 13800000001")
    assert "13800000001" not in asked.question
    with pytest.raises(WrongInput, match="请填写来电人补充的内容"):
        tell(on(23, 11), answer=" ")
