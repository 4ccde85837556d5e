"""Which of many patterns can match a text at all.

A pattern is read once, as its alternatives and the words that each cannot do without: of
`煤…(?:味|气)|着火` a text must hold 煤 and one of 味 and 气, or 着火. A text of a hundred characters
has a hundred pairs; looking those up finds the few patterns that are to be tried.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import product
from operator import add
from re import _constants as ops  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

Words = frozenset[str]
Items = Sequence[tuple[Any, Any]]
# More words than these say little, and cost more to look up than they spare.
MOST_WORDS = 60
# Pairs that stand in every other text, so that nothing is found by them.
EVERYDAY = frozenset(
    ("没有", "有人", "没人", "孩子", "我们", "你们", "他们", "一个", "一下", "怎么", "什么", "现在")
)

_NOTHING: Words = frozenset({""})


@dataclass(frozen=True, slots=True)
class Way:
    """One alternative of a pattern. A text that it matches holds a word of each of `needs`; where it
    is `sure`, it matches every text that does."""

    needs: tuple[Words, ...]
    sure: bool = False


class _Shape(NamedTuple):
    """What is known of every match of a piece of a pattern: `words`, of which it is one; where they
    are not known or too many (None), `needs` as of a way. `bare`: no condition on what stands
    around it."""

    words: Words | None
    needs: tuple[Words, ...] = ()
    bare: bool = True


_UNKNOWN = _Shape(None)


class Sieve:
    """The patterns of a table, found by what they need."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always: set[int] = set()
        self._numbers: dict[Words, int] = {}
        # Which needs (by number) a piece of a text may meet.
        self._met_by: dict[str, set[int]] = {}
        # By their rarest need: pattern, other needs, longer words of that need, whether sure.
        self._ways: dict[int, list[tuple[int, frozenset[int], Words, bool]]] = {}
        for at, pattern in enumerate(patterns):
            for way in ways_of(pattern):
                if not way.needs:
                    self._always.add(at)
                    continue
                rarest, *others = sorted(way.needs, key=_commonness)
                longer = rarest if any(len(word) > 2 for word in rarest) else frozenset()
                self._ways.setdefault(self._number(rarest), []).append(
                    (at, frozenset(map(self._number, others)), longer, way.sure)
                )
        self._pieces = frozenset(self._met_by)

    def _number(self, need: Words) -> int:
        number = self._numbers.setdefault(need, len(self._numbers))
        for word in need:
            self._met_by.setdefault(word[:2], set()).add(number)
        return number

    def sort(self, text: str, pieces: Set[str] | None = None) -> tuple[set[int], set[int]]:
        """The numbers of the patterns that match a text for sure, and of those that may. `pieces` are
        those of the text, for a caller that asks many sieves."""
        pieces = pieces_of(text) if pieces is None else pieces
        sure: set[int] = set()
        doubtful = set(self._always)
        met = set().union(*map(self._met_by.__getitem__, self._pieces & pieces))
        for need in self._ways.keys() & met:
            for at, others, longer, is_sure in self._ways[need]:
                found = sure if is_sure else doubtful
                if (
                    others <= met
                    and at not in found
                    and (not longer or any(map(text.__contains__, longer)))
                ):
                    found.add(at)
        return sure, doubtful - sure

    def passing(self, text: str, pieces: Set[str] | None = None) -> list[int]:
        """The numbers of the patterns that may match a text, ascending."""
        sure, doubtful = self.sort(text, pieces)
        return sorted(sure | doubtful)


def pieces_of(text: str) -> Set[str]:
    """The characters of a text and their pairs."""
    pieces = set(map(add, text, text[1:]))
    pieces.update(text)
    return pieces


def ways_of(pattern: re.Pattern[str]) -> tuple[Way, ...]:
    """The alternatives of a pattern."""
    if pattern.flags & re.IGNORECASE:
        return (Way(()),)
    return tuple(_ways(parser.parse(pattern.pattern).data))


