"""A changed, removed or inserted event or seal is found and named."""

import io
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from hotline.actions.intake import register_ticket
from hotline.actions.reveal import reveal_personal_data
from hotline.actions.seal import seal_days
from hotline.models import Seal, Ticket
from hotline.queries.verification import find_faults
from tests.conftest import NOW
from tests.hotline.history import EVENTS, change, happen, insert, on, rebuild, remove

SEALED_AT = on(24, 1)
SEALS = Seal._base_manager


def faults(now=SEALED_AT):
    return [str(fault) for fault in find_faults(now=now)]


@pytest.fixture
def other(registered, intake, operator):
    return register_ticket(intake=intake, key="two", by=operator, at=NOW)[0]


@pytest.fixture
def sealed(dispatched, other, operator):
    """Three events on the 20th, of two tickets; a look at personal data on the 22nd; sealed."""
    reveal_personal_data(dispatched, reason="核对地址", by=operator, at=on(22))
    seal_days(now=SEALED_AT)
    return dispatched


@pytest.mark.parametrize(
    ("harm", "sequence", "what"),
    [
        (lambda rows: rows.filter(sequence=1).update(data={"from": "x"}), 1, "事件内容被改动"),
        (lambda rows: rows.filter(sequence=1).delete(), 1, "事件被删除或顺序被改"),
        (lambda rows: rows.filter(sequence=2).delete(), 2, "末尾的事件被删除"),
        (lambda rows: rows.all().delete(), 1, "全部事件被删除"),
        (
            lambda rows: EVENTS.create(
                ticket=rows.first().ticket, sequence=3, kind="sign", at=NOW, hash="0" * 64
            ),
            3,
            "事件内容被改动",
        ),
    ],
)
def test_harm_before_the_seal_is_found_by_the_chain(dispatched, harm, sequence, what):
    harm(EVENTS.filter(ticket=dispatched))
    assert faults(NOW) == [f"工单 {dispatched.number} 第 {sequence} 条：{what}"]


@pytest.mark.parametrize(
    ("harm", "day", "what"),
    [
        (
            lambda ticket: change(ticket, 1),
            20,
            "第 2 条或之前的事件在封存之后被改动或插入，事件链被重新算过",
        ),
        (
            lambda ticket: change(ticket, 3),  # who looked at personal data
            22,
            "第 3 条或之前的事件在封存之后被改动或插入，事件链被重新算过",
        ),
        (lambda ticket: remove(ticket, 1), 20, "封存时的第 2 条不在了，事件被删除"),
        (lambda ticket: remove(ticket, 3), 22, "该日的事件在封存之后全部被删除"),
        (lambda ticket: remove(ticket, 1, 2, 3), 20, "该日的事件在封存之后全部被删除"),
        (
            lambda ticket: insert(ticket, 2, on(20)),
            20,
            "第 2 条或之前的事件在封存之后被改动或插入，事件链被重新算过",
        ),
        (
            lambda ticket: insert(ticket, 4, on(22, 11)),
            22,
            "封存之后多出第 4 条事件（被插入，或写入晚于封存）",
        ),
        (
            lambda ticket: insert(ticket, 4, on(21)),
            21,
            "封存之后多出第 4 条事件（被插入，或写入晚于封存）",
        ),
        (
            lambda ticket: insert(ticket, 4, on(19)),
            20,
            "有事件早于这个最早的封存日，是后来插入的",
        ),
    ],
)
def test_harm_with_a_rebuilt_chain_is_found_by_the_seal(sealed, harm, day, what):
    assert faults() == []
    harm(sealed)
    assert faults() == [f"工单 {sealed.number}，2026-11-{day}：{what}"]


def test_removed_ticket_is_found_by_the_seal(sealed, other):
    EVENTS.filter(ticket=other).delete()
    other.clocks.all().delete()
    other.suggestions.all().delete()
    Ticket.objects.filter(pk=other.pk).delete()
    assert faults() == [
        f"工单 （已删除，内部编号 {other.pk}），2026-11-20：该日的事件在封存之后全部被删除"
    ]


