"""From the outbox to the gateway: tried again, given up, never sent twice by us."""

import datetime as dt
import json
import logging
import threading

import pytest
from django.db import connection

from hotline.actions.delivery import (
    LEASE,
    cancel_message,
    claim_message,
    record_failure,
    record_sent,
    retry_all,
    retry_message,
)
from hotline.actions.errors import ActionRefused
from hotline.actions.outbox import queue_message, tell_notices
from hotline.celery import app
from hotline.exchange.delivery import Permanent, Transient
from hotline.jobs import deliver
from hotline.jobs.deliver import deliver_messages
from hotline.models import Message, StaffContact
from hotline.queries.timeline import timeline_of
from hotline.rules.messages import RETRY_AFTER, MessageChannel, MessageState
from hotline.tasks import deliver_messages_task, tell_notices_task
from tests.conftest import NOW
from tests.hotline.conftest import PHONE

MINUTE = dt.timedelta(minutes=1)


class Gateway:
    """Takes what it is given; raises `error` instead while there is one."""

    def __init__(self):
        self.taken = []
        self.error = None

    def send(self, envelope):
        if self.error:
            raise self.error
        self.taken.append(envelope)


@pytest.fixture
def gateway(monkeypatch):
    gateway = Gateway()
    monkeypatch.setattr(deliver, "adapter_for", lambda channel: gateway)
    return gateway


@pytest.fixture
def message(db, registered, clerk):
    StaffContact.objects.create(staff=clerk, mobile=PHONE)
    return queue_message(
        key="notice:1:staff:1",
        channel=MessageChannel.SMS,
        text="words",
        at=NOW,
        staff=clerk,
        ticket=registered,
    )


def run(at):
    return deliver_messages(clock=lambda: at)


def test_message_goes_out_once_to_the_address_of_that_moment(message, gateway):
    StaffContact.objects.update(mobile="13800000003")
    assert run(NOW) == 1
    assert run(NOW) == 0
    [envelope] = gateway.taken
    assert (envelope.key, envelope.address) == ("notice:1:staff:1", "13800000003")
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.SENT, NOW)


def test_message_is_given_up_after_the_last_try(message, gateway):
    gateway.error = Transient("短信网关暂不可用（503）")
    at = NOW
    for wait in RETRY_AFTER:
        run(at)
        message.refresh_from_db()
        assert (message.state, message.next_try_at) == (MessageState.WAITING, at + wait)
        assert run(at + wait - MINUTE / 2) == 0
        at += wait
    run(at)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.DEAD, len(RETRY_AFTER) + 1)
    assert message.last_error == "短信网关暂不可用（503）"


def test_message_given_up_is_sent_on_request_and_the_ticket_says_who(
    message, gateway, supervisor, registered
):
    gateway.error = Permanent("短信网关拒收（422）")
    run(NOW)
    message.refresh_from_db()
    assert message.state == MessageState.DEAD
    gateway.error = None
    retry_message(message, by=supervisor, at=NOW)
    assert run(NOW) == 1
    assert [envelope.key for envelope in gateway.taken] == ["notice:1:staff:1"]
    line = timeline_of(registered, viewer=supervisor)[0]
    assert (line.title, line.who) == ("重新发送消息", "热线 supervisor")


def test_sent_message_is_neither_sent_again_nor_cancelled(message, gateway, supervisor):
    run(NOW)
    for act in (retry_message, cancel_message):
        with pytest.raises(ActionRefused):
            act(message, by=supervisor, at=NOW)


def test_cancelled_message_is_never_sent(message, gateway, supervisor, registered):
    cancel_message(message, by=supervisor, at=NOW)
    assert run(NOW) == 0
    assert timeline_of(registered, viewer=supervisor)[0].title == "取消发送消息"


def test_message_in_a_workers_hand_is_left_to_it(message, gateway, supervisor):
    claim_message(now=NOW)
    for act in (retry_message, cancel_message):
        with pytest.raises(ActionRefused, match="正在发送"):
            act(message, by=supervisor, at=NOW + MINUTE)


def test_killed_worker_leaves_the_message_to_the_next_under_the_same_key(message, gateway):
    """Killed between sending and recording: sent again when the lease is over, with the same key, by
    which the other side takes it once."""

    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver, "record_sent", die)
        with pytest.raises(Killed):
            run(NOW)
    assert run(NOW + LEASE - MINUTE) == 0
    assert run(NOW + LEASE) == 1
    assert [envelope.key for envelope in gateway.taken] == ["notice:1:staff:1"] * 2


def test_slow_worker_cannot_undo_what_the_next_one_did(message):
    slow = claim_message(now=NOW)
    fast = claim_message(now=NOW + LEASE)
    record_sent(fast, at=NOW + LEASE)
    record_failure(slow, error="late", for_good=True, at=NOW + LEASE)
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_person_without_address_is_a_failure_for_good(message, gateway):
    StaffContact.objects.all().delete()
    run(NOW)
    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.DEAD, "没有登记手机号码")


def test_unforeseen_error_stops_no_other_message_and_names_no_address(
    message, gateway, registered, caplog
):
    queue_message(
        key="caller:1", channel=MessageChannel.SMS, text="words", at=NOW,
        caller=registered.caller, ticket=registered,
    )  # fmt: skip
    gateway.error = ValueError(f"cannot send to {PHONE}")
    with caplog.at_level(logging.DEBUG):
        run(NOW)
    assert set(Message.objects.values_list("last_error", flat=True)) == {"程序错误（ValueError）"}
    assert "ValueError" in caplog.text
    for private in (PHONE, "13800000001"):
        assert private not in caplog.text


def test_run_ends_when_its_patience_is_over(message, gateway):
    assert deliver_messages(clock=lambda: NOW, patience=0) == 0
    assert gateway.taken == []


def test_everything_given_up_is_sent_again_as_one_message_a_person(
    notify, clerk, supervisor, give_mobile, gateway, dispatched
):
    give_mobile(clerk)
    for _ in range(5):
        notify()
        tell_notices(now=NOW)
        gateway.error = Permanent("短信网关拒收（422）")
        run(NOW)
    gateway.error = None
    dead = Message.objects.filter(state=MessageState.DEAD)
    assert dead.count() == 5
    assert retry_all(dead, by=supervisor, at=NOW) == (5, 1)
    assert run(NOW) == 1
    assert "5 条待办提醒" in gateway.taken[0].text
    assert dispatched.events.filter(kind="message_retried").count() == 5


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_message_once(stage, registered, clerk, gateway):
    StaffContact.objects.create(staff=clerk, mobile=PHONE)
    for number in range(20):
        queue_message(
            key=f"key:{number}", channel=MessageChannel.SMS, text="words", at=NOW, staff=clerk
        )
    ready = threading.Barrier(4)
    errors = []

    def work():
        try:
            ready.wait()
            run(NOW)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sorted(envelope.key for envelope in gateway.taken) == sorted(
        f"key:{number}" for number in range(20)
    )
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_notice_reaches_the_file_where_no_gateway_is_set(
    notify, clerk, give_mobile, settings, tmp_path
):
    settings.OUTBOX_DIR = tmp_path
    give_mobile(clerk)
    notify(urgent=True)
    tell_notices_task()
    assert deliver_messages_task() == 1
    [line] = (tmp_path / "sms.jsonl").read_text().splitlines()
    assert json.loads(line)["key"] == Message.objects.get().key
    assert "138****0002" in line
    assert (tell_notices_task(), deliver_messages_task()) == (0, 0)


def test_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"hotline.tell_notices", "hotline.deliver_messages"} <= scheduled <= set(app.tasks)
