"""The end of a plan's page, where the eye is when it has scrolled by: the way back, the verdict, the next command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from migrator.cli.views.style import LOUD
from migrator.cli.views.words import whole
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.findings import Severity, blocking
from migrator.domain.messages.grammar import number_of

if TYPE_CHECKING:
    from migrator.domain.model.spec import Spec
    from migrator.domain.planning.plan import Plan
    from migrator.domain.planning.timeline import Timeline


def show(console: Console, plan: Plan, times: Timeline) -> None:
    """Print how to go back, what decides, and what to type."""
    console.print()
    returns = [span.back for span in times.spans if span.back is not None]
    if returns:
        traffic, everything = max(back.traffic for back in returns), max(back.whole for back in returns)
        wrapped(
            console,
            f"Going back, until Retire: all new connections on the old side within {whole(traffic)} "
            f"from any step, everything undone within {whole(everything)}.",
        )
    wrapped(console, "After Retire it cannot be rolled back; the exact old manifests stay in this plan.")
    if plan.spec.target.reverses is None:
        wrapped(console, "Once the run has completed, `migrator plan --reverse RUN` plans the way back from them.")
    _verdict(console, plan)


def counts(plan: Plan) -> Text:
    """Return how many findings of each severity there are."""
    count = {s: sum(1 for f in plan.findings if f.severity is s) for s in Severity}
    blocked = len(blocking(plan.findings, plan.spec.waivers))
    waived = count[Severity.BLOCK] - blocked
    text = f"{blocked} block, {count[Severity.WARN]} warn, {count[Severity.INFO]} info"
    return Text(text + (f", {waived} waived" if waived else ""), style=LOUD if blocked else "")


def where(spec: Spec) -> str:
    """Return the two workloads and their namespace."""
    source, target = spec.source, spec.target
    return f"{source.kind} {source.name} -> {target.kind} {target.name} in {spec.cluster.namespace}"


def _verdict(console: Console, plan: Plan) -> None:
    console.print()
    console.print(Text.assemble(("Plan ", "bold"), (plan.id, "bold"), " is saved: ", counts(plan)))
    blocked = blocking(plan.findings, plan.spec.waivers)
    if not blocked:
        console.print(Text(f"Next: migrator run {plan.id}", style="bold"))
        return
    codes = ", ".join(dict.fromkeys(finding.code for finding in blocked))
    many = number_of(len(blocked), "finding")
    blocks = "blocks" if len(blocked) == 1 else "block"
    console.print(Text(f"{many} {blocks}: this plan cannot be run.", style=LOUD))
    wrapped(console, f"Next: fix what blocks ({codes}) and plan again, or waive a code with its reason.")