def test_event_written_after_its_day_was_sealed_is_named(sealed):
    happen(sealed, on(20, 23, 59, 59))
    assert faults() == [
        f"工单 {sealed.number}，2026-11-20：封存之后多出第 4 条事件（被插入，或写入晚于封存）"
    ]


def test_harm_after_the_last_seal_with_a_rebuilt_chain_is_not_found(sealed):
    """What the seal does not cover yet; the command says since when."""
    happen(sealed, on(24))
    change(sealed, 4)
    assert faults() == []


def swap(one, two):
    far = on(30).date()
    for old, new in ((one, far), (two, one), (far, two)):
        SEALS.filter(day=old).update(day=new)


CHANGED = "被改动，该日事件无法按封存核对（若每天都如此，请核对 FIELD_KEY 末尾是否仍是最早的密钥）"


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            lambda: SEALS.filter(day=on(21).date()).delete(),
            ["2026-11-21 的封存：这一天没有封存（被删除）"],
        ),
        (
            lambda: SEALS.filter(day__in=[on(21).date(), on(22).date()]).delete(),
            ["2026-11-21 的封存：至 2026-11-22 共 2 天没有封存（被删除）"],
        ),
        (
            lambda: SEALS.filter(day=on(20).date()).delete(),
            ["2026-11-21 的封存：它之前的封存被删除"],
        ),
        (
            lambda: SEALS.filter(day=on(23).date()).delete(),
            ["2026-11-23 的封存：这一天没有封存（被删除，或封存任务没有运行）"],
        ),
        (
            lambda: SEALS.all().delete(),
            ["2026-11-20 的封存：至 2026-11-23 共 4 天没有封存（被删除，或封存任务没有运行）"],
        ),
        (
            lambda: SEALS.filter(day=on(22).date()).update(events=7),
            [f"2026-11-22 的封存：{CHANGED}"],
        ),
        (
            lambda: SEALS.filter(day=on(22).date()).update(tails=b"x"),
            [f"2026-11-22 的封存：{CHANGED}"],
        ),
        (
            lambda: SEALS.filter(day=on(21).date()).update(digest="0" * 64),
            [f"2026-11-21 的封存：{CHANGED}"],
        ),
        (
            lambda: SEALS.filter(day=on(20).date()).update(made_at=on(21, 2)),
            [f"2026-11-20 的封存：{CHANGED}"],
        ),
        (
            lambda: swap(on(20).date(), on(22).date()),
            [
                "2026-11-20 的封存：实为 2026-11-22 的封存，被调换到这一天",
                "2026-11-22 的封存：实为 2026-11-20 的封存，被调换到这一天",
            ],
        ),
    ],
)
def test_harm_to_a_seal_is_named(sealed, harm, told):
    harm()
    assert faults(on(24, 4)) == told


def test_seal_made_anew_without_the_key_does_not_pass(sealed, settings):
    """The day's last seal is thrown away with the event, and made again with a key made up."""
    keys = settings.FIELD_KEYS
    SEALS.filter(day__gte=on(22).date()).delete()
    remove(sealed, 3)
    settings.FIELD_KEYS = ["made-up"]
    seal_days(now=SEALED_AT)
    settings.FIELD_KEYS = keys
    assert faults() == [f"2026-11-{day} 的封存：{CHANGED}" for day in (22, 23)]


def test_seal_that_the_system_made_anew_joins_no_later_one(sealed):
    """A seal removed while it was the newest, made again by the task, and the old next one put back."""
    last = SEALS.get(day=on(23).date())
    SEALS.filter(day__gte=on(22).date()).delete()
    seal_days(now=on(23, 2))
    last.pk = None
    last._state.adding = True
    last.save()
    assert faults() == ["2026-11-23 的封存：与前一天的封存不相接"]


