"""What the model can answer, and how its heads' answers are read together.

Every head's labels are columns of one matrix of weights. Number, type and item are three views of one
decision: an item belongs to a type, a type to a list (12345, 110, 不予受理).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from routing.ml.corpus import NOT_ACCEPTED
from routing.ml.softening import Doubles, Floats, Groups, soften, soften_groups

HEADS = ("number", "type", "item", "line", "request", "urgent", "complex")
LISTS = ("12345", "110", NOT_ACCEPTED)
# Key of the factor for the joint judgement of numbers among the heads' own.
JOINT = "number+type"

Columns = npt.NDArray[np.int64]
Chances = Mapping[str, Doubles]


@cache
def list_of(code: str) -> str:
    """On which list an item or type code stands: 12345, 110, or 不予受理 for an exclusion."""
    return code.split("-")[0] if "-" in code else NOT_ACCEPTED


@cache
def type_of(code: str) -> str:
    """The type's code (12345-0203), or 不予受理 for an exclusion."""
    return code[:-2] if "-" in code else NOT_ACCEPTED


# What callers of a list's parts usually want (the headings of 青政办〔2022〕88号 attachments 1 and 2),
# for examples that do not say; most usual first.
_USUAL_REQUESTS = {
    "12345-01": ("咨询",),
    "12345-02": ("求助",),
    "12345-03": ("投诉", "举报"),
    "12345-04": ("投诉", "举报"),
    "12345-05": ("建议",),
    "110-0604": ("举报",),
    "110-07": ("投诉",),
    "110-08": ("咨询",),
    "110-": ("求助",),
}


@cache
def usual_requests(code: str) -> tuple[str, ...]:
    """The kinds of request that an item usually is, empty for an exclusion."""
    fitting = [start for start in _USUAL_REQUESTS if code.startswith(start)]
    return _USUAL_REQUESTS[max(fitting, key=len)] if fitting else ()


def list_of_number(number: str) -> str:
    """The list that a number's matters stand on; 119, 120 and 122 share 110's."""
    return number if number in ("12345", NOT_ACCEPTED) else "110"


@dataclass(frozen=True)
class Mixture:
    """How far the heads count when an item is chosen: exponents of the item's probability within
    its type, of its type's and of its list's."""

    item: float
    type: float
    list: float


@dataclass(frozen=True)
class Labels:
    """`names[head]` are the head's labels, sorted; the columns of the weights are those of all heads
    in the order of `HEADS`."""

    names: Mapping[str, tuple[str, ...]]

    @property
    def width(self) -> int:
        return sum(len(self.names[head]) for head in HEADS)

    @cached_property
    def columns(self) -> Mapping[str, slice]:
        """Where each head's columns lie."""
        found: dict[str, slice] = {}
        start = 0
        for head in HEADS:
            found[head] = slice(start, start + len(self.names[head]))
            start += len(self.names[head])
        return found

    @cached_property
    def groups(self) -> Groups:
        """All columns by what their probabilities sum to one within: the head, for items the type."""
        numbers: list[int] = []
        for head in HEADS:
            next_one = numbers[-1] + 1 if numbers else 0
            within = self.item_types.tolist() if head == "item" else [0] * len(self.names[head])
            numbers.extend(next_one + number for number in within)
        return Groups.of(np.array(numbers, dtype=np.int64))

    @cached_property
    def item_groups(self) -> Groups:
        return Groups.of(self.item_types)

    @cached_property
    def item_types(self) -> Columns:
        """For each item the column of its type within the type head. Sorted as the items are, so that
        the items of a type lie side by side."""
        places = {name: at for at, name in enumerate(self.names["type"])}
        return np.array([places[type_of(code)] for code in self.names["item"]], dtype=np.int64)

    @cached_property
    def item_lists(self) -> Columns:
        """For each item the number of its list within `LISTS`."""
        return _lists(self.names["item"])

    @cached_property
    def _lists_of_numbers(self) -> Doubles:
        """Numbers x lists: 1 where a number's matters stand on the list."""
        return np.eye(len(LISTS))[
            [LISTS.index(list_of_number(number)) for number in self.names["number"]]
        ]

    @cached_property
    def _numbers_of_types(self) -> Doubles:
        """Types x numbers: 1 where both belong to one list."""
        lists = np.eye(len(LISTS))[_lists(self.names["type"])]
        return np.asarray(lists @ self._lists_of_numbers.T)

    def soften(self, head: str, scores: Floats, sharpness: float) -> Doubles:
        """A head's scores as probabilities; those of items sum to one within each type."""
        if not self.names[head]:
            return scores.astype(np.float64)
        if head == "item":
            return soften_groups(scores, sharpness, self.item_groups)
        return soften(scores, sharpness)

    def number_logits(self, chances: Chances) -> Floats:
        """Numbers judged by two heads together: log of the number's own probability and of what the
        type head gives to the number's list. Each errs where the other does not."""
        tiny = 1e-6
        by_type = chances["type"] @ self._numbers_of_types
        logits = np.log(chances["number"] + tiny) + np.log(by_type + tiny)
        return np.asarray(logits, dtype=np.float32)

    def mix_items(self, chances: Chances, mixture: Mixture) -> Doubles:
        """Item probabilities: of the list, of the type, and of the item within its type, multiplied
        and normalised."""
        tiny = 1e-9
        of_type = mixture.type * np.log(chances["type"] + tiny)
        of_list = mixture.list * np.log(chances["number"] @ self._lists_of_numbers + tiny)
        logs = (
            mixture.item * np.log(chances["item"] + tiny)
            + of_type.take(self.item_types, axis=-1)
            + of_list.take(self.item_lists, axis=-1)
        )
        return soften(logs.astype(np.float32), 1.0)

    def positions(self, head: str, answers: Sequence[Sequence[str]]) -> list[list[int]]:
        """Accepted labels as columns within the head."""
        places = {name: at for at, name in enumerate(self.names[head])}
        return [[places[name] for name in answer] for answer in answers]


def _lists(codes: Sequence[str]) -> Columns:
    return np.array([LISTS.index(list_of(code)) for code in codes], dtype=np.int64)
