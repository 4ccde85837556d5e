"""Days are sealed once, whole, in order, whatever happens meanwhile."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection
from django.db.models import ProtectedError

from hotline.actions import seal
from hotline.actions.reveal import reveal_personal_data
from hotline.actions.seal import seal_days
from hotline.models import Event, HistoryIsFixed, Seal
from hotline.queries.verification import find_faults
from hotline.rules.seals import unpack_tails
from hotline.tasks import seal_days_task
from tests.hotline.history import happen, on

SEALED_AT = on(24, 1)


def days():
    return [day.day for day in Seal.objects.values_list("day", flat=True)]


def tails_of(day):
    return [tail[:2] for tail in unpack_tails(Seal.objects.get(day=on(day).date()).tails)]


def test_every_day_that_is_over_is_sealed_once(dispatched):
    happen(dispatched, on(22))
    told = []
    assert seal_days(now=SEALED_AT, report=lambda day, events: told.append((day.day, events))) == 4
    assert told == [(20, 2), (21, 0), (22, 1), (23, 0)]
    assert seal_days(now=SEALED_AT) == 0
    assert days() == [20, 21, 22, 23]


def test_day_is_sealed_an_hour_after_its_end(dispatched):
    assert seal_days(now=on(21, 0, 59, 59)) == 0
    assert seal_days(now=on(21, 1)) == 1


def test_nothing_is_sealed_before_the_first_event(db):
    assert seal_days(now=SEALED_AT) == 0


def test_midnight_parts_the_days(dispatched):
    happen(dispatched, on(20, 23, 59, 59, 999_000))
    happen(dispatched, on(21, 0))
    seal_days(now=SEALED_AT)
    assert tails_of(20) == [(dispatched.pk, 3)]
    assert tails_of(21) == [(dispatched.pk, 4)]


def test_look_at_personal_data_is_sealed(dispatched, operator):
    reveal_personal_data(dispatched, reason="核对地址", by=operator, at=on(22))
    seal_days(now=SEALED_AT)
    assert tails_of(22) == [(dispatched.pk, 3)]
    assert Event.objects.get(sequence=3).kind == "reveal"


def test_killed_run_leaves_whole_days_and_the_next_goes_on(dispatched, monkeypatch):
    calls = []

    def dies(rows):
        calls.append(rows)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return pack(rows)

    pack = seal.pack_tails
    with monkeypatch.context() as patch:
        patch.setattr(seal, "pack_tails", dies)
        with pytest.raises(KeyboardInterrupt):
            seal_days(now=SEALED_AT)
    assert days() == [20, 21]
    assert seal_days(now=SEALED_AT) == 2
    assert days() == [20, 21, 22, 23]
    assert list(find_faults(now=SEALED_AT)) == []


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_each_seal_once(stage, dispatched, monkeypatch):
    """Both have counted a day before either writes its seal."""
    ready = threading.Barrier(2, timeout=30)
    made, errors = [], []
    pack = seal.pack_tails

    def together(rows):
        packed = pack(rows)
        ready.wait()
        return packed

    def run():
        try:
            made.append(seal_days(now=SEALED_AT))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(seal, "pack_tails", together)
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sum(made) == 4
    assert days() == [20, 21, 22, 23]
    assert list(find_faults(now=SEALED_AT)) == []


def test_task_seals_what_is_over(dispatched, monkeypatch):
    monkeypatch.setattr("hotline.tasks.timezone.now", lambda: SEALED_AT)
    assert seal_days_task() == 4


@pytest.mark.parametrize("model", [Event, Seal])
def test_history_is_only_added_to(dispatched, model):
    seal_days(now=SEALED_AT)
    row = model.objects.first()
    row.kind = "sign"
    for forbidden in (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(pk=0),
        lambda: model.objects.bulk_update([row], [model._meta.fields[1].name]),
    ):
        with pytest.raises(HistoryIsFixed):
            forbidden()


def test_row_is_not_overwritten_by_a_new_one_with_its_key(dispatched):
    old = dispatched.events.first()
    with pytest.raises(IntegrityError):
        Event(pk=old.pk, ticket=dispatched, sequence=9, kind="sign", at=old.at).save()


def test_ticket_with_history_is_not_deleted(registered):
    with pytest.raises(ProtectedError):
        registered.delete()


def test_seals_follow_each_other(dispatched):
    seal_days(now=SEALED_AT)
    seals = list(Seal.objects.order_by("day"))
    assert [row.previous for row in seals] == ["", *(row.digest for row in seals[:-1])]
    assert {row.made_at for row in seals} == {SEALED_AT.astimezone(dt.UTC)}
