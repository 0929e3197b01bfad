"""A journey from the outside: it looks after nodes like a follower, at another pace, and is no part of migrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from migrator.domain.messages.message import verbatim
from migrator.domain.model.runs import EXIT_BY_STATE, State
from migrator.domain.turn.journeys import FOLLOW, JOURNEYS

PATROL = replace(
    FOLLOW,
    name="patrol",
    pace=3.0,
    retry_refused=7.0,
    resting_note=verbatim("nobody patrols"),
    holder_mark=" patrol",
    command="patrol",
    exits={**EXIT_BY_STATE, State.RUNNING: 0},
)


@contextmanager
def patrols() -> Iterator[None]:
    """Let plans name this journey: one line of the table."""
    JOURNEYS[PATROL.name] = PATROL
    try:
        yield
    finally:
        del JOURNEYS[PATROL.name]
