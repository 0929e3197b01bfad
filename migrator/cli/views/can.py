"""What a person can type of a run now: what its machine allows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.workflow.lifecycle.machine import Command, commands

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status


def can(status: Status) -> tuple[str, ...]:
    """Return the commands. A journey without a way back has no rollback; one with a command of its own goes on by that."""
    run, watched, journey = status.run, status.holder is not None, status.journey
    typed = [c for c in commands(run.state, run.heading, watched) if c is not Command.ROLLBACK or journey.back]
    begins = not watched and journey.command != "run"
    return tuple(journey.command if begins and command is Command.RESUME else command.value for command in typed)
