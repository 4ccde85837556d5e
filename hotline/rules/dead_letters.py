"""Background work that failed and waits for a person's eye."""

from enum import StrEnum


class LetterState(StrEnum):
    OPEN = "open"  # failed; whoever does this work leaves it alone
    RETRY = "retry"  # a person asked for another try; whoever does this work takes it up
    RESOLVED = "resolved"


class LetterKind(StrEnum):
    SWEEP = "sweep"


LETTER_KIND_NAMES: dict[LetterKind, str] = {LetterKind.SWEEP: "时限催督办"}
