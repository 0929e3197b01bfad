"""The plan for people, like Terraform's: findings, the diff, what each step will do, weights, time, the next command."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import has_unicode
from migrator.cli.views.forms import checked
from migrator.cli.views.human import findings
from migrator.cli.views.human.plan import closing, gantt, ways, weights
from migrator.cli.views.human.plan.closing import counts, where
from migrator.cli.views.plan_diff import diff
from migrator.cli.views.plan_outline import apart as lines_apart
from migrator.cli.views.style import BAD, BUSY, GOOD, WORRY
from migrator.cli.views.words import whole
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.foreign import in_a_line
from migrator.domain.messages.message import Message, say
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import ref_of
from migrator.domain.planning.checklist.items import checklist
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.port_conflicts import WayOut
from migrator.domain.planning.timeline import Timeline, timeline
from migrator.wording import label, render

MOST_LINES = 160
MOST_NODES = 10
MOST_PATHS = 4
STEP = 22
"""Columns of a step's number and name, at least."""


def show(plan: Plan, ways_out: Sequence[WayOut] = ()) -> None:
    """Print a plan, and the ways out of a port conflict that were asked for."""
    console = our_console()
    times = timeline(plan)
    console.print(Text(render(say("shown.plan", plan=plan.id, name=plan.spec.name)), style="bold"))
    of = {"where": where(plan.spec), "strategy": plan.spec.strategy, "network": plan.spec.target.network}
    wrapped(console, render(say("shown.plan-of", **of)))
    console.print(counts(plan))
    console.print()
    findings.show(plan.findings, plan.spec.waivers, console)
    _new(console, plan)
    _changes(console, plan)
    _allowed(console, plan)
    steps(console, times)
    title(console, label("Weights, as far as can be told now"))
    for line in weights.lines(plan):
        console.print(line)
    title(console, label("Time"))
    for line in gantt.lines(times, has_unicode(console)):
        console.print(line)
    _checklist(console, plan)
    ways.show(console, ways_out)
    closing.show(console, plan, times)


def _checklist(console: Console, plan: Plan) -> None:
    if plan.journey().moves:
        title(console, label("Checklists"))
        for words, mark in checked.lines(checklist(plan, None, {})):
            wrapped(console, words, 0 if mark is None else 2)


def brief(plan: Plan, earlier: Message | None = None, err: bool = False) -> None:
    """Print what a yes means: shares, times and the point of no return. `migrator plan` shows the rest."""
    console = our_console(err)
    spec, times = plan.spec, timeline(plan)
    console.print(Text.assemble((f"{render(say('shown.plan', plan=plan.id, name=spec.name))}, ", "bold"), counts(plan)))
    wrapped(console, f"{where(spec)}, {placed(plan)}")
    climb = tuple(f"{forecast.share:g} %" for forecast in plan.forecast)
    wrapped(console, render(say("shown.climb", shares=climb, soak=whole(spec.traffic.soak))))
    time = say(
        "shown.time-and-person" if times.waits_for_person else "shown.time",
        expected=whole(times.expected),
        worst=whole(times.worst),
    )
    wrapped(console, render(time))
    if times.last_return is not None:
        wrapped(console, render(say("shown.no-return", step=times.spans[times.last_return].title)))
    if earlier is not None:
        wrapped(console, render(earlier))


def workload_diff(plan: Plan) -> None:
    """Print how the new workload's spec differs, whole."""
    _diff(our_console(), plan, most=None)


def apart(plan: Plan, other: Plan) -> None:
    """Print how a plan differs from another one."""
    console, lines = our_console(), lines_apart(plan, other)
    if not lines:
        return wrapped(console, render(say("view.plans-alike", plan=plan.id, other=other.id)))
    console.print(Text(f"--- plan {other.id}  +++ plan {plan.id}", style="bold"))
    coloured(console, lines)


def placed(plan: Plan) -> str:
    """Return where the new pods will be."""
    replicas = plan.seen.scattered.replicas
    told = say("shown.replicas", replicas=replicas) if replicas else say("shown.on-nodes", nodes=len(plan.seen.nodes))
    return render(told)


