"""What a person can type of a run now: what its machine allows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.workflow.machine import Command, commands

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status

FOLLOWERS = (Command.PAUSE, Command.RESUME)
"""What can be typed of a run that looks after nodes: it asks nothing, and has no way back."""


def can(status: Status) -> tuple[str, ...]:
    """Return the commands; a run that looks after nodes is taken over by `follow`."""
    run, watched = status.run, status.holder is not None
    typed = commands(run.state, run.heading, watched)
    if not status.lasts:
        return typed
    return tuple(command for command in typed if command in FOLLOWERS) if watched else ("follow",) * bool(typed)
