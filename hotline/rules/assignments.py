"""Words of the unit's part: lead and co-handler, ruling on a return, verdict on a reply."""

from enum import StrEnum


class Part(StrEnum):
    LEAD = "lead"
    CO = "co"


PART_NAMES: dict[Part, str] = {Part.LEAD: "主办", Part.CO: "协办"}


class Ruling(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"  # the ticket left the unit before anybody ruled
    CONSULTED = "consulted"  # left to a meeting of the units


RULING_NAMES: dict[Ruling, str] = {
    Ruling.ACCEPTED: "同意",
    Ruling.REFUSED: "不同意",
    Ruling.LAPSED: "已失效",
    Ruling.CONSULTED: "转会商",
}


class Verdict(StrEnum):
    APPROVED = "approved"
    SENT_BACK = "sent_back"


VERDICT_NAMES: dict[Verdict, str] = {Verdict.APPROVED: "通过", Verdict.SENT_BACK: "退回重答"}
