"""How sure an answer is, and how far it may be used without a person: automatic, suggestion, person.

The confidence is the probability that number and line of work are both right. It is a logistic
curve over the features below; its weights are fitted in training on texts that the model had not
seen, each taken through all rules as a real one is (`routing.learning`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum


class Zone(StrEnum):
    AUTOMATIC = "automatic"
    SUGGESTION = "suggestion"
    PERSON = "person"


ZONE_NAMES: dict[Zone, str] = {
    Zone.AUTOMATIC: "可直接采用",
    Zone.SUGGESTION: "供选择，请核对",
    Zone.PERSON: "请人工判断",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities, 0 to 1. `automatic` and `suggestion` bound the zones from below; from `alarm`
    on the model alone sends a matter whose urgency reaches `alarm_urgent` to the emergency side,
    always with review; `urgent`
    and `complex` are where the model alone calls it so; below `exclusion` an exclusion rule is
    overruled by the model; when 12345 and 110 both reach `conference` nobody can tell them apart;
    from `line` on the matter's own words may name another line than its item's."""

    automatic: float = 0.93
    suggestion: float = 0.30
    alarm: float = 0.20
    alarm_urgent: float = 0.35
    exclusion: float = 0.08
    conference: float = 0.40
    # Of a hundred matters that reach 12345 few are 110's, while half of the examples are. For a call
    # the odds are left as they are all the same: a danger missed weighs more than a false alarm
    # (0.6 would miss half as many again). Nobody in danger writes a letter: there they are lowered.
    emergency_odds: float = 1.0
    letter_odds: float = 0.03
    doubt_odds: float = 0.4
    urgent: float = 0.5
    complex: float = 0.5
    line: float = 0.25


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence is judged by. Chances lie between 0 and 1, flags are 0 or 1.

    `number`: the model's probability of the chosen side; `exact`: the chosen number's share among 110,
    119, 120 and 122 (1 for others); `type`: the chosen type's share among that
    side's; `line`: of the chosen line (1 where there is none); `item_line`: the share of items that
    lead to it; `words`: the line that the words of the text name first is the chosen one (1), another
    (-1), or none is named (0); `named`: how many lines they name; `first`: the model's likeliest line is
    the chosen one; `danger`, `exclusion`: a written rule decided; `doubt`: a danger word stands in the
    text that decided nothing; `emergency`: 110's side was chosen; `letter`; `length`: characters.
    """

    number: float
    exact: float
    type: float
    line: float
    item_line: float
    words: float
    named: float
    first: float
    danger: float
    exclusion: float
    doubt: float
    emergency: float
    letter: float
    length: float

    def values(self) -> tuple[float, ...]:
        """The numbers that the weights are multiplied with; the last is constant."""
        side = 1.0 - self.emergency - self.exclusion
        return (
            _logit(self.number),
            self.emergency * _logit(self.exact),
            _logit(self.type),
            side * _logit(self.line),
            side * _logit(self.item_line),
            side * self.words,
            side * self.named,
            side * self.first,
            self.danger,
            self.danger * _logit(self.number),
            self.exclusion,
            self.doubt,
            self.emergency,
            self.letter,
            math.log(5.0 + self.length),
            1.0,
        )


FEATURE_COUNT = len(fields(Features)) + 2


def confidence_of(features: Features, weights: Sequence[float]) -> float:
    """The probability, 0 to 1, that number and line are right."""
    pairs = zip(weights, features.values(), strict=True)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, sum(w * v for w, v in pairs)))))


def _logit(chance: float) -> float:
    bounded = min(max(chance, 1e-4), 1.0 - 1e-4)
    return math.log(bounded / (1.0 - bounded))


def zone_of(confidence: float, thresholds: Thresholds) -> Zone:
    """The zone of a confidence."""
    if confidence >= thresholds.automatic:
        return Zone.AUTOMATIC
    if confidence >= thresholds.suggestion:
        return Zone.SUGGESTION
    return Zone.PERSON
