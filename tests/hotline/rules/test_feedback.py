"""What a callback leads to."""

import pytest

from hotline.rules.feedback import MAX_CALL_ATTEMPTS, CallbackResult, Rating, next_move
from hotline.rules.workflow import MAX_REWORKS, Move


@pytest.mark.parametrize(
    ("solved", "rating", "reworks", "expected"),
    [
        (True, Rating.VERY_GOOD, 0, Move.CLOSE),
        (True, Rating.FAIR, 0, Move.CLOSE),
        (True, Rating.BAD, 0, Move.REWORK),
        (False, Rating.GOOD, 0, Move.REWORK),
        (False, Rating.VERY_BAD, 0, Move.REWORK),
        (False, Rating.VERY_BAD, MAX_REWORKS, Move.CLOSE),
    ],
)
def test_caller_reached(solved, rating, reworks, expected):
    result = CallbackResult(True, solved, rating)
    assert next_move(result, reworks=reworks, attempts=1) is expected


def test_caller_not_reached_is_called_again_and_closed_after_the_last_attempt():
    result = CallbackResult(False, None, None)
    moves = [
        next_move(result, reworks=0, attempts=attempt)
        for attempt in range(1, MAX_CALL_ATTEMPTS + 1)
    ]
    assert moves == [None] * (MAX_CALL_ATTEMPTS - 1) + [Move.CLOSE]
