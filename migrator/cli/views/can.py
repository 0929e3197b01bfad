"""What a person can type of a run now: what its machine allows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.workflow.lifecycle.machine import Command, commands

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status


def can(status: Status) -> tuple[str, ...]:
    """Return the commands. What has no way back has no rollback; a follower goes on by its own command."""
    run, watched, journey = status.run, status.holder is not None, status.journey
    back = journey.back is not None and not has_no_way_back(status)
    typed = [c for c in commands(run.state, run.heading, watched) if c is not Command.ROLLBACK or back]
    begins = not watched and journey.claims_every_node
    return tuple(journey.command if begins and command is Command.RESUME else command.value for command in typed)


def has_no_way_back(status: Status) -> bool:
    """Return whether the old side was seen to be gone."""
    newest = status.newest
    return newest is not None and newest.way_back is not None and newest.way_back.gone
