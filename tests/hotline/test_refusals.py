"""Steps that come too late or out of place are refused in words, and leave nothing behind."""

import datetime as dt

import pytest

from catalog.models import CalendarDay, Unit
from catalog.rules.limits import Step
from catalog.snapshot import forget_snapshot
from hotline.actions.consult import conclude, convene
from hotline.actions.dispatch import pass_on
from hotline.actions.ending import withdraw_ticket
from hotline.actions.errors import ActionRefused, LostRace
from hotline.actions.extension import ask_extension, rule_on_extension
from hotline.actions.feedback import check_reply, record_callback
from hotline.actions.handle import reply_to_ticket, return_ticket, rule_on_return, sign_ticket
from hotline.actions.intake import register_ticket
from hotline.actions.merge import merge_ticket, unmerge_ticket
from hotline.actions.supplement import ask_caller
from hotline.models import Ticket
from hotline.queries.tickets import tickets_for
from hotline.rules.assignments import Ruling, Verdict
from hotline.rules.feedback import CallbackResult, Rating
from hotline.rules.workflow import IllegalMove
from tests.conftest import NOW

LATER = NOW + dt.timedelta(hours=3)


@pytest.fixture
def handled(dispatched, clerk):
    sign_ticket(dispatched, by=clerk, at=LATER)
    return dispatched


@pytest.fixture
def replied(handled, clerk):
    reply_to_ticket(handled, text="已修复。", without="无须等待。", by=clerk, at=LATER)
    return handled


def test_ruling_checking_and_consulting_on_a_ticket_without_a_unit_say_what_is_possible(
    registered, supervisor
):
    common = {"by": supervisor, "at": LATER}
    market = Unit.objects.get(code="630100-market")
    with pytest.raises(IllegalMove):
        rule_on_return(registered, ruling=Ruling.ACCEPTED, note="同意", **common)
    with pytest.raises(IllegalMove):
        check_reply(registered, verdict=Verdict.APPROVED, note="", **common)
    with pytest.raises(IllegalMove):
        convene(registered, question="归谁", units=[market], **common)
    with pytest.raises(IllegalMove):
        conclude(registered, agreed=True, unit=market, minutes="一致", **common)


def test_the_answer_that_was_not_read_is_not_approved(replied, clerk, operator, supervisor):
    """Two read the same reply; one sends it back, the unit answers anew, the other approves."""
    page = Ticket.objects.get(pk=replied.pk)
    check_reply(replied, verdict=Verdict.SENT_BACK, note="没有结果", by=operator, at=LATER)
    reply_to_ticket(replied, text="另一答复。", without="无须等待。", by=clerk, at=LATER)
    with pytest.raises(LostRace):
        check_reply(page, verdict=Verdict.APPROVED, note="", by=supervisor, at=LATER)


def test_asking_the_caller_from_an_old_page_is_refused(handled, clerk, leader, operator):
    page = Ticket.objects.get(pk=handled.pk)
    reply_to_ticket(handled, text="已修复。", without="无须等待。", by=leader, at=LATER)
    check_reply(handled, verdict=Verdict.SENT_BACK, note="没有结果", by=operator, at=LATER)
    with pytest.raises(LostRace):
        ask_caller(page, question="哪一盏灯？", by=clerk, at=LATER)


def test_withdrawing_ends_what_waited_for_a_ruling_and_the_units_of_a_consult_read_no_more(
    handled, clerk, supervisor, operator, stranger
):
    common = {"by": supervisor, "at": LATER}
    return_ticket(handled, reason="不归本单位", basis="目录", by=clerk, at=LATER)
    convene(handled, question="归谁", units=[stranger.unit], **common)
    assert handled in tickets_for(stranger)
    withdraw_ticket(handled, reason="来电人撤回", by=operator, at=LATER)
    assert handled not in tickets_for(stranger)
    assert handled.consults.get().closed_at == LATER


def test_withdrawing_lets_a_return_lapse(handled, clerk, operator):
    request = return_ticket(handled, reason="不归本单位", basis="目录", by=clerk, at=LATER)
    withdraw_ticket(handled, reason="来电人撤回", by=operator, at=LATER)
    request.refresh_from_db()
    assert (request.ruling, request.ruled_at, request.ruled_by) == (Ruling.LAPSED, LATER, None)


def test_a_call_that_nobody_answered_is_not_noted_on_a_ticket_that_was_closed_meanwhile(
    replied, operator, supervisor
):
    check_reply(replied, verdict=Verdict.APPROVED, note="", by=operator, at=LATER)
    page = Ticket.objects.get(pk=replied.pk)
    heard = CallbackResult(reached=True, solved=True, rating=Rating.GOOD)
    record_callback(replied, result=heard, note="", by=operator, at=LATER)
    missed = CallbackResult(reached=False, solved=None, rating=None)
    with pytest.raises(LostRace):
        record_callback(page, result=missed, note="", by=supervisor, at=LATER)
    assert replied.callbacks.count() == 1


def test_a_ticket_into_which_others_are_merged_is_not_passed_on(
    registered, intake, operator, golmud_operator
):
    """Its answer could not reach them: they stay at the hotline that merged them."""
    other, _ = register_ticket(intake=intake, key="two", by=operator, at=NOW)
    merge_ticket(other, master=registered, by=operator, at=NOW)
    with pytest.raises(ActionRefused, match="已有其他工单并入"):
        pass_on(registered, center=golmud_operator.region, reason="属地", by=operator, at=NOW)
    unmerge_ticket(other, by=operator, at=NOW)
    pass_on(registered, center=golmud_operator.region, reason="属地", by=operator, at=NOW)
    assert registered.center == golmud_operator.region


@pytest.fixture
def new_holiday():
    """The working day on which the general ticket of `dispatched` is due becomes a holiday."""
    CalendarDay.objects.create(
        date=dt.date(2026, 11, 27), is_workday=False, name="示例", document="示例"
    )
    forget_snapshot()
    yield
    forget_snapshot()


def test_a_reply_sent_back_and_an_extension_refused_leave_the_promise_where_it_was(
    handled, new_holiday, clerk, operator, supervisor
):
    """A calendar that changed meanwhile moves it only by counting anew, which the history tells."""
    promised = handled.clocks.get(step=Step.HANDLE).due_at
    ask_extension(handled, days=3, reason="材料未齐", by=clerk, at=LATER)
    rule_on_extension(handled, granted=False, note="可以按期", by=supervisor, at=LATER)
    assert handled.clocks.get(step=Step.HANDLE).due_at == promised
    reply_to_ticket(handled, text="已修复。", without="无须等待。", by=clerk, at=LATER)
    check_reply(handled, verdict=Verdict.SENT_BACK, note="没有结果", by=operator, at=LATER)
    clock = handled.clocks.get(step=Step.HANDLE)
    assert clock.due_at == promised
    assert clock.next_rung_at is not None
