"""What a run was, for people: steps with their outcomes, what interrupted it, shares, the judge, everything counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from migrator.app.inspect.status import to_follow
from migrator.cli.views.human.columns import columns
from migrator.cli.views.human.console import console as our_console
from migrator.cli.views.human.wrap import wrapped
from migrator.cli.views.states import STATES
from migrator.cli.views.words import lasting
from migrator.domain.model.grammar import number_of
from migrator.domain.model.runs import Heading
from migrator.wording import problem, render

if TYPE_CHECKING:
    from migrator.app.inspect.interruptions import Interruption
    from migrator.app.inspect.report import Report
    from migrator.app.inspect.totals import Judged


def report(found: Report) -> None:
    """Print it."""
    console, run = our_console(), found.run
    console.print(Text.assemble((f"Run {run.id} ({run.name}): ", "bold"), (str(run.state), STATES.get(run.state, ""))))
    if run.why:
        wrapped(console, Text(render(run.why)))
    _steps(console, found)
    _interruptions(console, found)
    _shares(console, found)
    _closing(console, found)


def _steps(console: Console, found: Report) -> None:
    rows: list[list[Text | str]] = []
    for step in found.steps:
        took = f"{step.seconds(found.run.updated_at):.1f} s"
        rest = f"(at rest for {lasting(step.rested)} of it) " if step.rested >= 1 else ""
        title = Text(render(step.title), style="yellow" if step.heading is Heading.BACK else "")
        outcome = Text.assemble((rest, "yellow"), (render(step.note), "dim"))
        rows.append([title, f"{step.entered_at:%H:%M:%S}", took, outcome])
    columns(console, ("step", "began", "took", "outcome"), rows)


def _interruptions(console: Console, found: Report) -> None:
    if not found.interruptions:
        return
    console.print()
    rows = [_interruption(each) for each in found.interruptions]
    columns(console, ("interrupted", "from (UTC)", "to", "for", "why"), rows)


def _interruption(each: Interruption) -> list[Text | str]:
    until = f"{each.until:%H:%M:%S}" if each.until else "now"
    length = lasting((each.until - each.since).total_seconds()) if each.until else "-"
    return [Text(each.what, style="yellow"), f"{each.since:%H:%M:%S}", until, length, render(each.why)]


def _shares(console: Console, found: Report) -> None:
    if not found.shares:
        return
    rows: list[list[Text | str]] = []
    for share in found.shares:
        achieved = "-" if share.achieved is None else f"{share.achieved:.2f} %"
        observed = "-" if share.observed is None else f"{share.observed:.2f} %"
        rows.append([f"{share.requested:g} %", achieved, observed, str(share.connections), share.source])
    console.print()
    columns(console, ("share asked for", "by weight", "observed", "of", "by"), rows)


def _closing(console: Console, found: Report) -> None:
    """Print what else a reader asks: the turn, the witness, what was cut and waived, whether the journal is whole."""
    console.print()
    if turned := found.turned:
        why, evidence = render(turned.why), render(turned.evidence)
        wrapped(console, Text(f"Turned back at {turned.at:%H:%M:%S} UTC: {why}", style="yellow"))
        if evidence.strip() and evidence not in why:
            wrapped(console, Text(evidence, style="dim"), 2)
    if found.judge:
        wrapped(console, Text(_judge(found.judge)))
    for line in _counted(found):
        wrapped(console, Text(line))
    for finding in found.waived:
        wrapped(console, Text(f"Waived: {finding.code} ({problem(finding)})", style="dim"))
    if to_follow(found.run, found.plan):
        wrapped(console, Text(f"Afterwards: `migrator follow {found.run.id}` looks after the nodes; keep it running"))
    if not found.whole:
        console.print(Text("The journal's chain of hashes is broken: it was changed from outside.", style="bold red"))


def _judge(last: Judged) -> str:
    """Give the judge's last word with its time; since when it has said so, where that is longer."""
    since = f" since {last.since:%H:%M:%S} UTC" if last.since < last.at else ""
    return f"Judge, last: {last.ruling}{since}: {render(last.reason)} ({last.source}, at {last.at:%H:%M:%S} UTC)"


def _counted(found: Report) -> list[str]:
    """Give a line for each thing that was counted: the witness's tries, Prometheus' answers, the connections cut."""
    said = []
    if w := found.witness:
        told = (
            f"answered by old {w['old']}, by new {w['new']}, by neither side {w['neither']}; not answered {w['failed']}"
        )
        said.append(f"Witness: {number_of(w['tries'], 'new connection')} to the balancer, {told}")
    if found.prometheus:
        said.append(_second(found.prometheus))
    if found.cut:
        said.append(_cut(found.cut["side"], found.cut["connections"]))
    return said


def _cut(side: str, connections: int | None) -> str:
    if connections == 0:
        return f"Drained: no connection was left on the {side} side"
    many = "an unknown number of connections" if connections is None else number_of(connections, "connection")
    return f"Cut: {many} on the {side} side"


def _second(tally: dict[str, Any]) -> str:
    """Say how often the second opinion had an answer; its silence is no news, so it must be seen."""
    asked = tally["answered"] + tally["empty"] + tally["silent"]
    words = f"Prometheus: asked {number_of(asked, 'time')}, {number_of(tally['answered'], 'answer')}"
    words += f", {tally['empty']} without data of the new side" if tally["empty"] else ""
    silent = f", {number_of(tally['silent'], 'time')} no answer at all (last: {render(tally['why'])})"
    return words + (silent if tally["silent"] else "")
