"""Notices: each rung once, in office hours, whatever crashes or runs at the same time."""

import dataclasses
import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.rules.limits import HandlingClass, Rung, Step
from catalog.rules.roles import Role
from hotline.actions import sweep
from hotline.actions.clocks import recount_clock
from hotline.actions.dead_letters import retry_letter
from hotline.actions.dispatch import dispatch_ticket
from hotline.actions.handle import reply_to_ticket, sign_ticket
from hotline.actions.intake import register_ticket
from hotline.actions.sweep import sweep_clocks
from hotline.models import Clock, DeadLetter, Notice, Ticket
from hotline.queries.notices import notices_for
from hotline.queries.timeline import timeline_of
from hotline.queries.verification import chain_faults
from hotline.rules.clocks import ClockState
from hotline.rules.dead_letters import LetterState
from tests.conftest import NOW


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=NOW.tzinfo)


def sent(step=Step.HANDLE):
    return list(
        Notice.objects.filter(clock__step=step).order_by("id").values_list("rung", flat=True)
    )


URGES = [Rung.URGE] * 2
# All of the ladder of handling; the summoning is told to the unit's leader and to the hotline.
LADDER = [*URGES, Rung.SUPERVISE, Rung.SUMMON, Rung.SUMMON, Rung.REPORT]


@pytest.fixture
def dispatched(registered, choice, operator):
    """To one unit alone, so that only the lead's limits run."""
    dispatch_ticket(registered, choice=choice, by=operator, at=NOW)
    return registered


@pytest.fixture
def handling(dispatched, clerk):
    """Five working days from Friday 20 November: 23, 24, 25, 26, 27 November, due 17:30."""
    sign_ticket(dispatched, by=clerk, at=NOW)
    return dispatched


@pytest.fixture
def make_handling(operator, clerk, intake, choice):
    """More tickets like `handling`, begun at other moments."""

    def make(key, begun=NOW):
        ticket, _ = register_ticket(intake=intake, key=key, by=operator, at=begun)
        dispatch_ticket(ticket, choice=choice, by=operator, at=begun)
        sign_ticket(ticket, by=clerk, at=begun)
        return ticket

    return make


def handle_clock(ticket):
    return ticket.clocks.get(step=Step.HANDLE)


def test_history_says_who_was_told(handling, supervisor):
    sweep_clocks(now=at(30, 9))
    told = [line.detail for line in timeline_of(handling, viewer=supervisor) if line.is_alarm]
    assert "办理时限；通知承办单位经办人" in told
    assert "办理时限；通知承办单位负责人" in told


def test_nothing_is_sent_before_its_time(handling):
    assert sweep_clocks(now=at(25, 23, 59)) == 0


def test_ladder_in_order(handling):
    expected = [
        # Half of five days: the morning after day 3 (Wednesday 25 November).
        (at(26, 9), [Rung.URGE]),
        (at(27, 8, 59), [Rung.URGE]),
        # The last working day begins.
        (at(27, 9), URGES),
        (at(27, 17, 31), URGES),
        # Missed on Friday 17:30: told on Monday 30 November, in office hours.
        (at(30, 9), LADDER[:3]),
        # Two and five working days after: 1 and 4 December.
        (at(1, 9, month=12), LADDER[:5]),
        (at(4, 9, month=12), LADDER),
        (at(20, 9, month=12), LADDER),
    ]
    for moment, rungs in expected:
        sweep_clocks(now=moment)
        assert sent() == rungs, moment


def test_second_sweep_at_the_same_moment_sends_nothing(handling):
    assert sweep_clocks(now=at(30, 9)) == 3
    assert sweep_clocks(now=at(30, 9)) == 0


def test_step_done_in_time_is_not_noticed(handling, clerk):
    reply_to_ticket(handling, text="已修复。", by=clerk, at=at(24, 10))
    sweep_clocks(now=at(20, 9, month=12))
    assert sent() == []


def test_notice_reaches_the_right_people_alone(handling, clerk, leader, stranger, supervisor):
    sweep_clocks(now=at(30, 9))
    assert [notice.rung for notice in notices_for(clerk)] == [Rung.URGE, Rung.URGE]
    assert [notice.rung for notice in notices_for(leader)] == [Rung.SUPERVISE, Rung.URGE, Rung.URGE]
    assert not notices_for(stranger)
    assert not notices_for(supervisor)
    sweep_clocks(now=at(4, 9, month=12))
    assert [notice.rung for notice in notices_for(supervisor)] == [Rung.SUMMON]
    report = Notice.objects.get(rung=Rung.REPORT, clock__step=Step.HANDLE)
    assert (report.audience, report.unit) == (Role.GOVERNMENT, None)


