"""The list for people: the runs with their steps, whether a process watches each, and the plans that were never run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from migrator.cli.views.columns import columns
from migrator.cli.views.console import console as our_console
from migrator.cli.views.console import has_unicode
from migrator.cli.views.style import GOOD, LOUD, STATES, bar
from migrator.cli.views.words import zoned
from migrator.domain.messages.message import say
from migrator.wording import label, labels, render
from migrator.wording.times import day_and_hour

if TYPE_CHECKING:
    from migrator.app.inspect.status import Listed
    from migrator.store import PlanSummary

NAMED = 50
"""Columns in which a bar of steps stands beside the rest of a row."""


def show(runs: Sequence[Listed], plans: Sequence[PlanSummary]) -> None:
    """Print the runs, the newest first, then the plans."""
    console = our_console()
    if runs:
        head = (*labels("run", "name", "state", "heading", "plan"), zoned("updated", runs[0].run.updated_at), "")
        columns(console, head, [_run(row, has_unicode(console)) for row in runs])
    else:
        console.print(render(say("shown.no-run")))
    used = {row.run.plan_id for row in runs}
    if unused := [plan for plan in plans if plan.id not in used]:
        console.print()
        head = (*labels("plan never run", "name"), zoned("made", unused[0].created_at), label("verdict"))
        columns(console, head, [_plan(plan) for plan in unused])


def _run(row: Listed, unicode: bool) -> list[Text | str]:
    run, look = row.run, STATES[row.run.state]
    steps = [bar(row.titles, run, NAMED, unicode)] if row.titles else []
    last = Text("  ").join([*steps, *([] if row.watched else [Text(label("nobody watches"), style=LOUD)])])
    at = day_and_hour(run.updated_at)
    return [str(run.id), run.name, Text(look.word, style=look.style), label(run.heading.value), run.plan_id, at, last]


def _plan(plan: PlanSummary) -> list[Text | str]:
    verdict = Text(label("ready"), style=GOOD)
    if plan.blocking:
        verdict = Text(render(say("shown.blocked-by", findings=plan.blocking)), style=LOUD)
    return [plan.id, plan.name, day_and_hour(plan.created_at), verdict]
