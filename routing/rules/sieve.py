"""Which of many patterns can match a text at all.

Every match of a pattern holds one of a few pairs of characters, known from the pattern alone; a text of
a hundred characters has a hundred pairs. Looking those up leaves a tenth of the patterns to be tried.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from operator import add
from re import _constants as ops  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Chars = frozenset[str]
# More alternatives than these say little, and cost more to look up than they spare.
MOST_CHARS = 60
MOST_PAIRS = 600


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is known of every match of a piece of a pattern: the characters that it begins and ends
    with, and strings (of one character or two) of which it holds at least one; None where nothing is
    known. `empty`: the piece may match nothing."""

    first: Chars | None
    last: Chars | None
    needs: Chars | None
    empty: bool = False


_UNKNOWN = _Shape(None, None, None)


class Sieve:
    """The patterns of a table, found by what they need."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._holders: dict[str, list[int]] = {}
        self._always: list[int] = []
        for at, pattern in enumerate(patterns):
            needs = needs_of(pattern)
            if needs is None:
                self._always.append(at)
            for need in needs or ():
                self._holders.setdefault(need, []).append(at)

    def passing(self, text: str) -> list[int]:
        """The numbers of the patterns that may match a text, ascending."""
        pieces = {*text, *map(add, text, text[1:])}
        found = set(self._always)
        for piece in self._holders.keys() & pieces:
            found.update(self._holders[piece])
        return sorted(found)


def needs_of(pattern: re.Pattern[str]) -> Chars | None:
    """Strings of one character or two of which every match holds at least one; None where the pattern
    does not say."""
    if pattern.flags & re.IGNORECASE:
        return None
    return _sequence(parser.parse(pattern.pattern)).needs


def _sequence(items: Iterable[tuple[Any, Any]]) -> _Shape:
    first: Chars | None = frozenset()
    last: Chars | None = frozenset()
    needs: Chars | None = None
    single: Chars | None = None
    empty = True
    for operator, argument in items:
        if operator in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
            continue  # stands between characters
        piece = _piece(operator, argument)
        if not empty and not piece.empty:
            # Where something precedes for sure, its end and this beginning stand side by side.
            needs = _better(needs, _pairs(last, piece.first))
        if not piece.empty:
            if operator in (ops.LITERAL, ops.IN):
                single = single or piece.needs  # a pair, which there mostly is, says more
            else:
                needs = _better(needs, piece.needs)
        if empty:
            first = _union(first, piece.first)
        last = _union(last, piece.last) if piece.empty else piece.last
        empty = empty and piece.empty
    return _Shape(first, last, _better(needs, single), empty)


def _piece(operator: Any, argument: Any) -> _Shape:
    if operator is ops.LITERAL:
        char = frozenset({chr(argument)})
        return _Shape(char, char, char)
    if operator is ops.IN and all(kind is ops.LITERAL for kind, _ in argument):
        chars = frozenset(chr(code) for _, code in argument)
        return _Shape(chars, chars, chars)
    if operator is ops.SUBPATTERN:
        _, added, _, items = argument
        return _UNKNOWN if added & re.IGNORECASE else _sequence(items)
    if operator is ops.BRANCH:
        return _either([_sequence(items) for items in argument[1]])
    if operator in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, _, items = argument
        inner = _sequence(items)
        if least == 0:
            return _Shape(inner.first, inner.last, None, empty=True)
        return inner
    return _UNKNOWN


def _either(shapes: Sequence[_Shape]) -> _Shape:
    first: Chars | None = frozenset()
    last: Chars | None = frozenset()
    needs: Chars | None = frozenset()
    for shape in shapes:
        first, last = _union(first, shape.first), _union(last, shape.last)
        needs = None if shape.empty else _union(needs, shape.needs, MOST_PAIRS)
    if any(shape.empty for shape in shapes):
        needs = None
    return _Shape(first, last, needs, any(shape.empty for shape in shapes))


def _union(one: Chars | None, other: Chars | None, most: int = MOST_CHARS) -> Chars | None:
    if one is None or other is None or len(one | other) > most:
        return None
    return one | other


def _pairs(left: Chars | None, right: Chars | None) -> Chars | None:
    if not left or not right or len(left) * len(right) > MOST_PAIRS:
        return None
    return frozenset(one + other for one, other in product(left, right))


def _better(one: Chars | None, other: Chars | None) -> Chars | None:
    """Of two needs the one that fewer texts meet: pairs rather than single characters, then fewer."""
    if not one or not other:
        return one or other
    return min(one, other, key=_commonness)


def _commonness(needs: Chars) -> tuple[int, int]:
    return sum(1 for need in needs if len(need) == 1), len(needs)