def title(console: Console, words: str) -> None:
    """Print a heading after an empty line."""
    console.print()
    console.print(Text(words, style="bold underline"))


def _new(console: Console, plan: Plan) -> None:
    nodes = [in_a_line(f"{node.name} {node.address}") for node in plan.seen.nodes]
    title(console, render(say("shown.new", placed=placed(plan))))
    more = render(say("shown.and-more", more=len(nodes) - MOST_NODES)) if len(nodes) > MOST_NODES else ""
    wrapped(console, ", ".join(nodes[:MOST_NODES]) + more)
    for manifest in plan.manifests:
        if isinstance(manifest, dict):
            console.print(Text.assemble(("+ ", GOOD), str(ref_of(manifest))))
    console.print()
    _diff(console, plan)
    if plan.differences:
        console.print()
        console.print(Text(label("Why (paths of the pod template; docs/derive.md):"), style="bold"))
    for reason, paths in _reasons(plan.differences):
        more = render(say("shown.and-more", more=len(paths) - MOST_PATHS)) if len(paths) > MOST_PATHS else ""
        wrapped(console, ", ".join(paths[:MOST_PATHS]) + more, 2)
        wrapped(console, Text(reason, style="dim"), 6)


def _reasons(differences: Sequence[Difference]) -> list[tuple[str, list[str]]]:
    """Return each reason with the paths it is for, in the order in which they first stand."""
    grouped: dict[str, list[str]] = {}
    for difference in differences:
        grouped.setdefault(render(difference.reason), []).append(difference.path.removeprefix("spec.template."))
    return list(grouped.items())


def _diff(console: Console, plan: Plan, most: int | None = MOST_LINES) -> None:
    lines = diff(plan)
    if lines:
        console.print(Text(f"--- {plan.spec.source.kind}  +++ {plan.spec.target.kind} (spec)", style="bold"))
    coloured(console, lines[:most])
    if most is not None and len(lines) > most:
        console.print(Text(render(say("shown.more-lines", lines=len(lines) - most, plan=plan.id)), style="dim"))


def coloured(console: Console, lines: Sequence[str]) -> None:
    """Print the lines of a diff."""
    colours = {"+": GOOD, "-": BAD, "@": BUSY}
    for line in lines:
        console.print(Text(line, style=colours.get(line[:1], "dim")))


def _changes(console: Console, plan: Plan) -> None:
    if plan.changes:
        title(console, label("Changed until the run is over, by step Guard"))
    for change in plan.changes:
        now = json.dumps(change.patch) if change.patch else label("not yet")
        wrapped(console, Text.assemble(("~ ", WORRY), f"{change.ref}  {now}"))
        wrapped(console, Text(render(change.why), style="dim"), 4)
        after, last = (None if patch is None else json.dumps(patch) for patch in (change.after, change.last))
        wrapped(console, Text(render(say("shown.undone", after=after, last=last)), style="dim"), 4)


def _allowed(console: Console, plan: Plan) -> None:
    if plan.spec.parity.allow:
        title(console, label("Differences between the sides' configurations that this plan allows"))
    for allowed in plan.spec.parity.allow:
        wrapped(console, allowed.place)
        wrapped(console, Text(allowed.reason, style="dim"), 4)


def steps(console: Console, times: Timeline) -> None:
    """Print each step and the calls that it will make."""
    title(console, label("Steps, and the calls each will make"))
    indent = max(STEP, *(cell_len(render(span.title)) + 4 for span in times.spans))
    for number, span in enumerate(times.spans, 1):
        first, *rest = span.calls
        wrapped(console, render(first), indent, f"{number:>2} {render(span.title)}")
        for call in rest:
            wrapped(console, render(call), indent)
        if span.note:
            wrapped(console, Text(render(span.note), style="dim"), indent)
        if span.held:
            wrapped(console, Text(render(say("estimate.held")), style=WORRY), indent)