def _ways(items: Items) -> Iterator[Way]:
    if items:
        *before, (operator, argument) = items
        if operator is ops.SUBPATTERN and not argument[1] & re.IGNORECASE:
            inner = argument[3].data
            if len(inner) == 1 and inner[0][0] is ops.BRANCH:
                operator, argument = inner[0]
            elif not before:
                yield from _ways(inner)
                return
        if operator is ops.BRANCH:
            for branch in argument[1]:
                yield from _ways([*before, *branch.data])
            return
    shape = _sequence(items)
    if shape.words is None:
        yield Way(shape.needs)
    elif "" in shape.words:
        yield Way(())
    else:
        yield Way((shape.words,), sure=shape.bare)


def _sequence(items: Iterable[tuple[Any, Any]]) -> _Shape:
    run, needs = _NOTHING, []
    whole = bare = True
    said = ""  # a word so far, not yet joined to the run
    for operator, argument in items:
        if operator is ops.LITERAL:
            said += chr(argument)
            continue
        if operator in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
            bare = False  # stands between characters
            continue
        run, said = _followed(run, said), ""
        piece = _piece(operator, argument)
        bare = bare and piece.bare
        if piece.words is not None and len(run) * len(piece.words) <= MOST_WORDS:
            run = _join(run, piece.words)
            continue
        whole = False
        needs += [run, *piece.needs]
        # Where the words are known but too many, their beginnings still follow the last character.
        last = frozenset(word[-1:] for word in run)
        if piece.words is None:
            run = _NOTHING
        elif len(last) * len(piece.words) <= MOST_WORDS:
            run = _join(last, piece.words)
        else:
            run = piece.words
    run = _followed(run, said)
    if whole:
        return _Shape(run, bare=bare)
    return _Shape(None, tuple(need for need in (*needs, run) if "" not in need), bare)


def _followed(run: Words, word: str) -> Words:
    if not word:
        return run
    return frozenset([word]) if run is _NOTHING else frozenset(one + word for one in run)


def _join(left: Words, right: Words) -> Words:
    return right if left is _NOTHING else frozenset(map("".join, product(left, right)))


def _piece(operator: Any, argument: Any) -> _Shape:
    if operator is ops.IN and all(kind is ops.LITERAL for kind, _ in argument):
        return _Shape(frozenset(chr(code) for _, code in argument))
    if operator is ops.SUBPATTERN and not argument[1] & re.IGNORECASE:
        return _sequence(argument[3].data)
    if operator is ops.BRANCH:
        return _either([_sequence(branch.data) for branch in argument[1]])
    if operator in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, items = argument
        return _repeated(_sequence(items.data), int(least), int(most))
    return _UNKNOWN


def _either(shapes: Sequence[_Shape]) -> _Shape:
    bare = all(shape.bare for shape in shapes)
    every = [shape.words for shape in shapes if shape.words is not None]
    if len(every) == len(shapes) and sum(map(len, every)) <= MOST_WORDS:
        return _Shape(frozenset().union(*every), bare=bare)
    rarest = [_rarest(shape) for shape in shapes]
    needs = frozenset().union(*(need for need in rarest if need))
    return _Shape(None, (needs,) if all(rarest) else (), bare)


def _rarest(shape: _Shape) -> Words | None:
    needs = shape.needs if shape.words is None else (shape.words,)
    return min((need for need in needs if "" not in need), key=_commonness, default=None)


def _repeated(inner: _Shape, least: int, most: int) -> _Shape:
    if inner.words is not None and (least, most) in ((0, 1), (1, 1)):
        return _Shape(inner.words | _NOTHING if least == 0 else inner.words, bare=inner.bare)
    if least == 0:
        return _UNKNOWN
    need = _rarest(inner)
    return _Shape(None, (need,) if need else (), inner.bare)


def _commonness(needs: Words) -> tuple[int, int]:
    """Of two needs the one that fewer texts meet comes first: no single characters or everyday words,
    then the fewer."""
    return sum(1 for need in needs if len(need) == 1 or need[:2] in EVERYDAY), len(needs)
