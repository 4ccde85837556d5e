"""How far the mix of matters has moved: the population stability index."""

import math
from collections.abc import Mapping
from enum import StrEnum


class Drift(StrEnum):
    NONE = "none"
    SOME = "some"
    MUCH = "much"


DRIFT_NAMES: dict[Drift, str] = {
    Drift.NONE: "稳定",
    Drift.SOME: "有变化，请留意",
    Drift.MUCH: "变化明显，建议重新训练并核对目录",
}

# The customary marks of the index.
SOME_FROM = 0.1
MUCH_FROM = 0.25
# Fewer than these on either side say nothing.
LEAST_COUNT = 50


def stability_index(before: Mapping[str, int], now: Mapping[str, int]) -> float | None:
    """Sum over all kinds of (share now - share before) * ln(share now / share before); every kind
    counts half a case more, so that a new one does not make it infinite. None with fewer than
    `LEAST_COUNT` cases on either side."""
    if min(sum(before.values()), sum(now.values())) < LEAST_COUNT:
        return None
    kinds = {*before, *now}

    def share(counts: Mapping[str, int], kind: str) -> float:
        return (counts.get(kind, 0) + 0.5) / (sum(counts.values()) + 0.5 * len(kinds))

    return sum(
        (share(now, kind) - share(before, kind)) * math.log(share(now, kind) / share(before, kind))
        for kind in kinds
    )


def drift_of(index: float | None) -> Drift | None:
    """What an index says; None for None."""
    if index is None:
        return None
    if index >= MUCH_FROM:
        return Drift.MUCH
    return Drift.SOME if index >= SOME_FROM else Drift.NONE
