"""More time: once, no later than the last day, at most ten working days (88号 三（四）4)."""

import pytest

from catalog.rules.limits import Rung, Step
from hotline.actions.errors import ActionRefused, WrongInput
from hotline.actions.extension import ask_extension, rule_on_extension
from hotline.actions.feedback import record_callback
from hotline.actions.sweep import sweep_clocks
from hotline.models import ExtensionRequest, Notice
from hotline.queries.notices import notices_for
from hotline.rules.assignments import Ruling
from hotline.rules.clocks import ClockState
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.workflow import IllegalMove, Move
from tests.hotline.history import on
from tests.hotline.stages import answer, clock_of, event_of, pass_answer, running

DUE = on(27, 17, 30)


@pytest.fixture
def ask(handling, clerk):
    def ask_at(moment, days=5):
        return ask_extension(handling, days=days, reason="等待配件", by=clerk, at=moment)

    return ask_at


@pytest.fixture
def rule(handling, supervisor):
    def rule_at(moment, *, granted, days=None, note="配件明日到货"):
        rule_on_extension(handling, granted=granted, days=days, note=note, by=supervisor, at=moment)

    return rule_at


def supervise_notices():
    return Notice.objects.filter(clock__step=Step.HANDLE, rung=Rung.SUPERVISE)


def test_last_minute_of_the_last_day_is_in_time(handling, ask):
    ask(on(27, 23, 59))
    assert Step.EXTEND in running(handling)


def test_next_day_is_too_late(handling, ask):
    with pytest.raises(ActionRefused, match="2026年11月27日"):
        ask(on(28, 0))
    assert Step.EXTEND not in running(handling)


def test_second_request_is_refused_even_when_the_first_was(ask, rule):
    ask(on(24))
    with pytest.raises(ActionRefused, match="只能申请一次"):
        ask(on(24, 11))
    rule(on(24, 12), granted=False)
    with pytest.raises(ActionRefused, match="只能申请一次"):
        ask(on(24, 13))


@pytest.mark.parametrize("days", [0, 11])
def test_days_outside_the_policy_are_refused(ask, days):
    with pytest.raises(WrongInput, match="1 至 10 个工作日"):
        ask(on(24), days=days)
    assert not ExtensionRequest.objects.exists()


def test_granted_as_asked_or_for_fewer_days_and_never_for_more(handling, ask, rule):
    ask(on(24), days=5)
    with pytest.raises(WrongInput, match="1 至申请的 5 个"):
        rule(on(24, 11), granted=True, days=6)
    rule(on(24, 11), granted=True, days=3)
    # 30 November, 1 and 2 December.
    new = on(30, 17, 30).replace(month=12, day=2)
    assert (clock_of(handling).due_at, clock_of(handling).extra_days) == (new, 3)
    told = event_of(handling, Move.GRANT_EXTENSION)
    assert told == {"days": 3, "old": DUE.isoformat(), "new": new.isoformat()}
    handling.refresh_from_db()
    assert Step.EXTEND not in running(handling)


def test_granted_without_a_number_is_what_was_asked(handling, ask, rule):
    ask(on(24), days=None)
    rule(on(24, 11), granted=True)
    assert clock_of(handling).extra_days == 5


def test_nobody_is_told_of_the_limit_before_the_ruling(handling, ask, rule):
    ask(on(27, 16))
    sweep_clocks(now=on(30, 9))
    assert not supervise_notices()


def test_refusal_leaves_the_limit_and_what_was_held_back_comes_at_once(handling, ask, rule, clerk):
    ask(on(27, 16))
    rule(on(30, 9, 30), granted=False)
    assert clock_of(handling).due_at == DUE
    sweep_clocks(now=on(30, 9, 31))
    assert supervise_notices().count() == 1
    assert "未获批准" in notices_for(clerk).get(code=Move.REFUSE_EXTENSION).text


def test_refusal_needs_its_reason(ask, rule):
    ask(on(24))
    with pytest.raises(WrongInput, match="不批准延期的理由"):
        rule(on(24, 11), granted=False, note="")


def test_request_lapses_when_the_unit_answers_first(handling, ask, rule, clerk):
    asked = ask(on(24))
    answer(handling, by=clerk, at=on(25))
    asked.refresh_from_db()
    assert asked.ruling == Ruling.LAPSED
    assert clock_of(handling, Step.EXTEND).state == ClockState.DROPPED
    with pytest.raises(IllegalMove):
        rule(on(25, 11), granted=True)
    assert clock_of(handling).due_at == DUE


def test_ruling_that_somebody_else_made_is_not_made_twice(ask, rule):
    ask(on(24))
    rule(on(24, 11), granted=True, days=1)
    with pytest.raises(ActionRefused, match="可能已被他人审批"):
        rule(on(24, 12), granted=True, days=5)


def test_rework_is_a_limit_of_its_own(handling, ask, rule, clerk, operator):
    ask(on(23))
    rule(on(23, 11), granted=True)
    pass_answer(handling, unit_by=clerk, by=operator, at=on(24))
    record_callback(
        handling,
        result=CallbackResult(True, False, Rating.BAD),
        note="又灭了",
        by=operator,
        at=on(25),
    )
    ask(on(26))
    assert ExtensionRequest.objects.filter(clock__ticket=handling).count() == 2
