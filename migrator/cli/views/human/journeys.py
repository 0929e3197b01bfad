"""How each journey is shown to people, by the name of the view that the journey wants. A new view is a line of the table."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.cli.views.echo import echo
from migrator.cli.views.human import nodes, route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from migrator.app.inspect.status import Left, Status
    from migrator.cli.views.human.facts import Fact
    from migrator.cli.views.live.lines import Facts
    from migrator.cli.views.live.screen import Keys
    from migrator.domain.planning.plan import Plan
    from migrator.domain.turn.journeys import Journey
    from migrator.workflow.progress import Tell


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows a run of a journey: while it is carried out here, where it stands, and how this process left it."""

    live: Callable[[Plan, Keys | None], AbstractContextManager[Tell]]
    facts: Callable[[Status], list[Fact]]
    left: Callable[[Left], str]
    has_steps: bool


def shown(journey: Journey) -> Shown:
    """Return what shows a run of this journey."""
    return VIEWS[journey.view]


def _route(plan: Plan, keys: Keys | None) -> AbstractContextManager[Tell]:
    from migrator.cli.views.live.lines import of_sides

    return _on_stderr(plan, keys, of_sides)


def _pod(plan: Plan, keys: Keys | None) -> AbstractContextManager[Tell]:
    from migrator.cli.views.live.pods import facts

    return _on_stderr(plan, keys, facts)


@contextmanager
def _on_stderr(plan: Plan, keys: Keys | None, facts: Facts) -> Iterator[Tell]:
    """Show a panel on a terminal, lines with these facts elsewhere."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from migrator.cli.views.live.panel import panel

        with panel(plan, keys=keys) as tell:
            yield tell
    else:
        from migrator.cli.views.live.lines import to_stderr

        yield to_stderr(facts)


@contextmanager
def _nodes(plan: Plan, keys: Keys | None) -> Iterator[Tell]:
    """Show lines on stdout: they are what the command is for."""
    from migrator.cli.views.live.nodes import Nodes

    yield Nodes(lambda turn: echo(nodes.line(turn)))


VIEWS: Mapping[str, Shown] = {
    "route": Shown(_route, route.facts, route.left, has_steps=True),
    "pod": Shown(_pod, route.around, route.left_alone, has_steps=True),
    "nodes": Shown(_nodes, nodes.facts, nodes.left, has_steps=False),
}
