"""Which number takes the matter: written rules first, the model after them."""

from collections.abc import Mapping
from dataclasses import dataclass

from routing.rules.clauses import Mood
from routing.rules.confidence import Thresholds
from routing.rules.decision import (
    ACTION_OF_NUMBER,
    EMERGENCY_NAMES,
    EMERGENCY_NUMBERS,
    Action,
    Number,
)
from routing.rules.phrases import Finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """`danger` and `exclusion` are the findings that decided, `alarm` says that the model alone
    raised it; `chance` is the model's probability of the chosen number's side, 0 to 1."""

    number: Number
    action: Action
    danger: Finding | None
    exclusion: Finding | None
    alarm: bool
    chance: float
    why: str


def side_chances(numbers: Mapping[str, float]) -> tuple[float, float, float]:
    """The model's probabilities of 12345, of 110 with its sister numbers, and of neither."""
    emergency = sum(numbers.get(name, 0.0) for name in EMERGENCY_NAMES)
    return (
        numbers.get(Number.HOTLINE.value, 0.0),
        emergency,
        numbers.get(Number.NOT_ACCEPTED.value, 0.0),
    )


def shift_odds(numbers: Mapping[str, float], odds: float) -> dict[str, float]:
    """The same probabilities with the odds of the emergency numbers multiplied by `odds`."""
    raised = {
        name: chance * (odds if name in EMERGENCY_NAMES else 1.0)
        for name, chance in numbers.items()
    }
    total = sum(raised.values()) or 1.0
    return {name: chance / total for name, chance in raised.items()}


def choose_number(
    dangers: tuple[Finding, ...],
    exclusions: tuple[Finding, ...],
    numbers: Mapping[str, float],
    urgent: float,
    thresholds: Thresholds,
    *,
    suspicion: float,
    told_calmly: bool = False,
    written: bool = False,
) -> Verdict:
    """Decide in this order: a danger rule (the model may not lower it), an exclusion rule that the
    model does not find absurd, then the model. Where the model sees an urgent matter it goes to
    the emergency side from `thresholds.alarm` on, though 12345 may be likelier: `suspicion` is its
    probability of the emergency side before any gate.
    """
    odds = thresholds.letter_odds if written else thresholds.emergency_odds
    if any(not finding.decides and finding.mood is not Mood.ACTUAL for finding in dangers):
        # The words of danger are there, but denied, past, asked about: they mislead the model.
        odds *= thresholds.doubt_odds
    numbers = shift_odds(numbers, odds)
    hotline, emergency, nobody = side_chances(numbers)
    danger = next((finding for finding in dangers if finding.decides), None)
    if danger:
        number = Number(danger.rule.outcomes[0])
        return Verdict(
            number, ACTION_OF_NUMBER[number], danger, None, False, emergency, danger.rule.why
        )
    best_emergency = max(EMERGENCY_NUMBERS, key=lambda number: numbers.get(number.value, 0.0))
    if (
        not told_calmly
        and suspicion >= thresholds.alarm
        and urgent >= thresholds.alarm_urgent
        and emergency <= hotline
    ):
        return Verdict(
            best_emergency,
            ACTION_OF_NUMBER[best_emergency],
            None,
            None,
            True,
            emergency,
            "模型认为可能有紧急危险，请先核实",
        )
    exclusion = next((finding for finding in exclusions if finding.decides), None)
    if exclusion and nobody >= thresholds.exclusion and emergency < thresholds.automatic:
        return Verdict(
            Number.NOT_ACCEPTED, Action.GUIDE, None, exclusion, False, nobody, exclusion.rule.why
        )
    number, chance = max(
        ((Number.HOTLINE, hotline), (best_emergency, emergency), (Number.NOT_ACCEPTED, nobody)),
        key=lambda pair: pair[1],
    )
    action = ACTION_OF_NUMBER[number]
    unclear = min(hotline, emergency) >= thresholds.conference
    if unclear and number in (Number.HOTLINE, Number.POLICE):
        return Verdict(
            number,
            Action.CONFERENCE,
            None,
            None,
            False,
            chance,
            "12345与110职责难以分清，宜三方通话",
        )
    return Verdict(number, action, None, None, False, chance, "")