def test_notices_are_events_of_the_ticket(handling):
    sweep_clocks(now=at(30, 9))
    events = handling.events.filter(kind="notice").order_by("sequence")
    assert [event.data["code"] for event in events] == [
        "handle-urge-half",
        "handle-urge-last",
        "handle-supervise",
    ]


def test_urgent_matter_is_noticed_at_night(registered, choice, operator, clerk):
    urgent = dataclasses.replace(choice, handling_class=HandlingClass.URGENT)
    dispatch_ticket(registered, choice=urgent, by=operator, at=NOW)
    sign_ticket(registered, by=clerk, at=NOW)
    # Friday 10:00; on a 24-hour footing until the end of Monday 23 November.
    clock = registered.clocks.get(step=Step.HANDLE)
    assert clock.due_at == dt.datetime(2026, 11, 23, 23, 59, 59, tzinfo=NOW.tzinfo)
    sweep_clocks(now=at(24, 0, 1))
    assert Rung.SUPERVISE in sent()
    assert all(notice.is_urgent for notice in clock.notices.all())


def test_general_matter_is_not_marked_urgent(handling):
    sweep_clocks(now=at(30, 9))
    assert not Notice.objects.filter(is_urgent=True).exists()


@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_send_each_notice_once(stage, handling):
    ready = threading.Barrier(3)
    errors = []

    def run():
        try:
            ready.wait()
            sweep_clocks(now=at(4, 9, month=12))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sent() == LADDER


def test_sweep_killed_after_the_notices_leaves_none_out_and_doubles_none(handling, monkeypatch):
    """The process dies between the notices and their events: the batch is rolled back whole, and the
    next sweep sends all."""

    def dies(*args, **kwargs):
        assert Notice.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "record_events", dies)
    with pytest.raises(KeyboardInterrupt):
        sweep_clocks(now=at(30, 9))
    monkeypatch.undo()
    assert sent() == []
    sweep_clocks(now=at(30, 9))
    assert sent() == LADDER[:3]


def test_clock_row_tells_when_the_next_rung_comes(handling):
    clock = Clock.objects.get(ticket=handling, step=Step.HANDLE)
    assert clock.next_rung_at == at(26, 9)
    sweep_clocks(now=at(26, 9))
    clock.refresh_from_db()
    assert clock.next_rung_at == at(27, 9)


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_events_of_one_ticket_chain_over_all_its_clocks(dispatched, batch):
    """Not signed: the limits of signing and of handling are both past."""
    sweep_clocks(now=at(20, 9, month=12), batch=batch)
    dispatched.refresh_from_db()
    told = dispatched.events.filter(kind="notice")
    assert {event.data["step"] for event in told} == {Step.SIGN, Step.HANDLE}
    assert dispatched.event_count == dispatched.events.count() == 2 + len(told)
    assert not list(chain_faults())


def test_after_an_outage_what_was_planned_first_comes_first(make_handling):
    for days, key in enumerate("cab"):
        make_handling(key, NOW - dt.timedelta(days=days))
    sweep_clocks(now=at(20, 9, month=12), batch=1)
    first = Notice.objects.filter(code="handle-urge-half").order_by("id")
    assert [notice.ticket.idempotency_key for notice in first] == ["b", "a", "c"]


def test_queries_of_a_batch_do_not_grow_with_its_clocks(make_handling):
    counts = []
    for round_, many in enumerate([1, 6]):
        tickets = [make_handling(f"{round_}-{key}") for key in range(many)]
        with CaptureQueriesContext(connection) as queries:
            assert sweep_clocks(now=at(26, 9)) == many
        counts.append(len(queries))
        assert {ticket.notices.count() for ticket in tickets} == {1}
    assert counts[0] == counts[1]


def test_limit_held_or_standing_still_is_not_told(handling, make_handling):
    held, paused = make_handling("held"), make_handling("paused")
    # `next_rung_at` is left as it is, so that the state itself must hold the notice back.
    Clock.objects.filter(ticket=held).update(is_held=True)
    Clock.objects.filter(ticket=paused, step=Step.HANDLE).update(state=ClockState.PAUSED)
    sweep_clocks(now=at(30, 9))
    assert set(Notice.objects.values_list("ticket", flat=True)) == {handling.pk}


