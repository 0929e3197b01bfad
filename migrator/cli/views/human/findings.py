"""What people read: plain, short, coloured where the terminal can. Rich is imported here and nowhere earlier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from migrator.cli.views.human.columns import columns
from migrator.cli.views.human.console import console as our_console
from migrator.cli.views.human.wrap import wrapped
from migrator.cli.views.states import STATES
from migrator.domain.model.findings import Severity
from migrator.domain.model.grammar import number_of
from migrator.wording import evidence, problem, remedy, subject

if TYPE_CHECKING:
    from migrator.app.inspect.status import Listed
    from migrator.domain.model.findings import Finding, Waiver
    from migrator.store import PlanSummary

__all__ = ["findings", "runs"]

COLOURS = {Severity.BLOCK: "bold red", Severity.WARN: "yellow", Severity.INFO: "cyan"}


def findings(found: Sequence[Finding], waivers: Sequence[Waiver], console: Console | None = None) -> None:
    """Print findings, the gravest first, each with its remedy."""
    console = console or our_console()
    waived = {waiver.code: waiver.reason for waiver in waivers}
    for finding in sorted(found, key=lambda row: row.code in waived and row.severity is Severity.BLOCK):
        accepted = finding.code in waived and finding.severity is Severity.BLOCK
        colour = "dim" if accepted else COLOURS[finding.severity]
        word = "waived" if accepted else finding.severity
        head = Text.assemble((f"{word:<6} ", colour), (finding.code, "bold"), f"  {subject(finding)}")
        console.print(head)
        wrapped(console, Text(problem(finding)), 6)
        for label, words in (
            ("seen", evidence(finding)),
            ("do", remedy(finding)),
            ("waived", waived.get(finding.code, "")),
        ):
            if words:
                wrapped(console, Text(f"{label}: {words}", style="dim"), 6)
    if not found:
        console.print("No findings.")


def runs(found: Sequence[Listed], plans: Sequence[PlanSummary]) -> None:
    """Print the runs, whether anybody watches them, and the plans that were never run."""
    console = our_console()
    if found:
        head = ("run", "name", "state", "heading", "plan", "updated (UTC)", "")
        columns(console, head, [_run(each) for each in found])
    else:
        console.print("No run yet.")
    made = {each.run.plan_id for each in found}
    if idle := [plan for plan in plans if plan.id not in made]:
        console.print()
        columns(console, ("plan never run", "name", "made (UTC)", "verdict"), [_plan(plan) for plan in idle])


def _run(each: Listed) -> list[Text | str]:
    run = each.run
    nobody = Text("" if each.watched else "nobody watches", style="bold red")
    state = Text(str(run.state), style=STATES.get(run.state, ""))
    at = f"{run.updated_at:%Y-%m-%d %H:%M:%S}"
    return [str(run.id), run.name, state, str(run.heading), run.plan_id, at, nobody]


def _plan(plan: PlanSummary) -> list[Text | str]:
    verdict = Text("ready", style="green")
    if plan.blocking:
        verdict = Text(f"blocked by {number_of(plan.blocking, 'finding')}", style="bold red")
    return [plan.id, plan.name, f"{plan.created_at:%Y-%m-%d %H:%M:%S}", verdict]
