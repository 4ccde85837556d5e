"""A changed, removed or inserted event is found and named."""

import pytest
from django.core.management import call_command

from hotline.models import Event
from hotline.queries.verification import find_faults


def test_untouched_history_is_whole(dispatched, capsys):
    call_command("verify_events")
    assert "发现 0 处不符" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("harm", "sequence", "what"),
    [
        (lambda t: t.events.filter(sequence=1).update(data={"from": "x"}), 1, "事件内容被改动"),
        (lambda t: t.events.filter(sequence=1).delete(), 1, "事件被删除或顺序被改"),
        (lambda t: t.events.filter(sequence=2).delete(), 2, "末尾的事件被删除"),
        (lambda t: t.events.all().delete(), 1, "全部事件被删除"),
        (
            lambda t: Event.objects.create(
                ticket=t, sequence=3, kind="sign", at=t.received_at, hash="0" * 64
            ),
            3,
            "事件内容被改动",
        ),
    ],
)
def test_harm_is_found_and_named(dispatched, harm, sequence, what):
    harm(dispatched)
    faults = list(find_faults())
    assert [(fault.ticket, fault.sequence, fault.what) for fault in faults] == [
        (dispatched.number, sequence, what)
    ]


def test_command_fails_when_something_is_wrong(dispatched):
    dispatched.events.filter(sequence=1).update(kind="sign")
    with pytest.raises(SystemExit):
        call_command("verify_events")
