"""The transition table is sound: reachable, ends, and every open state has a clock."""

from pathlib import Path

import pytest

from catalog.rules.limits import Step
from catalog.rules.roles import Role
from hotline.rules.states import (
    FINAL_STATES,
    OPEN_STATES,
    OVER_STATES,
    STATE_NAMES,
    STATE_PUBLIC_NAMES,
    State,
)
from hotline.rules.workflow import (
    BY_MOVE,
    TRANSITIONS,
    IllegalMove,
    Move,
    find_transition,
    mermaid_diagram,
    turns_of,
)

MOVING = [row for row in TRANSITIONS if row.target is not None]


def test_every_move_has_exactly_one_row():
    assert sorted(row.move for row in TRANSITIONS) == sorted(Move)


def test_every_state_has_names():
    assert set(STATE_NAMES) == set(State)
    assert set(STATE_PUBLIC_NAMES) == set(State) - {State.DRAFT, State.DISCARDED}


def test_every_state_can_be_reached_from_a_draft():
    reached = {State.DRAFT}
    while more := {
        row.target for row in MOVING if row.sources & reached and row.target not in reached
    }:
        reached |= more
    assert reached == set(State)


def test_every_open_state_leads_to_an_end():
    ends = set(FINAL_STATES)
    while more := {
        source
        for row in MOVING
        if row.target in ends
        for source in row.sources
        if source not in ends
    }:
        ends |= more
    assert ends == set(State)


def test_final_states_have_no_way_out():
    assert not [row for row in TRANSITIONS if row.sources & FINAL_STATES]


def _running(row, before):
    gone = set(row.stops) | set(row.drops) | set(row.pauses)
    return (before - gone) | set(row.starts) | set(row.resumes)


def test_every_open_state_has_a_running_clock_on_every_path():
    """Walk the table with the set of running clocks; no open state may be without one, and no
    final state with one."""
    seen = set()
    todo = [(State.DRAFT, frozenset())]
    while todo:
        state, clocks = todo.pop()
        if (state, clocks) in seen:
            continue
        seen.add((state, clocks))
        # A merged ticket leans on its master's clocks.
        if state in OPEN_STATES - {State.MERGED}:
            assert clocks, f"{state} without a clock"
        if state in OVER_STATES | {State.MERGED}:
            assert not clocks, f"{state} still counts {clocks}"
        todo += [
            (row.target or state, frozenset(_running(row, set(clocks))))
            for row in TRANSITIONS
            if state in row.sources
        ]


def test_no_clock_is_started_while_it_runs():
    seen = set()
    todo = [(State.DRAFT, frozenset())]
    while todo:
        state, clocks = todo.pop()
        if (state, clocks) in seen:
            continue
        seen.add((state, clocks))
        for row in TRANSITIONS:
            if state in row.sources:
                left = set(clocks) - set(row.stops) - set(row.drops)
                # What stays in its state is refused by its action while the clock runs.
                if row.target is not None:
                    assert not left & (set(row.starts) | set(row.resumes)), row.move
                todo.append((row.target or state, frozenset(_running(row, set(clocks)))))


def test_return_keeps_the_handling_clock_running():
    assert Step.HANDLE not in BY_MOVE[Move.RETURN].stops + BY_MOVE[Move.RETURN].drops


def test_illegal_move_says_from_where_it_is_possible():
    with pytest.raises(IllegalMove, match=r"“已办结”.*“待签收”"):
        find_transition(State.CLOSED, Move.SIGN)


def test_each_role_of_the_hotline_has_its_turns():
    theirs = {State.REGISTERED, State.WAITING, State.REPLIED, State.CALLBACK}
    rulings = {State.RETURNED, State.CONSULTING, State.REVIEWING}
    assert set(turns_of(Role.OPERATOR)) == theirs
    assert set(turns_of(Role.SUPERVISOR)) == theirs | rulings
    assert turns_of(Role.UNIT_LEADER) == turns_of(Role.GOVERNMENT) == ()


def test_diagram_has_a_line_for_every_step():
    diagram = mermaid_diagram()
    for row in MOVING:
        for source in row.sources:
            assert f"{source.value} --> {row.target.value}: {row.label}" in diagram


def test_readme_shows_the_table_as_it_is():
    readme = Path(__file__).parents[3] / "README.md"
    assert f"```mermaid\n{mermaid_diagram()}\n```" in readme.read_text(encoding="utf-8")
