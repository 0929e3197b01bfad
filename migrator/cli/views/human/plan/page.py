"""The plan for people, like Terraform's: findings, the diff, what each step will do, weights, time, the next command."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from migrator.cli.views import plan_text
from migrator.cli.views.human import console as width
from migrator.cli.views.human.findings import findings
from migrator.cli.views.human.plan import gantt as plan_gantt
from migrator.cli.views.human.plan import ways as plan_ways
from migrator.cli.views.human.plan import weights as plan_weights
from migrator.cli.views.human.wrap import wrapped
from migrator.domain.model.findings import Severity, blocking
from migrator.domain.model.manifests import ref_of
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.port_conflicts import WayOut
from migrator.domain.planning.timeline import Timeline, timeline
from migrator.wording import render

MOST_LINES = 160
MOST_NODES = 10


def show(found: Plan, err: bool = False, ways: Sequence[WayOut] = ()) -> None:
    """Print a plan, and the ways out of a port conflict that were asked for."""
    console = width.console(err)
    times = timeline(found)
    _head(console, found)
    findings(found.findings, found.spec.waivers, console)
    _made(console, found)
    _changes(console, found)
    _steps(console, times)
    _title(console, "Weights, as far as can be told now")
    for line in plan_weights.lines(found):
        console.print(line)
    _title(console, "Time")
    for line in plan_gantt.lines(times, console.encoding.lower().startswith("utf")):
        console.print(line)
    plan_ways.show(console, ways)
    _closing(console, found, times)


def _title(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold underline"))


def _head(console: Console, found: Plan) -> None:
    spec = found.spec
    console.print(Text(f"Plan {found.id}: {spec.name}", style="bold"))
    where = (
        f"{spec.source.kind} {spec.source.name} -> {spec.target.kind} {spec.target.name} in {spec.cluster.namespace}"
    )
    console.print(f"{escape(where)}, {spec.strategy}, network {spec.target.network}")
    console.print(_counts(found))
    console.print()


def _counts(found: Plan) -> Text:
    counts = {s: sum(1 for f in found.findings if f.severity is s) for s in Severity}
    blocked = len(blocking(found.findings, found.spec.waivers))
    waived = counts[Severity.BLOCK] - blocked
    words = f"{blocked} block, {counts[Severity.WARN]} warn, {counts[Severity.INFO]} info"
    return Text(words + (f", {waived} waived" if waived else ""), style="bold red" if blocked else "")


def _made(console: Console, found: Plan) -> None:
    nodes = [f"{node.name} {node.address}" for node in found.seen.nodes]
    _title(console, f"New: {plan_text.placed(found)}")
    more = f" and {len(nodes) - MOST_NODES} more" if len(nodes) > MOST_NODES else ""
    wrapped(console, Text(", ".join(nodes[:MOST_NODES]) + more))
    for manifest in found.manifests:
        if isinstance(manifest, dict):
            console.print(Text.assemble(("+ ", "green"), str(ref_of(manifest))))
    _diff(console, found)
    if found.differences:
        console.print()
        console.print(Text("Why (paths of the pod template; docs/derive.md):", style="bold"))
    for reason, paths in plan_text.reasons(found.differences):
        more = f" and {len(paths) - 4} more" if len(paths) > 4 else ""
        wrapped(console, Text(", ".join(paths[:4]) + more), 2)
        wrapped(console, Text(reason, style="dim"), 6)


def _diff(console: Console, found: Plan) -> None:
    lines = plan_text.diff(found)
    if lines:
        console.print()
        console.print(Text(f"--- {found.spec.source.kind}  +++ {found.spec.target.kind} (spec)", style="bold"))
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines[:MOST_LINES]:
        console.print(Text(line, style=colours.get(line[:1], "dim")))
    if len(lines) > MOST_LINES:
        console.print(Text(f"... {len(lines) - MOST_LINES} more lines: --output json has all", style="dim"))


def _changes(console: Console, found: Plan) -> None:
    if found.changes:
        _title(console, "Changed until the run is over, by step Guard")
    for change in found.changes:
        now = json.dumps(change.patch) if change.patch else "not yet"
        wrapped(console, Text.assemble(("~ ", "yellow"), f"{change.ref}  {now}"))
        after = "" if change.after is None else f"; with the old side gone: {json.dumps(change.after)}"
        wrapped(console, Text(render(change.why), style="dim"), 4)
        last = "" if change.last is None else f"; at the very end: {json.dumps(change.last)}"
        wrapped(console, Text(f"undone by the route back{after}{last}", style="dim"), 4)


def _steps(console: Console, times: Timeline) -> None:
    _title(console, "Steps, and the calls each will make")
    for number, span in enumerate(times.spans, 1):
        first, *rest = span.calls
        wrapped(console, Text(render(first)), 18, f"{number:>2} {render(span.title)}")
        for call in rest:
            wrapped(console, Text(render(call)), 18)
        if span.note:
            wrapped(console, Text(render(span.note), style="dim"), 18)


def _closing(console: Console, found: Plan, times: Timeline) -> None:
    console.print()
    going = [span.back for span in times.spans if span.back is not None]
    if going:
        slowest = max(going, key=lambda back: back.traffic)
        whole = max(back.whole for back in going)
        words = (
            f"Going back, until Retire: all new connections on the old side within {plan_text.duration(slowest.traffic)} "
            f"from any step, everything undone within {plan_text.duration(whole)}."
        )
        wrapped(console, Text(words))
    wrapped(console, Text("After Retire it cannot be rolled back; the exact old manifests stay in this plan."))
    if found.spec.target.stored is None:
        wrapped(
            console, Text("Once the run has completed, `migrator plan --reverse RUN` plans the way back from them.")
        )
    _verdict(console, found)


def _verdict(console: Console, found: Plan) -> None:
    """Say last what decides, for what was said first has scrolled away."""
    console.print()
    console.print(Text.assemble(("Plan ", "bold"), (found.id, "bold"), " is saved: ", _counts(found)))
    blocked = blocking(found.findings, found.spec.waivers)
    if blocked:
        codes = ", ".join(dict.fromkeys(finding.code for finding in blocked))
        console.print(Text(f"{len(blocked)} findings block: this plan cannot be run.", style="bold red"))
        console.print(Text(f"Next: mend them ({codes}) and plan again, or waive a code with its reason."))
    else:
        console.print(Text(f"Next: migrator run {found.id}", style="bold"))


def brief(found: Plan, err: bool = False) -> None:
    """Print what a yes means: shares, times and the point of no return. `migrator plan` shows the rest."""
    console = width.console(err)
    spec, times = found.spec, timeline(found)
    where = (
        f"{spec.source.kind} {spec.source.name} -> {spec.target.kind} {spec.target.name} in {spec.cluster.namespace}"
    )
    console.print(Text.assemble((f"Plan {found.id}: {spec.name}, ", "bold"), _counts(found)))
    console.print(Text(f"{where}, {plan_text.placed(found)}"))
    climb = ", ".join(f"{forecast.share:g} %" for forecast in found.forecast)
    console.print(
        Text(f"Shares of new connections: {climb}; {plan_text.duration(spec.traffic.soak)} of watching at each")
    )
    person = ", and the time that people take to answer" if times.waits_for_person else ""
    took = f"{plan_text.duration(times.expected)} expected, {plan_text.duration(times.worst)} at worst{person}"
    console.print(Text(f"Time: {took}"))
    if times.last_return is not None:
        console.print(
            Text(f"Point of no return: {render(times.spans[times.last_return].title)}; until then it can go back")
        )
