"""A run between its two sides, for people: where it stands, and its last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.cli.views.human.facts import Fact, fact, loud, trouble, you_can
from migrator.cli.views.style import RULINGS, STATES
from migrator.cli.views.words import ago, between, clock, duration, errors, new_side, requested, why_label
from migrator.domain.messages.grammar import number_of
from migrator.domain.model.runs import Heading, State
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Left, Status


def facts(status: Status) -> list[Fact]:
    """Return what is known of the run, and, until it has ended, what a person can do."""
    run, look, past = status.run, status.look, status.past
    known = [*_time(status), fact(new_side(look, status.now, run.ended)), *_judged(status)]
    if past.open is not None and not run.ended:
        known.append(fact("a write is open: it is read back before anything else is done"))
    if look is not None and status.holder is not None:
        known += [trouble(render(what)) for what in look.troubles]
    if label := why_label(run):
        known.append(fact(f"{label}: {render(run.why)}"))
    known += [fact(requested(request)) for request in status.pending]
    if run.ended:
        return known
    return [*known, _driver(status), *you_can(status)]


def _time(status: Status) -> list[Fact]:
    """Return how long the run has been at this step, and how much of it was watched and passed."""
    past = status.past
    if status.run.ended or past.entered_at is None:
        return []
    soaked = f"; {duration(round(past.soaked))} of it soaked, {number_of(past.requests, 'request')} judged"
    return [fact(f"at this step for {between(past.entered_at, status.now)}{soaked if past.soaked else ''}")]


def _judged(status: Status) -> list[Fact]:
    """Return what the judge ruled last, with both sides' errors and the age of it."""
    look = status.look
    if look is None or look.verdict is None or look.ruled_at is None:
        return []
    verdict = look.verdict
    when = f"at {clock(look.ruled_at)}" if status.run.ended else ago(look.ruled_at, status.now)
    sides = f"; errors: new {errors(verdict.new)}, old {errors(verdict.old)} ({when})"
    return [fact("judge: ", (str(verdict.ruling), RULINGS[verdict.ruling]), sides)]


def _driver(status: Status) -> Fact:
    """Return who carries the run out; loudly when nobody does."""
    run = status.run
    at_risk = run.heading is Heading.FORWARD and run.state is not State.PLANNED
    if status.holder:
        resting = at_risk and run.state is not State.RUNNING
        guarded = "; it still watches, and turns back if the new side fails" if resting else ""
        return fact(f"carried out by {status.holder}{guarded}")
    return loud("NOBODY WATCHES IT" + (": nothing turns it back if the new side fails" if at_risk else ""))


def left(left: Left) -> str:
    """Return how the process left the run, which goes on: where the weights are, and that nobody watches it now."""
    run = left.run
    why = f": {render(run.why)}" if run.why else ""
    forward = f"goes on, `migrator rollback {run.id}` goes back"
    goes = forward if run.heading is Heading.FORWARD else "goes on with the way back"
    since = "; a write was sent since then and will be read back first" if left.open_write else ""
    return (
        f"Left run {run.id} ({run.name}) {STATES[run.state].word} at {render(left.step) or 'its beginning'}{why}.\n"
        f"{new_side(left.look, left.now)}{since}; nothing changes the weights now. NOBODY WATCHES IT NOW. "
        f"`migrator resume {run.id}` {goes}."
    )
