"""How each journey is shown to programs while it goes on, by the name of the view that it wants."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from migrator.cli.views.json.printed import Form
    from migrator.domain.turn.journeys import Journey
    from migrator.workflow.progress import Tell


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows a run while it is carried out here; `streams`: every value, the last one too, is one of many on stdout."""

    live: Callable[[Form], AbstractContextManager[Tell]]
    streams: bool


def shown(journey: Journey) -> Shown:
    """Return what shows a run of this journey."""
    return VIEWS[journey.view]


@contextmanager
def _route(_form: Form) -> Iterator[Tell]:
    """Show lines for people on stderr: stdout is for the one value at the end."""
    from migrator.cli.views.live.lines import to_stderr

    yield to_stderr()


@contextmanager
def _pod(_form: Form) -> Iterator[Tell]:
    from migrator.cli.views.live.lines import to_stderr
    from migrator.cli.views.live.pods import facts

    yield to_stderr(facts)


@contextmanager
def _nodes(form: Form) -> Iterator[Tell]:
    from migrator.cli.views.json.values import turn
    from migrator.cli.views.live.nodes import Nodes

    yield Nodes(lambda progress: form.line(**turn(progress)))


VIEWS: Mapping[str, Shown] = {
    "route": Shown(_route, streams=False),
    "pod": Shown(_pod, streams=False),
    "nodes": Shown(_nodes, streams=True),
}
