"""Texts of messages, and when to try again."""

import datetime as dt
from collections import Counter

import pytest

from catalog.rules.limits import Rung, Step
from hotline.rules.messages import (
    CallerMessage,
    caller_text,
    daytime_at_or_after,
    digest_text,
    notice_text,
    retry_at,
)

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_tries_come_ever_later_and_end():
    waits = [retry_at(attempts, NOON) for attempts in range(1, 7)]
    minutes = [wait and (wait - NOON) / dt.timedelta(minutes=1) for wait in waits]
    assert minutes == [1, 5, 30, 120, 360, None]


@pytest.mark.parametrize(
    ("hour", "expected"), [(7, (20, 8)), (8, (20, 8)), (20, (20, 20)), (21, (21, 8)), (23, (21, 8))]
)
def test_citizens_are_left_alone_at_night(hour, expected):
    told = daytime_at_or_after(NOON.replace(hour=hour))
    assert (told.day, told.hour) == expected


def test_notice_names_ticket_and_step():
    text = notice_text(Rung.SUPERVISE, "261120000017", Step.HANDLE, NOON)
    assert (
        text == "【12345热线】督办：工单261120000017的办理时限为11月20日12:00，请尽快登录系统处理。"
    )
    by_hand = notice_text(Rung.URGE, "261120000017", None, None)
    assert by_hand == "【12345热线】催办：工单261120000017，请尽快登录系统处理。"


def test_digest_counts_the_gravest_first():
    text = digest_text(Counter({Rung.URGE: 24, Rung.SUPERVISE: 3}), NOON)
    assert text == (
        "【12345热线】您有 27 条待办提醒：督办 3、催办 24，最早的时限为11月20日12:00；请登录系统查看。"
    )


@pytest.mark.parametrize("kind", CallerMessage)
def test_caller_is_told_the_number_and_how_to_look_it_up(kind):
    url = "https://12345.example.gov.cn/"
    text = caller_text(kind, "261120000017", confidential=False, public_url=url)
    assert "261120000017" in text
    assert "https://12345.example.gov.cn/progress/ " in text
    without = caller_text(kind, "261120000017", confidential=False, public_url="")
    assert "拨打12345" in without
    assert "http" not in without


def test_of_a_confidential_ticket_nothing_is_told():
    texts = {
        caller_text(kind, "261120000017", confidential=True, public_url="")
        for kind in CallerMessage
    }
    assert len(texts) == 1
    assert "261120000017" not in texts.pop()
