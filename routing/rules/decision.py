"""The answer of the router: one frozen value with its reasons."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from routing.rules.confidence import ZONE_NAMES, Zone


class Number(StrEnum):
    """Who takes the matter: the two platforms, the three emergency numbers, or nobody here."""

    HOTLINE = "12345"
    POLICE = "110"
    FIRE = "119"
    MEDICAL = "120"
    TRAFFIC = "122"
    NOT_ACCEPTED = "不予受理"


class Action(StrEnum):
    """What the operator does with the call (青政办〔2022〕88号 三（三）1)."""

    ACCEPT = "accept"
    TRANSFER = "transfer"
    CONFERENCE = "conference"
    ALARM_FIRE = "alarm_fire"
    ALARM_MEDICAL = "alarm_medical"
    ALARM_TRAFFIC = "alarm_traffic"
    GUIDE = "guide"


ACTION_NAMES: dict[Action, str] = {
    Action.ACCEPT: "受理",
    Action.TRANSFER: "转110（一键转接）",
    Action.CONFERENCE: "三方通话",
    Action.ALARM_FIRE: "转119，同时告知110",
    Action.ALARM_MEDICAL: "转120，同时告知110",
    Action.ALARM_TRAFFIC: "转122，同时告知110",
    Action.GUIDE: "不予受理",
}

ACTION_OF_NUMBER: dict[Number, Action] = {
    Number.HOTLINE: Action.ACCEPT,
    Number.POLICE: Action.TRANSFER,
    Number.FIRE: Action.ALARM_FIRE,
    Number.MEDICAL: Action.ALARM_MEDICAL,
    Number.TRAFFIC: Action.ALARM_TRAFFIC,
    Number.NOT_ACCEPTED: Action.GUIDE,
}

EMERGENCY_NUMBERS = frozenset({Number.POLICE, Number.FIRE, Number.MEDICAL, Number.TRAFFIC})
EMERGENCY_NAMES = frozenset(number.value for number in EMERGENCY_NUMBERS)


class UnitRole(StrEnum):
    LEAD = "lead"
    CO = "co"


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A body proposed for the ticket. `line` is the provincial member's printed name, or empty."""

    code: str
    name: str
    line: str
    role: UnitRole
    why: str


@dataclass(frozen=True, slots=True)
class RegionChoice:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item the operator may choose instead. `confidence` is a probability, 0 to 1."""

    platform: Number
    category: str
    type: str
    item: str
    item_code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the caller (empty for a general remark), what follows from them, and the source."""

    words: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class ElementFound:
    """Words of the normalised text that say when, where, who, what or what is asked for."""

    name: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What `route` answers. `category`, `type` and `item` are the attachments' own words and empty
    when nothing on the lists fits; `request` is the kind of request (咨询 求助 投诉 举报 建议);
    `confidence` is the probability, 0 to 1, that number and line of work are right, `zone` what it
    allows; `candidates` holds up to five, best first; `questions` are still to be asked; `model`
    names the model that took part."""

    platform: Number
    action: Action
    category: str
    type: str
    item: str
    item_code: str
    clause: str
    units: tuple[UnitChoice, ...]
    region: RegionChoice | None
    urgent: bool
    complex: bool
    hotline: str | None
    request: str
    confidence: float
    zone: Zone
    review: bool
    candidates: tuple[Candidate, ...]
    evidence: tuple[Evidence, ...]
    elements: tuple[ElementFound, ...]
    missing: tuple[str, ...]
    questions: tuple[str, ...]
    model: str

    @property
    def advice(self) -> str:
        """What the confidence, or a danger that is not certain, asks of the operator; in Chinese."""
        doubtful = self.zone is Zone.AUTOMATIC or self.platform in EMERGENCY_NUMBERS
        if self.review and doubtful:
            return "请先核实"
        return ZONE_NAMES[self.zone]

    def to_json(self) -> dict[str, Any]:
        """The fields of the `route` command, ready for `json.dumps`."""
        return {
            "platform": self.platform.value,
            "action": ACTION_NAMES[self.action],
            "category": self.category,
            "type": self.type,
            "item": self.item,
            "item_code": self.item_code,
            "clause": self.clause,
            "units": [
                {
                    "code": unit.code,
                    "name": unit.name,
                    "line": unit.line,
                    "role": unit.role.value,
                    "why": unit.why,
                }
                for unit in self.units
            ],
            "region": (
                {"code": self.region.code, "name": self.region.name} if self.region else None
            ),
            "urgent": self.urgent,
            "complex": self.complex,
            "hotline": self.hotline,
            "request": self.request,
            "confidence": round(self.confidence, 4),
            "zone": self.zone.value,
            "review": self.review,
            "candidates": [
                {
                    "platform": candidate.platform.value,
                    "category": candidate.category,
                    "type": candidate.type,
                    "item": candidate.item,
                    "item_code": candidate.item_code,
                    "confidence": round(candidate.confidence, 4),
                }
                for candidate in self.candidates
            ],
            "evidence": [
                {"words": piece.words, "why": piece.why, "source": piece.source}
                for piece in self.evidence
            ],
            "elements": [
                {"name": e.name, "words": e.words, "start": e.start, "end": e.end}
                for e in self.elements
            ],
            "missing": list(self.missing),
            "questions": list(self.questions),
            "model": self.model,
        }
