"""What a callback decides."""

from dataclasses import dataclass
from enum import IntEnum

from hotline.rules.workflow import MAX_REWORKS, Move


class Rating(IntEnum):
    """The five levels of 好差评."""

    VERY_GOOD = 5
    GOOD = 4
    FAIR = 3
    BAD = 2
    VERY_BAD = 1


RATING_NAMES: dict[Rating, str] = {
    Rating.VERY_GOOD: "非常满意",
    Rating.GOOD: "满意",
    Rating.FAIR: "基本满意",
    Rating.BAD: "不满意",
    Rating.VERY_BAD: "非常不满意",
}


@dataclass(frozen=True, slots=True)
class CallbackResult:
    """What the caller said. `reached` False: nobody answered; then nothing else is known."""

    reached: bool
    solved: bool | None
    rating: Rating | None


# How often the hotline tries to reach the caller before it closes unheard. A local setting.
MAX_CALL_ATTEMPTS = 3


def next_move(result: CallbackResult, *, reworks: int, attempts: int) -> Move | None:
    """What follows the `attempts`-th call.

    Reached: REWORK when not solved or not satisfied and the ticket was not worked again before, else
    CLOSE. Not reached: None (call again) until MAX_CALL_ATTEMPTS, then CLOSE.
    """
    if not result.reached:
        return Move.CLOSE if attempts >= MAX_CALL_ATTEMPTS else None
    unhappy = result.solved is False or (result.rating is not None and result.rating <= Rating.BAD)
    return Move.REWORK if unhappy and reworks < MAX_REWORKS else Move.CLOSE
