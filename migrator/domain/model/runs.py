"""A run's place in its life: lifecycle state, heading and cursor, and the exit codes of its outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from migrator.domain.messages.message import Message


class State(StrEnum):
    """The lifecycle. Weights are data and never a state; the table of moves is in `workflow/lifecycle/machine.py`."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    WAITING = "waiting"
    HALTED = "halted"
    COMPLETED = "completed"
    ROLLED_BACK = "rolled-back"
    CANCELLED = "cancelled"


ENDS = frozenset({State.COMPLETED, State.ROLLED_BACK, State.CANCELLED})


class Heading(StrEnum):
    """Which way the run walks its route."""

    FORWARD = "forward"
    BACK = "back"


class Move(StrEnum):
    """What can happen to a run as a whole."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    ASK = "ask"
    ANSWER = "answer"
    HALT = "halt"
    TURN_BACK = "turn_back"
    COMPLETE = "complete"
    RETURN = "return"
    CANCEL = "cancel"


class RequestKind(StrEnum):
    """What a person may ask of a run from another process."""

    PAUSE = "pause"
    RESUME = "resume"
    ROLLBACK = "rollback"
    APPROVE = "approve"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish written by one process and obeyed by another at its next turn. `question` is the code of the question that an
    approval answers ("": whatever is open then); the `note` of a SET is what is set (`soak=20m`)."""

    id: int
    kind: RequestKind
    by: str
    at: datetime
    note: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a plan. `cursor` is the index of the step in the route of `heading`; `why` says why it rests."""

    id: int
    plan_id: str
    name: str
    state: State
    heading: Heading
    cursor: int
    created_at: datetime
    updated_at: datetime
    why: Message | None = None

    @property
    def ended(self) -> bool:
        """Say whether nothing can happen to the run any more."""
        return self.state in ENDS


EXIT_BY_STATE = {
    State.COMPLETED: 0,
    State.PLANNED: 0,
    State.CANCELLED: 0,
    State.RUNNING: 3,
    State.PAUSED: 3,
    State.WAITING: 3,
    State.ROLLED_BACK: 4,
    State.HALTED: 5,
}
