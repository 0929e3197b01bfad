"""A restart for people, before the question: what changes, each step, and how long it takes."""

from __future__ import annotations

from rich.text import Text

from migrator.cli.views.console import console as our_console
from migrator.cli.views.human.plan import page
from migrator.cli.views.plan_diff import of_template
from migrator.cli.views.words import whole
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.message import say
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.timeline import timeline
from migrator.wording import render


def show(plan: Plan, err: bool = False) -> None:
    """Print it."""
    console, times = our_console(err), timeline(plan)
    _, template = plan.changes
    heading = say("shown.restart", object=str(template.ref), nodes=len(plan.seen.nodes), plan=plan.id)
    console.print(Text(render(heading), style="bold"))
    console.print()
    page.coloured(console, of_template(plan))
    page.steps(console, times)
    console.print()
    time = say(
        "shown.time-and-person" if times.waits_for_person else "shown.time",
        expected=whole(times.expected),
        worst=whole(times.worst),
    )
    wrapped(console, render(time))
