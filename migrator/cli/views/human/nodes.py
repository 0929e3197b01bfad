"""A run that looks after nodes, for people: a turn as a line, where it stands, and its last line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from migrator.cli.views.human.facts import Fact, fact, loud, trouble, you_can
from migrator.cli.views.style import STATES
from migrator.cli.views.words import ago, between, one_line, requested, why_label
from migrator.domain.messages.message import say
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Left, Status
    from migrator.workflow.progress import Progress


def line(turn: Progress) -> str:
    """Return a turn."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return f"{now} run {turn.run.id} {STATES[turn.run.state].word}: {one_line(render(turn.words))}"


def facts(status: Status) -> list[Fact]:
    """Return where it stands: what was seen last, what a person should know, who carries it out, what to type."""
    run, look, known = status.run, status.look, list[Fact]()
    if status.past.entered_at is not None:
        lasted = between(status.past.entered_at, status.now)
        known.append(fact(render(say("view.followed-for", lasted=lasted))))
    if look is not None and look.at is not None:
        serving = sum(1 for row in look.weights if row.weight)
        known.append(fact(render(say("view.weighted", backends=serving, ago=ago(look.at, status.now)))))
        known += [trouble(render(what)) for what in look.troubles]
    if label := why_label(run):
        known.append(fact(render(say("view.why", label=label, why=run.why))))
    known += [fact(requested(request)) for request in status.pending]
    if run.ended:
        return known
    by = fact(render(say("view.carried-out", holder=status.holder))) if status.holder else None
    return [*known, by or loud(render(say("view.nobody-follows"))), *you_can(status)]


def left(left: Left) -> str:
    """Return the last line of a process that looked after nodes."""
    run, since = left.run, say("view.write-sent") if left.open_write else None
    state = STATES[run.state].word
    return render(say("view.left-nodes", run=run.id, name=run.name, state=state, why=run.why, since=since))
