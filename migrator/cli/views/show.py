"""One function per thing that is shown: human text on stdout, or one versioned JSON value. Nothing is decided here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from migrator.cli.views.json import values as data
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.app.inspect.report import Report
    from migrator.app.inspect.status import Left, Listed, Status
    from migrator.app.run.control import Asked
    from migrator.domain.model.findings import Finding, Waiver
    from migrator.domain.model.runs import Run
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.port_conflicts import WayOut
    from migrator.store import Event, PlanSummary

VERSION = 1


def _json(value: dict[str, Any]) -> None:
    click.echo(json.dumps({"version": VERSION, **value}, indent=2, ensure_ascii=False))


def plan(found: Plan, output: str, err: bool = False, ways: Sequence[WayOut] = ()) -> None:
    """Show a plan, and the ways out of a port conflict that were asked for; on stderr where stdout is somebody else's."""
    if output == "json":
        from migrator.cli.views.human.plan import ways as plan_ways

        return _json({"plan": {**data.plan(found), "ways_out": plan_ways.data(ways)}})
    from migrator.cli.views.human.plan import page as view

    return view.show(found, err, ways)


def findings(found: Sequence[Finding], waivers: Sequence[Waiver], output: str) -> None:
    """Show findings."""
    if output == "json":
        return _json({"findings": [data.finding(f, waivers) for f in found]})
    from migrator.cli.views.human import findings as human

    return human.findings(found, waivers)


def status(found: Status, output: str) -> None:
    """Show where a run stands."""
    if output == "json":
        return _json({"run": data.status(found)})
    from migrator.cli.views.human.status import standing

    return click.echo(standing(found))


def runs(found: Sequence[Listed], plans: Sequence[PlanSummary], output: str) -> None:
    """Show the list."""
    if output == "json":
        runs = [{**data.run(each.run), "watched": each.watched} for each in found]
        return _json({"runs": runs, "plans": [data.summary(p) for p in plans]})
    from migrator.cli.views.human import findings as human

    return human.runs(found, plans)


def events(run: Run, rows: Sequence[Event], output: str) -> None:
    """Show a journal."""
    if output == "json":
        return _json({"run": run.id, "events": [data.event(row) for row in rows]})
    from migrator.cli.views.human.events import line, room

    return click.echo("\n".join(line(row, room()) for row in rows)) if rows else None


def event(row: Event, output: str) -> None:
    """Show one row of a journal that is followed: a line, or a JSON value on a line of its own."""
    if output == "json":
        return click.echo(json.dumps({"version": VERSION, **data.event(row)}, ensure_ascii=False))
    from migrator.cli.views.human.events import line, room

    return click.echo(line(row, room()))


def report(found: Report, output: str) -> None:
    """Show a report."""
    if output == "json":
        return _json({"run": data.report(found)})
    from migrator.cli.views.human import report as view

    return view.report(found)


def asked(found: Asked, output: str) -> None:
    """Show that a request was written, and who will obey it."""
    if output == "json":
        return _json({"run": data.run(found.run), "request": found.kind.value, "holder": found.holder})
    who = f"{found.holder} obeys at its next turn" if found.holder else "nobody carries it out right now"
    yes = f' to "{render(found.run.why)}"' if found.kind.value == "approve" else ""
    return click.echo(f"Run {found.run.id} ({found.run.name}): {found.kind}{yes} written down; {who}.")


def ended(run: Run, output: str) -> None:
    """Show that a run has ended."""
    if output == "json":
        return _json({"run": data.run(run)})
    return click.echo(f"Run {run.id} ({run.name}) ended: {run.state}: {render(run.why)}.")


def detached(run: Run, holder: str, log: str, output: str) -> None:
    """Show who carries a detached run out, and how to watch it."""
    if output == "json":
        return _json({"run": data.run(run), "holder": holder, "log": log})
    return click.echo(
        f"Run {run.id} ({run.name}) is carried out by {holder}; what it says goes to {log}.\n"
        f"Watch it: migrator status {run.id} --watch. Stop its advance: migrator pause {run.id}. "
        f"Send it back: migrator rollback {run.id}."
    )


def left(found: Left, output: str) -> None:
    """Show the last line of a process that carried a run: how it ended, or where it was left and that nobody watches."""
    run = found.run
    if output == "json":
        value = {"run": data.left(found)}
        return (
            click.echo(json.dumps({"version": VERSION, **value}, ensure_ascii=False))
            if found.journey.view == "nodes"
            else _json(value)
        )
    if found.journey.view == "nodes" and not run.ended:
        from migrator.cli.views.live.nodes import left_alone

        return click.echo(left_alone(found))
    from migrator.cli.views.words import new_side

    side = new_side(found.look, found.now, run.ended)
    why = f": {render(run.why)}" if run.why else ""
    if run.ended:
        then = (
            f"\nNow keep `migrator follow {run.id}` running: the plan says after: migrator." if found.to_follow else ""
        )
        return click.echo(f"Run {run.id} ({run.name}) ended: {run.state}{why}. {side}.{then}")
    forward = f"goes on, `migrator rollback {run.id}` goes back"
    goes = forward if run.heading.value == "forward" else "goes on with the way back"
    since = "; a write was sent since, and is read back before anything else" if found.open_write else ""
    return click.echo(
        f"Left run {run.id} ({run.name}) {run.state} at {render(found.step) or 'its beginning'}{why}.\n"
        f"{side}{since}; nothing changes the weights now. NOBODY WATCHES IT NOW. "
        f"`migrator resume {run.id}` {goes}."
    )
