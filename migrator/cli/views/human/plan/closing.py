"""The end of a plan's page, where the eye is when it has scrolled by: the way back, the verdict, the next command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from migrator.cli.views.style import LOUD
from migrator.cli.views.words import whole
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.findings import blocking, counted
from migrator.domain.messages.message import say
from migrator.domain.model.refs import apart, source_ref, target_ref
from migrator.wording import label, render

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
        wrapped(console, render(say("shown.returning", traffic=whole(traffic), whole=whole(everything))))
    wrapped(console, render(say("shown.after-retire")))
    if plan.spec.target.reverses is None:
        wrapped(console, render(say("shown.reverse")))
    _verdict(console, plan)


def counts(plan: Plan) -> Text:
    """Return how many findings of each severity there are."""
    blocked = blocking(plan.findings, plan.spec.waivers)
    return Text(render(counted(plan.findings, plan.spec.waivers)), style=LOUD if blocked else "")


def where(spec: Spec) -> str:
    """Return the two workloads and their namespace, or each with its own."""
    if apart(spec) or spec.second is not None:
        return render(say("shown.where-apart", source=str(source_ref(spec)), target=str(target_ref(spec))))
    source, target = spec.source, spec.target
    from_, to = f"{source.kind} {source.name}", f"{target.kind} {target.name}"
    return render(say("shown.where", source=from_, target=to, namespace=source_ref(spec).namespace))


def _verdict(console: Console, plan: Plan) -> None:
    console.print()
    console.print(
        Text.assemble((f"{label('Plan')} ", "bold"), (plan.id, "bold"), render(say("shown.saved")), counts(plan))
    )
    blocked = blocking(plan.findings, plan.spec.waivers)
    if not blocked:
        console.print(Text(render(say("shown.next", plan=plan.id)), style="bold"))
        return
    codes = ", ".join(dict.fromkeys(finding.code for finding in blocked))
    console.print(Text(render(say("shown.cannot-run", findings=len(blocked))), style=LOUD))
    wrapped(console, render(say("shown.fix-first", codes=codes)))
