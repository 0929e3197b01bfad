"""The table of lifecycle moves. `transitions` holds it and refuses the rest; it has no effects and no conditions.

What a person can type comes from the same table, and so does the picture in the documentation (`picture.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from transitions import Machine

from migrator.domain.messages.errors import IllegalMove
from migrator.domain.messages.message import say
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


class Command(StrEnum):
    """What a person can type of a run that has not ended, the most wanted first."""

    RESUME = "resume"
    APPROVE = "approve"
    PAUSE = "pause"
    ROLLBACK = "rollback"
    CANCEL = "cancel"


MAKES = {
    Command.RESUME: Move.RESUME,
    Command.APPROVE: Move.ANSWER,
    Command.PAUSE: Move.PAUSE,
    Command.ROLLBACK: Move.TURN_BACK,
    Command.CANCEL: Move.CANCEL,
}
"""The move of the run that each command makes."""

_NOT_WATCHED = frozenset({Command.CANCEL})
"""Not of a run that a process carries out: it is about to begin."""

_NOT_UNWATCHED = frozenset({Command.PAUSE})
"""Not of a run that nobody carries out: nothing advances that could be paused."""


def allowed(state: State, heading: Heading) -> frozenset[Move]:
    """Give every move that a run can make now; none when it has ended."""
    moves = (Move(trigger) for trigger in MACHINE.get_triggers(state.value))
    return frozenset(move for move in moves if _ONLY_HEADING.get(move, heading) is heading)


def commands(state: State, heading: Heading, watched: bool) -> tuple[Command, ...]:
    """Give what a person can type now; `watched`: a process carries the run out.

    Without one, `resume` takes the run over, whatever its state.
    """
    moves = allowed(state, heading)
    can = {command for command, move in MAKES.items() if move in moves}
    if moves and not watched:
        can.add(Command.RESUME)
    return tuple(command for command in Command if command in can - (_NOT_WATCHED if watched else _NOT_UNWATCHED))


def moved(state: State, heading: Heading, move: Move) -> tuple[State, Heading]:
    """Give the state and heading after a move; IllegalMove when the table has none."""
    wanted = _ONLY_HEADING.get(move, heading)
    found = MACHINE.get_transitions(trigger=move.value, source=state.value)
    if wanted is not heading or not found:
        raise IllegalMove(say("run.illegal-move", state=state, heading=heading, move=move))
    return State(found[0].dest), Heading.BACK if move is Move.TURN_BACK else heading
