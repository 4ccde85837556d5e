"""How far an answer may be used without a person: automatic, suggestion, person."""

from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    AUTOMATIC = "automatic"
    SUGGESTION = "suggestion"
    PERSON = "person"


ZONE_NAMES: dict[Zone, str] = {
    Zone.AUTOMATIC: "可直接采用",
    Zone.SUGGESTION: "供选择",
    Zone.PERSON: "请人工判断",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities, 0 to 1. `automatic` and `suggestion` bound the zones from below; from `alarm`
    on the model alone sends a matter whose urgency reaches `alarm_urgent` to the emergency side,
    always with review; `urgent`
    and `complex` are where the model alone calls it so; below `exclusion` an exclusion rule is
    overruled by the model; when 12345 and 110 both reach `conference` nobody can tell them apart."""

    automatic: float = 0.75
    suggestion: float = 0.30
    alarm: float = 0.25
    alarm_urgent: float = 0.40
    exclusion: float = 0.08
    conference: float = 0.40
    # Of a hundred matters that reach 12345 few are 110's, while half of the examples are: the odds
    # of the emergency side are lowered so much, and more for a letter.
    emergency_odds: float = 0.6
    letter_odds: float = 0.08
    urgent: float = 0.5
    complex: float = 0.5


def zone_of(confidence: float, thresholds: Thresholds) -> Zone:
    """The zone of a confidence."""
    if confidence >= thresholds.automatic:
        return Zone.AUTOMATIC
    if confidence >= thresholds.suggestion:
        return Zone.SUGGESTION
    return Zone.PERSON
