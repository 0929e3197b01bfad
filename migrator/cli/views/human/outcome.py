"""The last line of a command that asked something of a run, started it elsewhere, or carried it out. For people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.style import STATES
from migrator.cli.views.words import new_side
from migrator.domain.model.runs import RequestKind
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Left
    from migrator.app.run.control import Asked
    from migrator.domain.model.runs import Run


def asked(asked: Asked) -> str:
    """Return that a request was written, and which process will apply it."""
    run = asked.run
    answer = f' (an answer to "{render(run.why)}")' if asked.kind is RequestKind.APPROVE else ""
    applied = (
        f"{asked.holder} applies it within about a second"
        if asked.holder
        else f"no process carries the run out now, so it is applied when `migrator resume {run.id}` is run"
    )
    return f"{_name(run)}: {asked.kind} requested{answer}; {applied}."


def ended(run: Run) -> str:
    """Return that a run was ended."""
    return f"{_name(run)} ended: {STATES[run.state].word}: {render(run.why)}."


def detached(run: Run, holder: str, log: str) -> str:
    """Return who carries a detached run out, and how to watch it."""
    return (
        f"{_name(run)} is carried out by {holder}; its log is {log}.\n"
        f"Watch it: migrator status {run.id} --watch. Stop its advance: migrator pause {run.id}. "
        f"Send it back: migrator rollback {run.id}."
    )


def left(left: Left) -> str:
    """Return how the run ended, or where this process left it and that nobody watches it now."""
    run = left.run
    if not run.ended:
        from migrator.cli.views.human.journeys import shown

        return shown(left.journey).left(left)
    why = f": {render(run.why)}" if run.why else ""
    side = new_side(left.look, left.now, ended=True)
    return f"{_name(run)} ended: {STATES[run.state].word}{why}. {side}.{_afterwards(left)}"


def _afterwards(left: Left) -> str:
    if not left.to_follow:
        return ""
    return f"\nNow keep `migrator follow {left.run.id}` running: the plan says after: migrator."


def _name(run: Run) -> str:
    return f"Run {run.id} ({run.name})"
