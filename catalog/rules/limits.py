"""Words of the limits: steps that have a limit, classes of handling, rungs of the ladder."""

from enum import StrEnum


class Step(StrEnum):
    """A stretch of a ticket's life that somebody must end in time."""

    FORWARD = "forward"  # 12345 hands the ticket to the unit
    HANDOVER = "handover"  # 110 hands a police order to 12345
    SIGN = "sign"  # the unit takes it
    HANDLE = "handle"  # the unit answers
    RULE = "rule"  # the hotline rules on a return
    CHECK = "check"  # the hotline reads the reply
    CALLBACK = "callback"  # the hotline asks the caller
    ASSIST = "assist"  # a co-handler tells the lead its part
    SUPPLEMENT = "supplement"  # the hotline asks the caller for more
    EXTEND = "extend"  # the hotline rules on an extension asked for
    CONSULT = "consult"  # the units meet over a disputed ticket
    REVIEW = "review"  # a second person approves that a repeated request ends
    ORDER = "order"  # the unit's leader answers a supervise order
    # Periods that are measured, not clocks that run.
    EXTENSION = "extension"  # how much an extension may add
    REOPEN = "reopen"  # how long a closed ticket may be opened again


STEP_NAMES: dict[Step, str] = {
    Step.FORWARD: "转办",
    Step.HANDOVER: "110 交办",
    Step.SIGN: "签收",
    Step.HANDLE: "办理",
    Step.RULE: "退单裁定",
    Step.CHECK: "答复审核",
    Step.CALLBACK: "回访",
    Step.ASSIST: "协办",
    Step.SUPPLEMENT: "补充信息",
    Step.EXTEND: "延期审批",
    Step.CONSULT: "会商",
    Step.REVIEW: "不再受理复核",
    Step.ORDER: "督办单",
    Step.EXTENSION: "延期",
    Step.REOPEN: "重新受理",
}


# What a unit must do; the rest is the hotline's.
UNIT_STEPS = frozenset({Step.SIGN, Step.HANDLE, Step.ASSIST, Step.ORDER})


class HandlingClass(StrEnum):
    """The classes of 青政办〔2022〕88号 三（四）4."""

    URGENT = "urgent"
    GENERAL = "general"
    COMPLEX = "complex"
    JOINT = "joint"


CLASS_NAMES: dict[HandlingClass, str] = {
    HandlingClass.URGENT: "紧急",
    HandlingClass.GENERAL: "一般",
    HandlingClass.COMPLEX: "复杂",
    HandlingClass.JOINT: "多部门复杂",
}


class Rung(StrEnum):
    URGE = "urge"
    SUPERVISE = "supervise"
    SUMMON = "summon"
    REPORT = "report"


RUNG_NAMES: dict[Rung, str] = {
    Rung.URGE: "催办",
    Rung.SUPERVISE: "督办",
    Rung.SUMMON: "约谈",
    Rung.REPORT: "通报",
}


class Trigger(StrEnum):
    HALF = "half"  # half of the limit's working days are over
    LAST_DAY = "last_day"  # the last working day begins
    OVERDUE = "overdue"  # `offset_days` working days after the limit; 0: at once


TRIGGER_NAMES: dict[Trigger, str] = {
    Trigger.HALF: "时限过半",
    Trigger.LAST_DAY: "最后一个工作日",
    Trigger.OVERDUE: "超期",
}
