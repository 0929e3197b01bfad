"""Where a run stands, in a few plain lines. Rich is not imported here: `status` has to answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.domain.runs import Heading, State

if TYPE_CHECKING:
    from migrator.app.inspect import Status

COLOURS = {
    State.COMPLETED: "green",
    State.RUNNING: "cyan",
    State.HALTED: "red",
    State.ROLLED_BACK: "yellow",
    State.PAUSED: "yellow",
    State.WAITING: "yellow",
}


def standing(found: Status) -> str:
    """Give the lines: state, step, share, why it rests, who carries it out, and what a person can do."""
    run, past = found.run, found.past
    head = f"Run {run.id} ({run.name})  {click.style(str(run.state), fg=COLOURS.get(run.state), bold=True)}"
    if run.heading is Heading.BACK:
        head += click.style("  on the way back" if not run.ended else "", fg="yellow")
    lines = [head, f"  [{_bar(found)}]  {found.titles[run.cursor]} ({run.cursor + 1} of {len(found.titles)})"]
    if found.share is not None:
        soaked = f"; watched here for {past.soaked:.0f} s, {past.requests} requests judged" if past.soaked else ""
        lines.append(f"  new side: {found.share:.1f} % of new connections{'' if run.ended else soaked}")
    if past.open is not None and not run.ended:
        lines.append("  a write is open: it is read back before anything else is done")
    if run.why:
        lines.append(f"  why: {run.why}")
    lines += [f"  asked: {r.kind} by {r.by}{f' ({r.note})' if r.note else ''}, not yet obeyed" for r in found.pending]
    return "\n".join([*lines, *(() if run.ended else _hands(found))])


def _bar(found: Status) -> str:
    run, steps = found.run, len(found.titles)
    done = steps if run.ended else run.cursor
    return "#" * done + ("" if run.ended else ">" + "." * (steps - done - 1))


def _hands(found: Status) -> list[str]:
    """Say who carries the run out, and what a person can type now."""
    run = found.run
    who = f"  carried out by {found.holder}" if found.holder else ""
    nobody = click.style(f"  NOBODY WATCHES IT: `migrator resume {run.id}` goes on", fg="red", bold=True)
    can = {
        State.RUNNING: ["pause"],
        State.PAUSED: ["resume"],
        State.HALTED: ["resume"],
        State.WAITING: ["approve", "pause"],
        State.PLANNED: ["cancel"],
    }[run.state]
    back = ["rollback"] if run.heading is Heading.FORWARD and run.state is not State.PLANNED else []
    return [who or nobody, "  you can: " + ", ".join(f"migrator {word} {run.id}" for word in [*can, *back])]