def test_unit_that_has_just_acted_is_not_urged(handling):
    clock = handle_clock(handling)
    clock.acted_at = at(25, 15)
    clock.save()
    assert sweep_clocks(now=at(26, 9)) == 0
    clock.refresh_from_db()
    assert [rung["code"] for rung in clock.rungs if rung.get("quiet")] == ["handle-urge-half"]
    assert clock.next_rung_at == at(27, 9)
    # A count anew does not bring it back; the next urging comes, as does what is not urging.
    recount_clock(clock)
    sweep_clocks(now=at(27, 9))
    Clock.objects.filter(pk=clock.pk).update(acted_at=at(30, 8))
    sweep_clocks(now=at(30, 9))
    assert sent() == [Rung.URGE, Rung.SUPERVISE]


def break_rungs(ticket):
    clock = handle_clock(ticket)
    clock.rungs[0]["audience"] = "nobody"
    clock.save()
    return clock


def test_clock_that_cannot_be_told_is_put_aside_and_stops_no_other(make_handling, caplog):
    tickets = [make_handling(key) for key in "abc"]
    broken = break_rungs(tickets[1])
    assert sweep_clocks(now=at(26, 9)) == 2
    assert {ticket.notices.count() for ticket in (tickets[0], tickets[2])} == {1}
    assert f"clock {broken.pk} cannot be swept" in caplog.text
    broken.refresh_from_db()
    assert broken.next_rung_at == at(26, 10)
    letter = DeadLetter.objects.get()
    assert (letter.key, letter.ticket) == (str(broken.pk), tickets[1])
    # Put right, it is told when its hour is over.
    broken.rungs[0]["audience"] = Role.UNIT_CLERK
    broken.save()
    assert sweep_clocks(now=at(26, 9, 59)) == 0
    assert sweep_clocks(now=at(26, 10)) == 1
    letter.refresh_from_db()
    assert letter.state == LetterState.RESOLVED
    assert not list(chain_faults())


def test_person_may_have_it_tried_again_at_once(make_handling, supervisor):
    broken = break_rungs(make_handling("a"))
    sweep_clocks(now=at(26, 9))
    retry_letter(DeadLetter.objects.get(), by=supervisor, at=at(26, 9, 5))
    assert sweep_clocks(now=at(26, 9, 6)) == 0
    assert DeadLetter.objects.get().attempts == 2
    broken.refresh_from_db()
    broken.rungs[0]["audience"] = Role.UNIT_CLERK
    broken.save()
    retry_letter(DeadLetter.objects.get(), by=supervisor, at=at(26, 9, 7))
    assert sweep_clocks(now=at(26, 9, 8)) == 1
    assert DeadLetter.objects.get().state == LetterState.RESOLVED


def test_notice_that_is_there_already_poisons_no_batch(make_handling, monkeypatch):
    told, other = make_handling("told"), make_handling("other")
    assert sweep_clocks(now=at(26, 9)) == 2
    Notice.objects.filter(ticket=other).delete()
    Clock.objects.filter(step=Step.HANDLE).update(next_rung_at=at(26, 9))
    # As if another process had written the notice since this one looked.
    monkeypatch.setattr(sweep, "sent_codes", lambda clock: set())
    assert sweep_clocks(now=at(26, 9)) == 1
    assert (told.notices.count(), other.notices.count()) == (1, 1)
    assert handle_clock(told).next_rung_at == at(26, 10)
    assert handle_clock(other).next_rung_at == at(27, 9)


def test_ticket_that_cannot_be_decrypted_is_told_all_the_same(handling):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hotline_ticket SET content_original = 'broken'")
    assert sweep_clocks(now=at(26, 9)) == 1


@pytest.mark.django_db(transaction=True)
def test_ticket_in_somebodys_hands_is_left_to_the_next_sweep(stage, make_handling):
    """Without waiting for who has it. SQLite has one writer at a time: there the sweep waits."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("one writer at a time")
    taken, free = make_handling("taken"), make_handling("free")
    told = []

    def run():
        try:
            told.append(sweep_clocks(now=at(26, 9)))
        finally:
            connection.close()

    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=taken.pk)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)
    assert told == [1]
    assert free.notices.count() == 1
    assert sweep_clocks(now=at(26, 9)) == 1
