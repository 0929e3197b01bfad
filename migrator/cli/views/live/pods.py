"""A run about one gateway: what its own rows weigh, and who is still connected. A share of both sides means nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Health
from migrator.domain.steps.isolating.bring import Bring
from migrator.domain.steps.isolating.set_aside import SetAside
from migrator.wording import label, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.domain.model.balancer import Backend
    from migrator.domain.observation.shown import BackendSeen
    from migrator.domain.steps import Step
    from migrator.workflow.progress import Progress


def facts(progress: Progress) -> list[str]:
    """Return a sentence for each row of the balancer that the run's steps are about; nothing where nobody could look."""
    if progress.seen is None:
        return []
    about = frozenset(backends(progress.route))
    return [_told(row) for row in progress.look.backends if row.backend in about]


def backends(route: Sequence[Step]) -> Iterator[Backend]:
    """Yield the rows of the pods that the steps set aside, put back or make room for."""
    for step in route:
        match step:
            case SetAside(captive=captive):
                yield from (row.backend for row in captive.rows)
            case Bring(rows=rows):
                yield from (row.backend for row in rows)


def _told(row: BackendSeen) -> str:
    health = None if row.health is Health.UNKNOWN else label(row.health.value)
    backend, weight, connections = str(row.backend), row.weight, row.connections
    return render(say("shown.of-backend", backend=backend, weight=weight, health=health, connections=connections))
