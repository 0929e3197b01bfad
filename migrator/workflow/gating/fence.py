"""The fence of a driver whose Lease is not renewed: past a time it writes nothing more for the new side. A way back is free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.actions import (
    ApplyObject,
    DeleteObject,
    Deregister,
    Op,
    PatchObject,
    Register,
    SetWeights,
    Tell,
)
from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import Spec
from migrator.domain.ports.outside import Writers
from migrator.workflow.heartbeat import CLUSTER_SECONDS

AGAIN = 5.0
"""Seconds until a write is tried again that the fence has stopped: by then the Lease may be renewed."""

Unrenewed: TypeAlias = "Callable[[], float]"
"""Give the seconds since the Lease was renewed last."""


@dataclass(frozen=True, slots=True)
class FencedWriters(Writers):
    """The writers of a run that somebody else may have by then: those of the way forward are shut `after` seconds without a
    renewal."""

    unrenewed: Unrenewed = lambda: 0.0
    after: float = inf

    def on(self, heading: Heading) -> Writers:
        """Give the writers of a heading; the way back is never fenced."""
        if heading is Heading.BACK:
            return Writers.on(self, heading)
        fenced = Fenced(self)
        return Writers(fenced, fenced, fenced)


def shuts_after(spec: Spec) -> float | None:
    """Give the seconds without a renewal after which the fence of a plan's run is shut; None: it has none.

    Of two clusters neither shows what the other's Lease says: whoever has lost one of them does not advance, and a guard that
    has the home's alone finds a fence that was shut long before.
    """
    return spec.on_silence.fence if spec.second is None else CLUSTER_SECONDS


def fenced(writers: Writers, unrenewed: Unrenewed, after: float | None) -> Writers:
    """Give the writers behind a fence that shuts `after` seconds without a renewal; None: there is none."""
    if after is None:
        return writers
    return FencedWriters(writers.balancer, writers.cluster, writers.gateways, writers.reserve, unrenewed, after)


class Fenced:
    """Every write of the way forward; each raises Unreachable, and was not made, while the fence is shut."""

    def __init__(self, writers: FencedWriters) -> None:
        self._writers = writers

    def _open(self) -> Writers:
        """Give the writers, at the last moment before one is used."""
        silent = self._writers.unrenewed()
        if silent >= self._writers.after:
            raise Unreachable(say("lease.fenced", silent=silent if silent < inf else None), AGAIN)
        return self._writers

    def set_weights(self, action: SetWeights) -> Op:
        """Set weights."""
        return self._open().balancer.set_weights(action)

    def register(self, action: Register) -> Op:
        """Register backends."""
        return self._open().balancer.register(action)

    def deregister(self, action: Deregister) -> Op:
        """Take backends off."""
        return self._open().balancer.deregister(action)

    def apply(self, action: ApplyObject) -> Op:
        """Apply an object."""
        return self._open().cluster.apply(action)

    def patch(self, action: PatchObject) -> Op:
        """Patch an object."""
        return self._open().cluster.patch(action)

    def delete(self, action: DeleteObject) -> Op:
        """Delete an object."""
        return self._open().cluster.delete(action)

    def tell(self, action: Tell) -> Op:
        """Tell gateways."""
        return self._open().gateways.tell(action)
