"""Each way of sending: what goes over, once a key, and which failures are worth another try."""

import http.server
import json
import smtplib
import stat
import threading
import time

import pytest
from django.core import mail

from hotline.exchange import sms
from hotline.exchange.delivery import Envelope, Permanent, Transient
from hotline.exchange.email import EmailAdapter
from hotline.exchange.file import FileAdapter
from hotline.exchange.gateways import adapter_for, channels_into_files
from hotline.exchange.sms import SmsAdapter
from hotline.rules.messages import MessageChannel

PHONE = "13800000001"
ENVELOPE = Envelope("notice:1:staff:2", PHONE, "提醒", "工单已到期")


class Gateway(http.server.BaseHTTPRequestHandler):
    """Answers with the next of `server.answers`: a status code, or seconds of silence."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.requests.append((self.headers, json.loads(self.rfile.read(length))))
        answer = self.server.answers.pop(0)
        if isinstance(answer, float):
            time.sleep(answer)
            return
        self.send_response(answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Silent."""


@pytest.fixture
def gateway(settings, monkeypatch):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.requests, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_TOKEN = "only-for-tests"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_text_message_carries_its_key_and_the_token(gateway):
    gateway.answers = [202]
    SmsAdapter().send(ENVELOPE)
    [(headers, body)] = gateway.requests
    assert headers["Idempotency-Key"] == "notice:1:staff:2"
    assert headers["Authorization"] == "Bearer only-for-tests"
    assert body == {"to": PHONE, "text": "工单已到期"}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, Transient),
        (503, Transient),
        (429, Transient),
        (401, Transient),
        (302, Transient),
        (400, Permanent),
        (422, Permanent),
    ],
)
def test_gateway_refusals(gateway, answer, error):
    gateway.answers = [answer]
    with pytest.raises(error) as refused:
        SmsAdapter().send(ENVELOPE)
    assert str(answer) in str(refused.value)
    assert PHONE not in str(refused.value)
    assert len(gateway.requests) == 1


def test_silent_gateway_is_tried_again(gateway, monkeypatch):
    monkeypatch.setattr(sms, "TIMEOUTS", (0.2, 0.2))
    gateway.answers = [1.0]
    with pytest.raises(Transient, match="没有按时应答"):
        SmsAdapter().send(ENVELOPE)


def test_gateway_that_is_not_there_is_tried_again(settings):
    settings.SMS_URL = "http://127.0.0.1:1/send"
    with pytest.raises(Transient) as refused:
        SmsAdapter().send(ENVELOPE)
    assert PHONE not in str(refused.value)


LETTER = Envelope("notice:1:staff:2", "somebody@example.com", "提醒", "工单已到期")


def test_letter_carries_its_key_as_message_id(settings):
    settings.DEFAULT_FROM_EMAIL = "12345 <hotline@example.gov.cn>"
    EmailAdapter().send(LETTER)
    [letter] = mail.outbox
    assert letter.message()["Message-ID"] == "<notice.1.staff.2@example.gov.cn>"
    assert (letter.to, letter.subject, letter.body) == (
        ["somebody@example.com"],
        "提醒",
        "工单已到期",
    )


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (smtplib.SMTPRecipientsRefused({"somebody@example.com": (550, b"no")}), Permanent),
        (smtplib.SMTPRecipientsRefused({"somebody@example.com": (450, b"later")}), Transient),
        (smtplib.SMTPDataError(554, b"somebody@example.com"), Permanent),
        (smtplib.SMTPAuthenticationError(535, b"bad"), Transient),
        (smtplib.SMTPServerDisconnected("somebody@example.com"), Transient),
        (ConnectionRefusedError("somebody@example.com"), Transient),
    ],
)
def test_mail_server_refusals_name_no_address(monkeypatch, raised, error):
    def refuse(self, messages):
        raise raised

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(error) as refused:
        EmailAdapter().send(LETTER)
    assert "example.com" not in str(refused.value)


@pytest.fixture
def folder(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


def lines(folder):
    return [json.loads(line) for line in (folder / "sms.jsonl").read_text().splitlines()]


def test_file_gets_one_line_a_key_however_many_write_at_once(folder):
    adapter = FileAdapter("sms", lambda address: "masked")
    ready = threading.Barrier(4)

    def write():
        ready.wait()
        for number in range(5):
            adapter.send(Envelope(f"key:{number}", PHONE, "", "words"))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line["key"] for line in lines(folder)) == [f"key:{n}" for n in range(5)]


def test_file_is_private_and_holds_no_number(folder):
    adapter_for(MessageChannel.SMS).send(ENVELOPE)
    path = folder / "sms.jsonl"
    assert PHONE not in path.read_text()
    assert lines(folder)[0]["to"] == "138****0001"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_half_a_line_of_a_killed_writer_is_overwritten(folder):
    adapter = adapter_for(MessageChannel.SMS)
    adapter.send(ENVELOPE)
    with (folder / "sms.jsonl").open("a") as file:
        file.write('{"key": "notice:9')
    adapter.send(Envelope("notice:9:staff:2", PHONE, "", "words"))
    assert [line["key"] for line in lines(folder)] == ["notice:1:staff:2", "notice:9:staff:2"]


def test_gateways_are_used_when_they_are_set(settings):
    assert channels_into_files() == [MessageChannel.SMS, MessageChannel.EMAIL]
    settings.SMS_URL, settings.EMAIL_URL = "http://127.0.0.1:1/", "smtp://127.0.0.1:1"
    assert channels_into_files() == []
    assert isinstance(adapter_for(MessageChannel.SMS), SmsAdapter)
    assert isinstance(adapter_for(MessageChannel.EMAIL), EmailAdapter)
