"""Background work laid aside: one open letter a piece, taken up when a person says so."""

import datetime as dt

import pytest

from hotline.actions.dead_letters import bury, resolve, retry_letter
from hotline.actions.errors import ActionRefused
from hotline.models import DeadLetter
from hotline.queries.dead_letters import keys_in
from hotline.queries.timeline import timeline_of
from hotline.rules.dead_letters import LetterKind, LetterState
from tests.conftest import NOW

LATER = NOW + dt.timedelta(hours=1)


def test_work_that_fails_again_counts_in_its_letter(registered):
    bury(LetterKind.SWEEP, "7", ticket=registered, error="日历缺少 2028 年", at=NOW)
    letter = bury(LetterKind.SWEEP, "7", ticket=registered, error="致电 13800000001", at=LATER)
    assert DeadLetter.objects.get() == letter
    assert (letter.attempts, letter.first_at, letter.last_at) == (2, NOW, LATER)
    assert letter.error == "致电 138****0001"


def test_retry_marks_the_work_for_its_owner_until_it_fails_or_is_done(registered, supervisor):
    letter = bury(LetterKind.SWEEP, "7", ticket=registered, error="e", at=NOW)
    assert keys_in(LetterState.OPEN, LetterKind.SWEEP) == {"7"}
    retry_letter(letter, by=supervisor, at=NOW)
    assert keys_in(LetterState.RETRY, LetterKind.SWEEP) == {"7"}
    assert timeline_of(registered, viewer=supervisor)[0].title == "重试后台任务"
    with pytest.raises(ActionRefused):
        retry_letter(letter, by=supervisor, at=NOW)
    bury(LetterKind.SWEEP, "7", ticket=registered, error="e", at=LATER)
    assert keys_in(LetterState.OPEN, LetterKind.SWEEP) == {"7"}
    assert resolve(LetterKind.SWEEP, "7", at=LATER)
    assert keys_in(LetterState.OPEN, LetterKind.SWEEP) == set()


def test_settled_work_that_fails_once_more_gets_a_letter_of_its_own(db):
    bury(LetterKind.SWEEP, "7", ticket=None, error="e", at=NOW)
    resolve(LetterKind.SWEEP, "7", at=NOW)
    assert not resolve(LetterKind.SWEEP, "7", at=NOW)
    letter = bury(LetterKind.SWEEP, "7", ticket=None, error="e", at=LATER)
    assert (letter.attempts, letter.state) == (1, LetterState.OPEN)
    assert DeadLetter.objects.count() == 2
