"""The table of lifecycle moves. `transitions` holds it and refuses the rest; it has no effects and no conditions."""

from __future__ import annotations

from typing import Any

from transitions import Machine

from migrator.domain.model.errors import IllegalMove
from migrator.domain.model.message import say
from migrator.domain.model.runs import Heading, Move, State

_TABLE: tuple[tuple[Move, tuple[State, ...], State], ...] = (
    (Move.START, (State.PLANNED,), State.RUNNING),
    (Move.CANCEL, (State.PLANNED,), State.CANCELLED),
    (Move.PAUSE, (State.RUNNING, State.WAITING), State.PAUSED),
    (Move.RESUME, (State.PAUSED, State.HALTED), State.RUNNING),
    (Move.ASK, (State.RUNNING,), State.WAITING),
    (Move.ANSWER, (State.WAITING,), State.RUNNING),
    (Move.HALT, (State.RUNNING, State.PAUSED, State.WAITING), State.HALTED),
    (Move.TURN_BACK, (State.RUNNING, State.PAUSED, State.WAITING, State.HALTED), State.RUNNING),
    (Move.COMPLETE, (State.RUNNING,), State.COMPLETED),
    (Move.RETURN, (State.RUNNING,), State.ROLLED_BACK),
)

_ONLY_HEADING = {Move.TURN_BACK: Heading.FORWARD, Move.COMPLETE: Heading.FORWARD, Move.RETURN: Heading.BACK}

# `Any`: the library is untyped.
MACHINE: Any = Machine(
    model=None,
    states=[state.value for state in State],
    transitions=[
        {"trigger": move.value, "source": [state.value for state in sources], "dest": dest.value}
        for move, sources, dest in _TABLE
    ],
    initial=State.PLANNED.value,
    auto_transitions=False,
)


def moved(state: State, heading: Heading, move: Move) -> tuple[State, Heading]:
    """Give the state and heading after a move; IllegalMove when the table has none."""
    wanted = _ONLY_HEADING.get(move, heading)
    found = MACHINE.get_transitions(trigger=move.value, source=state.value)
    if wanted is not heading or not found:
        raise IllegalMove(say("run.illegal-move", state=state, heading=heading, move=move))
    return State(found[0].dest), Heading.BACK if move is Move.TURN_BACK else heading
