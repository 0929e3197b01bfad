"""The old side's recorded weights, given to the slots that live now: to its own, to a successor, to one that was added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.observation.sides import Slot
from migrator.domain.weights.usual import usual


def weights_now(recorded: Sequence[Weighted], slots: Iterable[Slot]) -> dict[Backend, int]:
    """Give each live slot's recorded weight. A slot of the record keeps its own; those of pods that are gone are taken over
    by pods that came, the heaviest first; whoever comes besides gets what most of its peers have.
    """
    living = [slot.backend for slot in slots if slot.live]
    given: dict[Backend, int] = {}
    for listener in sorted({backend.listener for backend in living}):
        before = {row.backend: row.weight for row in recorded if row.backend.listener == listener}
        here = sorted(backend for backend in living if backend.listener == listener)
        kept = {backend: before[backend] for backend in here if backend in before}
        left = sorted((weight for backend, weight in before.items() if backend not in kept), reverse=True)
        came = [backend for backend in here if backend not in kept]
        additional = usual(before.values())
        given |= kept | {backend: left[i] if i < len(left) else additional for i, backend in enumerate(came)}
    return given
