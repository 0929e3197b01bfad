"""Gateways that cannot be asked: nginx (no counters over an admin port, no reversible signal) and unknown ones.

They are silent, never healthy: without their counters the judge needs Prometheus, and a drain waits its whole deadline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.domain.messages.errors import MigratorError, Refused
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Op, PodRef, Tell, Word
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.observation.parity import Compared, Parity, Reference


class NoAdminReader:
    """A gateway kind that says nothing of itself."""

    def __init__(self, why: Message | None) -> None:
        self._why = why

    def readings(self, side: Side, pods: Sequence[PodRef]) -> tuple[list[Reading], list[Silence]]:
        """Give no reading, and the reason for every gateway."""
        return [], [(pod.name, self._why or "") for pod in pods]

    def told(self, side: Side, pods: Sequence[PodRef]) -> list[tuple[str, Word]]:
        """Give nothing: none can say."""
        return []

    def parity(self, pod: PodRef, side: Side) -> Parity:
        """Refuse: there is no configuration to compare."""
        raise Refused(say("gateway.not-comparable", pod=pod.name, why=self._why))

    def reference(self, pod: PodRef, side: Side) -> Reference:
        """Refuse, as `parity` does."""
        raise Refused(say("gateway.not-comparable", pod=pod.name, why=self._why))

    def compare(
        self, reference: Reference, pods: Sequence[tuple[PodRef, Side]]
    ) -> Iterator[tuple[PodRef, Compared | MigratorError]]:
        """Refuse each, as `parity` does."""
        for pod, _ in pods:
            yield pod, Refused(say("gateway.not-comparable", pod=pod.name, why=self._why))


class NoAdminWriter:
    """A gateway kind that cannot be told to go: only the balancer and time empty it."""

    def __init__(self, why: Message | None) -> None:
        self._why = why

    def tell(self, action: Tell) -> Op:
        """Refuse to tell anybody to go. To stay is what they do anyway."""
        if action.word is Word.STAY or not action.pods:
            return Op("gateways")
        raise Refused(say("gateway.not-tellable", why=self._why))
