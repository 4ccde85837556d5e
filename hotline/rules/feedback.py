"""What a callback decides."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

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


class ResultByLaw(StrEnum):
    """青政办〔2021〕48号 三（四）: 行政调解类、执法办案类事项应依法依规处置，不片面追求满意率."""

    MEDIATION = "mediation"
    ENFORCEMENT = "enforcement"


RESULT_BY_LAW_NAMES: dict[ResultByLaw, str] = {
    ResultByLaw.MEDIATION: "行政调解类",
    ResultByLaw.ENFORCEMENT: "执法办案类",
}


@dataclass(frozen=True, slots=True)
class CallbackResult:
    """What the caller said. `reached` False: nobody answered; then nothing else is known."""

    reached: bool
    solved: bool | None
    rating: Rating | None


# How often the hotline tries to reach the caller before it closes unheard. A local setting.
MAX_CALL_ATTEMPTS = 3


def next_move(
    result: CallbackResult, *, reworks: int, attempts: int, by_law: bool = False
) -> Move | None:
    """What follows the `attempts`-th call. `reworks`: how often the ticket was worked again since it
    was last opened. `by_law`: the law sets the result.

    Reached: REWORK when not solved or not satisfied and the ticket was not worked again before, else
    CLOSE; where the law sets the result, dissatisfaction alone is no ground. Not reached: None (call
    again) until MAX_CALL_ATTEMPTS, then CLOSE.
    """
    if not result.reached:
        return Move.CLOSE if attempts >= MAX_CALL_ATTEMPTS else None
    dissatisfied = result.rating is not None and result.rating <= Rating.BAD
    unhappy = result.solved is False or (dissatisfied and not by_law)
    return Move.REWORK if unhappy and reworks < MAX_REWORKS else Move.CLOSE
