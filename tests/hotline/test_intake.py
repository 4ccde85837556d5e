"""Registration: once, masked, encrypted, with the suggestion kept."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection

from catalog.rules.limits import Step
from hotline.actions.errors import KeyReused, LostRace, WrongInput
from hotline.actions.intake import Intake, register_ticket, save_draft
from hotline.models import Caller, Clock, Event, Suggestion, Ticket
from hotline.rules.intake import Channel
from hotline.rules.states import State
from tests.conftest import NOW

PHONE = "13800000001"


def test_registered_ticket_has_number_suggestion_clock_and_event(registered):
    assert registered.number == "261120000001"
    assert registered.state == State.REGISTERED
    suggestion = Suggestion.objects.get(ticket=registered)
    assert suggestion.answer["platform"] == "12345"
    assert suggestion.model == suggestion.answer["model"] != ""
    clock = Clock.objects.get(ticket=registered)
    assert clock.step == Step.FORWARD
    # Friday 20 November; forwarded by Monday 23 November, 17:30.
    assert clock.due_at == dt.datetime(2026, 11, 23, 17, 30, tzinfo=NOW.tzinfo)
    assert list(Event.objects.values_list("kind", flat=True)) == ["register"]


def test_same_key_twice_makes_one_ticket(operator, intake, registered):
    again, made = register_ticket(intake=intake, key="one", by=operator, at=NOW)
    assert (again.pk, made) == (registered.pk, False)
    assert Ticket.objects.count() == 1


def test_same_key_with_other_words_is_refused(operator, intake, registered):
    other = dataclasses.replace(intake, content=intake.content + "另外楼道灯也不亮。")
    with pytest.raises(KeyReused):
        register_ticket(intake=other, key="one", by=operator, at=NOW)


def test_same_key_of_two_clients_makes_two_tickets(operator, machine, intake, registered):
    _, made = register_ticket(intake=intake, key="one", by=machine, at=NOW)
    assert made
    assert Ticket.objects.count() == 2


def test_numbers_follow_each_other_and_start_anew_each_day(operator, intake):
    tomorrow = NOW + dt.timedelta(days=1)
    numbers = [
        register_ticket(intake=intake, key=key, by=operator, at=at)[0].number
        for key, at in (("a", NOW), ("b", NOW), ("c", tomorrow))
    ]
    assert numbers == ["261120000001", "261120000002", "261121000001"]


def test_personal_data_is_encrypted_at_rest_and_masked_on_screen(operator):
    intake = Intake(
        content=f"路灯坏了，请回电{PHONE}，身份证630102000000000000。",
        channel=Channel.PHONE,
        phone=PHONE,
        name="示例人",
        address="西宁市城中区某路1号院2单元",
    )
    ticket, _ = register_ticket(intake=intake, key="k", by=operator, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, content_original, address, title FROM hotline_ticket")
        stored = " ".join(cursor.fetchone())
        cursor.execute("SELECT phone, name, phone_index FROM hotline_caller")
        stored += " ".join(cursor.fetchone())
    assert PHONE not in stored
    assert "示例人" not in stored
    assert "2单元" not in stored
    assert "630102000000000000" not in stored
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.caller.masked_phone == "138****0001"
    assert ticket.caller.phone == PHONE
    assert PHONE not in ticket.content
    assert PHONE in ticket.content_original


def test_caller_is_found_again_however_the_number_is_written(operator, intake):
    for index, phone in enumerate(("13800000001", "138 0000 0001", "+86 138-0000-0001")):
        register_ticket(
            intake=dataclasses.replace(intake, phone=phone), key=f"k{index}", by=operator, at=NOW
        )
    assert Caller.objects.count() == 1


def test_anonymous_caller_is_possible(operator, intake):
    ticket, _ = register_ticket(
        intake=dataclasses.replace(intake, phone="", name=""), key="k", by=operator, at=NOW
    )
    assert ticket.caller is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"content": "  \n "}, "content"),
        ({"content": "长" * 20_001}, "content"),
        ({"content": "路灯\x00坏了"}, "content"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_bad_input_names_its_field_and_makes_nothing(operator, intake, change, field):
    with pytest.raises(WrongInput) as refused:
        register_ticket(intake=dataclasses.replace(intake, **change), key="k", by=operator, at=NOW)
    assert refused.value.field == field
    assert not Ticket.objects.exists()


def test_draft_is_kept_and_becomes_the_ticket(operator, intake):
    draft = save_draft(intake=dataclasses.replace(intake, content="路灯"), key="k", by=operator)
    save_draft(intake=dataclasses.replace(intake, content="路灯坏了"), key="k", by=operator)
    assert Ticket.objects.get().content == "路灯坏了"
    ticket, made = register_ticket(intake=intake, key="k", by=operator, at=NOW)
    assert made
    assert ticket.pk == draft.pk
    with pytest.raises(LostRace):
        save_draft(intake=intake, key="k", by=operator)
