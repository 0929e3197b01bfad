"""Where a run stands, in a few plain lines. Rich is not imported here: `status` has to answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.views.words import ago, lasting, new_side
from migrator.domain.model.grammar import number_of
from migrator.domain.model.runs import Heading, State
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.status import Status
    from migrator.domain.model.samples import Rate

COLOURS = {
    State.COMPLETED: "green",
    State.RUNNING: "cyan",
    State.HALTED: "red",
    State.ROLLED_BACK: "yellow",
    State.PAUSED: "yellow",
    State.WAITING: "yellow",
}
RESTING = (State.PAUSED, State.WAITING, State.HALTED)


def standing(found: Status) -> str:
    """Give the lines: state, step, share, errors, why it rests, who carries it out, and what a person can do."""
    if found.journey.view == "nodes":
        from migrator.cli.views.live.nodes import standing as nodes

        return nodes(found)
    run, past = found.run, found.past
    head = f"Run {run.id} ({run.name})  {click.style(str(run.state), fg=COLOURS.get(run.state), bold=True)}"
    if run.heading is Heading.BACK:
        head += click.style("  on the way back" if not run.ended else "", fg="yellow")
    lines = [head, f"  [{_bar(found)}]  {render(found.titles[run.cursor])} ({run.cursor + 1} of {len(found.titles)})"]
    lines += [f"  {words}" for words in (*_time(found), new_side(found.look, found.now, run.ended), *_judged(found))]
    if past.open is not None and not run.ended:
        lines.append("  a write is open: it is read back before anything else is done")
    if found.look is not None and found.holder is not None:
        lines += [f"  ! {render(trouble)}" for trouble in found.look.troubles]
    if run.why:
        lines.append(f"  why: {render(run.why)}")
    lines += [f"  asked: {r.kind} by {r.by}{f' ({r.note})' if r.note else ''}, not yet obeyed" for r in found.pending]
    return "\n".join([*lines, *(() if run.ended else _hands(found))])


def _bar(found: Status) -> str:
    run, steps = found.run, len(found.titles)
    if run.state is State.CANCELLED:
        return "." * steps
    done = steps if run.ended else run.cursor
    return "#" * done + ("" if run.ended else ">" + "." * (steps - done - 1))


def _time(found: Status) -> list[str]:
    """Say how long the run has been at this step, and how much of it was watched and passed."""
    past = found.past
    if found.run.ended or past.entered_at is None:
        return []
    passed = (
        f"; {lasting(past.soaked)} of it soaked, {number_of(past.requests, 'request')} judged" if past.soaked else ""
    )
    return [f"at this step for {lasting((found.now - past.entered_at).total_seconds())}{passed}"]


def _judged(found: Status) -> list[str]:
    """Say what the judge ruled last, with both sides' errors and the age of it."""
    look = found.look
    if look is None or look.verdict is None or look.ruled_at is None:
        return []
    verdict = look.verdict
    when = f"at {look.ruled_at:%H:%M:%S} UTC" if found.run.ended else ago(look.ruled_at, found.now)
    return [f"judge: {verdict.ruling}; errors: new {_rate(verdict.new)}, old {_rate(verdict.old)} ({when})"]


def _rate(rate: Rate) -> str:
    if rate.errors is None:
        return "no requests"
    return f"{rate.bad} of {rate.requests} ({100 * rate.errors:.2f} %)"


def _hands(found: Status) -> list[str]:
    """Say who carries the run out, and what a person can type now."""
    run = found.run
    forward = run.heading is Heading.FORWARD
    protected = "; it still watches, and turns back if the new side fails" if forward and run.state in RESTING else ""
    who = f"  carried out by {found.holder}{protected}" if found.holder else ""
    loose = ": nothing turns it back if the new side fails" if forward and run.state is not State.PLANNED else ""
    nobody = f"  NOBODY WATCHES IT{loose}\n  `migrator resume {run.id}` goes on"
    can = {
        State.RUNNING: ["pause"] if found.holder else [],
        State.PAUSED: ["resume"],
        State.HALTED: ["resume"],
        State.WAITING: ["approve", "pause"],
        State.PLANNED: ["cancel"],
    }[run.state]
    back = ["rollback"] if forward and run.state is not State.PLANNED else []
    you = ", ".join(f"migrator {word} {run.id}" for word in [*can, *back])
    return [who or click.style(nobody, fg="red", bold=True), *([f"  you can: {you}"] if you else [])]
