"""A run that looks after nodes, for people: a turn as a line, where it stands, and its last line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from migrator.cli.views.human.facts import Fact, fact, loud, trouble, you_can
from migrator.cli.views.style import STATES
from migrator.cli.views.words import ago, between, one_line, requested, why_label
from migrator.domain.messages.grammar import number_of
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Left, Status
    from migrator.workflow.progress import Progress


def line(turn: Progress) -> str:
    """Return a turn."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{now} run {turn.run.id} {STATES[turn.run.state].word}: {one_line(render(turn.words))}"


def facts(status: Status) -> list[Fact]:
    """Return where it stands: what was seen last, what a person should know, who carries it out, what to type."""
    run, look, known = status.run, status.look, list[Fact]()
    if status.past.entered_at is not None:
        known.append(fact(f"has looked after nodes for {between(status.past.entered_at, status.now)}"))
    if look is not None and look.at is not None:
        serving = number_of(sum(1 for row in look.weights if row.weight), "backend")
        known.append(fact(f"{serving} with weight on the balancer (seen {ago(look.at, status.now)})"))
        known += [trouble(render(what)) for what in look.troubles]
    if label := why_label(run):
        known.append(fact(f"{label}: {render(run.why)}"))
    known += [fact(requested(request)) for request in status.pending]
    if run.ended:
        return known
    driver = fact(f"carried out by {status.holder}") if status.holder else loud("NOBODY LOOKS AFTER THE NODES")
    return [*known, driver, *you_can(status)]


def left(left: Left) -> str:
    """Return the last line of a process that looked after nodes."""
    run = left.run
    why = f": {render(run.why)}" if run.why else ""
    since = "; a write was sent since then and will be read back first" if left.open_write else ""
    return (
        f"Left run {run.id} ({run.name}) {STATES[run.state].word}{why}{since}. NOBODY LOOKS AFTER THE NODES NOW: a new "
        f"node gets no traffic, and a node that leaves keeps its weight. `migrator follow {run.id}` goes on."
    )
