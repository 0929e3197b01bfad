"""What people read: plain, short, coloured where the terminal can. Rich is imported here and nowhere earlier."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from migrator.cli.views.plan_wrap import wrapped
from migrator.domain.findings import Severity
from migrator.domain.runs import Heading, State

if TYPE_CHECKING:
    from migrator.app.report import Report
    from migrator.domain.findings import Finding, Waiver
    from migrator.domain.runs import Run
    from migrator.store import PlanSummary

COLOURS = {Severity.BLOCK: "bold red", Severity.WARN: "yellow", Severity.INFO: "cyan"}
STATES = {State.COMPLETED: "green", State.ROLLED_BACK: "yellow", State.HALTED: "bold red", State.RUNNING: "cyan"}


PIPED = 160


def _console(err: bool = False) -> Console:
    console = Console(soft_wrap=True, highlight=False, stderr=err)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPED  # a file has no columns to fit into
    return console


def findings(found: Sequence[Finding], waivers: Sequence[Waiver], console: Console | None = None) -> None:
    """Print findings, the gravest first, each with its remedy."""
    console = console or _console()
    waived = {waiver.code: waiver.reason for waiver in waivers}
    for finding in found:
        colour = "dim" if finding.code in waived else COLOURS[finding.severity]
        head = Text.assemble((f"{finding.severity:<5} ", colour), (finding.code, "bold"), f"  {finding.subject}")
        console.print(head)
        wrapped(console, Text(finding.problem), 6)
        for label, words in (
            ("seen", finding.evidence),
            ("do", finding.remedy),
            ("waived", waived.get(finding.code, "")),
        ):
            if words:
                wrapped(console, Text(f"{label}: {words}", style="dim"), 6)
    if not found:
        console.print("No findings.")


def runs(found: Sequence[Run], plans: Sequence[PlanSummary]) -> None:
    """Print the runs and the plans."""
    console = _console()
    table = Table("run", "name", "state", "heading", "plan", "updated (UTC)", box=None, padding=(0, 2, 0, 0))
    for run in found:
        state = Text(str(run.state), style=STATES.get(run.state, ""))
        table.add_row(
            str(run.id), run.name, state, str(run.heading), run.plan_id, f"{run.updated_at:%Y-%m-%d %H:%M:%S}"
        )
    console.print(table if found else "No run yet.")
    made = {run.plan_id for run in found}
    for plan in (plan for plan in plans if plan.id not in made):
        console.print(f"plan {plan.id} ({plan.name}) was never run")


def report(found: Report) -> None:
    """Print what a run was."""
    console, run = _console(), found.run
    console.print(Text.assemble((f"Run {run.id} ({run.name}): ", "bold"), (str(run.state), STATES.get(run.state, ""))))
    if run.why:
        console.print(run.why)
    table = Table("step", "began", "took", box=None, padding=(0, 2, 0, 0), expand=True)
    table.add_column("", ratio=1, no_wrap=True, overflow="ellipsis")  # what the fixed columns leave over
    for step in found.steps:
        style = "yellow" if step.heading is Heading.BACK else ""
        took = f"{step.seconds(run.updated_at):.1f} s"
        table.add_row(Text(step.title, style=style), f"{step.entered_at:%H:%M:%S}", took, Text(step.note, style="dim"))
    console.print(table)
    _shares(console, found)
    _closing(console, found)


def _shares(console: Console, found: Report) -> None:
    if not found.shares:
        return
    table = Table("share asked for", "by weight", "observed", "of", "by", box=None, padding=(0, 2, 0, 0))
    for share in found.shares:
        achieved = "-" if share.achieved is None else f"{share.achieved:.2f} %"
        observed = "-" if share.observed is None else f"{share.observed:.2f} %"
        table.add_row(f"{share.requested:g} %", achieved, observed, str(share.connections), share.source)
    console.print()
    console.print(table)


def _closing(console: Console, found: Report) -> None:
    """Print what else a reader asks: the turn, the witness, what was cut and waived, whether the journal is whole."""
    if found.turned:
        console.print(Text(f"\nTurned back at {found.turned.at:%H:%M:%S} UTC: {found.turned.why}", style="yellow"))
        if found.turned.evidence:
            console.print(Text(found.turned.evidence, style="dim"))
    if found.verdicts:
        last = found.verdicts[-1]
        console.print(f"\nJudge, last: {last.ruling}: {last.reason} ({last.source})")
    for line in _counted(found):
        console.print(line)
    for finding in found.waived:
        console.print(Text(f"Waived: {finding.code} ({finding.problem})", style="dim"))
    if not found.whole:
        console.print(Text("The journal's chain of hashes is broken: it was changed from outside.", style="bold red"))


def _counted(found: Report) -> list[str]:
    """Give a line for each thing that was counted: the witness's tries, Prometheus' answers, the connections cut."""
    said = []
    if found.witness:
        w = found.witness
        told = f"answered by old {w['old']}, by new {w['new']}, not {w['failed']}"
        said.append(f"Witness: {w['tries']} new connections to the balancer, {told}")
    if found.prometheus:
        said.append(_second(found.prometheus))
    if found.cut:
        said.append(_cut(found.cut["side"], found.cut["connections"]))
    return said


def _cut(side: str, connections: int | None) -> str:
    if connections == 0:
        return f"Drained: no connection was left on the {side} side"
    return f"Cut: {'an unknown number of' if connections is None else connections} connections on the {side} side"


def _second(tally: dict[str, Any]) -> str:
    """Say how often the second opinion had an answer; its silence is no news, so it must be seen."""
    asked = tally["answered"] + tally["empty"] + tally["silent"]
    words = f"Prometheus: asked {asked} times, {tally['answered']} answers"
    words += f", {tally['empty']} without data of the new side" if tally["empty"] else ""
    return words + (f", {tally['silent']} times no answer at all (last: {tally['why']})" if tally["silent"] else "")