def test_new_key_in_front_leaves_the_seals_valid(sealed, settings):
    settings.FIELD_KEYS = ["new", *settings.FIELD_KEYS]
    assert faults() == []
    seal_days(now=on(25, 1))
    settings.FIELD_KEYS = settings.FIELD_KEYS[1:]
    assert faults() == []


def test_seal_not_made_in_time_is_a_fault_only_after_two_runs(sealed):
    assert faults(on(25, 2, 59)) == []
    assert faults(on(25, 3)) == ["2026-11-24 的封存：这一天没有封存（被删除，或封存任务没有运行）"]


def test_each_ticket_is_named_once_for_the_first_day(sealed):
    change(sealed, 1)
    SEALS.filter(day=on(20).date()).update(events=7)  # that day proves nothing now
    assert faults() == [
        f"2026-11-20 的封存：{CHANGED}",
        f"工单 {sealed.number}，2026-11-22："
        "第 3 条或之前的事件在封存之后被改动或插入，事件链被重新算过",
    ]


def test_many_tickets_are_read_in_blocks(sealed, other, monkeypatch):
    monkeypatch.setattr("hotline.queries.verification.BLOCK", 1)
    told = []
    assert list(find_faults(now=SEALED_AT, report=told.append)) == []
    assert told[-1] == 4
    EVENTS.filter(ticket=other).delete()
    assert f"工单 {other.number} 第 1 条：全部事件被删除" in faults()


def test_command_says_what_is_covered_by_the_chain_alone(sealed, monkeypatch, capsys):
    happen(sealed, on(24))
    monkeypatch.setattr(timezone, "now", lambda: on(24, 11))
    call_command("verify_events")
    out = capsys.readouterr().out
    assert "已封存至 2026-11-23。" in out
    assert "自 2026-11-24 起的 1 条事件尚未封存，只由事件链核对。" in out
    assert "核对 5 条事件，发现 0 处不符。" in out


def test_command_says_which_seals_were_made_late(sealed, monkeypatch, capsys):
    """Three of the four days were sealed when the fourth was."""
    monkeypatch.setattr(timezone, "now", lambda: SEALED_AT)
    call_command("verify_events")
    told = "有 3 天的封存作成较晚（最近的是 2026-11-22，作成于 2026-11-24 01:00）"
    assert told in capsys.readouterr().out


def test_command_fails_when_something_is_wrong(sealed, monkeypatch, capsys):
    change(sealed, 3)
    monkeypatch.setattr(timezone, "now", lambda: SEALED_AT)
    with pytest.raises(SystemExit) as end:
        call_command("verify_events", json=True)
    assert end.value.code == 1
    named, summary = capsys.readouterr().out.splitlines()
    assert sealed.number in named
    assert json.loads(summary) == {
        "events": 4,
        "faults": 1,
        "sealed_through": "2026-11-23",
        "unsealed": 0,
        "unsealed_since": None,
        "late_seals": 3,
    }


def test_progress_is_shown_on_a_terminal_alone(sealed, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: SEALED_AT)
    file, terminal = io.StringIO(), io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    call_command("verify_events", stderr=file)
    call_command("verify_events", stderr=terminal)
    assert file.getvalue() == ""
    assert "\r已核对 4 条事件" in terminal.getvalue()
    assert "\r已核对 封存 2026-11-23" in terminal.getvalue()


def test_seal_command_seals_what_is_over(dispatched, monkeypatch, capsys):
    monkeypatch.setattr(timezone, "now", lambda: SEALED_AT)
    call_command("seal_days")
    assert "本次封存 4 天。" in capsys.readouterr().out


def test_rebuilt_chain_of_untouched_events_is_the_same(sealed):
    """The other hand of these tests computes what the system does."""
    rebuild(sealed)
    assert faults() == []
