"""The lifecycle: every state, heading and move, and nothing that the table does not have."""

from __future__ import annotations

import itertools

import pytest

from migrator.domain.messages.errors import IllegalMove
from migrator.domain.model.runs import ENDS, EXIT_BY_STATE, Heading, Move, State
from migrator.workflow.lifecycle.machine import MACHINE, MAKES, Command, allowed, commands, moved
from tests.words import refused

R, P, W, H = State.RUNNING, State.PAUSED, State.WAITING, State.HALTED
F, B = Heading.FORWARD, Heading.BACK
EITHER = {
    (State.PLANNED, Move.START): R,
    (State.PLANNED, Move.CANCEL): State.CANCELLED,
    (R, Move.PAUSE): P,
    (W, Move.PAUSE): P,
    (P, Move.RESUME): R,
    (H, Move.RESUME): R,
    (R, Move.ASK): W,
    (W, Move.ANSWER): R,
    (R, Move.HALT): H,
    (P, Move.HALT): H,
    (W, Move.HALT): H,
}
LEGAL = {(state, heading, move): (after, heading) for (state, move), after in EITHER.items() for heading in Heading}
LEGAL |= {(state, F, Move.TURN_BACK): (R, B) for state in (R, P, W, H)}
LEGAL |= {(R, F, Move.COMPLETE): (State.COMPLETED, F), (R, B, Move.RETURN): (State.ROLLED_BACK, B)}


@pytest.mark.parametrize(("state", "heading", "move"), list(itertools.product(State, Heading, Move)), ids=str)
def test_each_move_does_what_the_table_says_or_is_refused(state: State, heading: Heading, move: Move) -> None:
    expected = LEGAL.get((state, heading, move))

    if expected is None:
        with refused(IllegalMove, "run.illegal-move", state=state, heading=heading, move=move):
            moved(state, heading, move)
    else:
        assert moved(state, heading, move) == expected


def test_an_end_is_an_end() -> None:
    assert {state for state, _, _ in LEGAL} & ENDS == set()


@pytest.mark.parametrize("state", State)
def test_no_state_can_be_jumped_to(state: State) -> None:
    assert MACHINE.get_transitions(trigger=f"to_{state.value}") == []
    assert not hasattr(MACHINE, f"to_{state.value}")


def test_every_state_has_an_exit_code() -> None:
    assert set(EXIT_BY_STATE) == set(State)


EVERY_PLACE = [pytest.param(*place, id=" ".join(place)) for place in itertools.product(State, Heading)]


@pytest.mark.parametrize(("state", "heading"), EVERY_PLACE)
def test_the_allowed_moves_are_those_that_are_not_refused(state: State, heading: Heading) -> None:
    assert allowed(state, heading) == {move for s, h, move in LEGAL if (s, h) == (state, heading)}


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "nobody watches"])
@pytest.mark.parametrize(("state", "heading"), EVERY_PLACE)
def test_a_command_is_offered_when_its_move_is_allowed(state: State, heading: Heading, watched: bool) -> None:
    typed = commands(state, heading, watched)
    possible = {command for command, move in MAKES.items() if (state, heading, move) in LEGAL}
    if watched:
        expected = possible - {Command.CANCEL}
    else:
        expected = possible - {Command.PAUSE} | ({Command.RESUME} if state not in ENDS else set())

    assert set(typed) == expected
    assert len(set(typed)) == len(typed)


def test_every_command_makes_a_move() -> None:
    assert set(MAKES) == set(Command)
