"""Two sides of two products behind one pair of ports: each is asked in its own way, and nothing of the one is the other's.

Configurations are compared within a side alone; what the products say of their versions is no common ground, so it is not
offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.domain.messages.errors import MigratorError
from migrator.domain.model.actions import Op, PodRef, Tell, Word
from migrator.domain.model.answers import Route
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.observation.parity import Compared, Parity, Reference
from migrator.domain.ports.outside import GatewayReader, GatewayWriter, KnowsFlush, KnowsRoutes


class SidedReader:
    """Readers of both sides."""

    def __init__(self, old: GatewayReader, new: GatewayReader) -> None:
        self._of = {Side.OLD: old, Side.NEW: new}

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give a side's readings as its product gives them."""
        return self._of[side].readings(side, pods)

    def told(self, side: Side, pods: Sequence[PodRef]) -> list[tuple[str, Word]]:
        """Give what a side's gateways have been told."""
        return self._of[side].told(side, pods)

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Give one gateway's configuration as its product has it."""
        return self._of[side].parity(pod, side)

    def reference(self, pod: PodRef, side: Side) -> Reference:
        """Give the model for the gateways of the same side."""
        return self._of[side].reference(pod, side)

    def compare(
        self, reference: Reference, pods: Sequence[tuple[PodRef, Side]]
    ) -> Iterator[tuple[PodRef, Compared | MigratorError]]:
        """Compare each with the model of its own side."""
        for side, reader in self._of.items():
            yield from reader.compare(reference, [row for row in pods if row[1] is side])

    def routes(self, pod: PodRef) -> tuple[Route, ...]:
        """Give the routes of one old gateway; none where its product cannot tell them."""
        old = self._of[Side.OLD]
        return old.routes(pod) if isinstance(old, KnowsRoutes) else ()

    def flush(self, pod: PodRef) -> float | None:
        """Give how often an old gateway merges what it timed; None where its product has no such clock."""
        old = self._of[Side.OLD]
        return old.flush(pod) if isinstance(old, KnowsFlush) else None


class SidedWriter:
    """Writers of both sides."""

    def __init__(self, old: GatewayWriter, new: GatewayWriter) -> None:
        self._of = {Side.OLD: old, Side.NEW: new}

    def tell(self, action: Tell) -> Op:
        """Tell a side's gateways, each in its product's way."""
        return self._of[action.side].tell(action)
