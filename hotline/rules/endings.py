"""On what ground a request is not worked again.

青政办〔2021〕48号 三（三） asks for rules on 无理重复诉求处置 without giving them: both grounds are a
local setting.
"""

from enum import StrEnum


class Ground(StrEnum):
    REPEATED = "repeated"
    GROUNDLESS = "groundless"


GROUND_NAMES: dict[Ground, str] = {
    Ground.REPEATED: "同一事项已依法答复，无新的事实和理由",
    Ground.GROUNDLESS: "诉求没有事实或政策依据，已说明理由",
}

# Of a repeated request there is an earlier ticket in which it was answered.
NEEDS_EARLIER = frozenset({Ground.REPEATED})
