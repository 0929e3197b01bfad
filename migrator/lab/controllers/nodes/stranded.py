"""Pods whose node no longer exists: nobody can stop them properly, so they are deleted by force after a while.

It touches no pod of a node that is merely silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from migrator.lab.controllers.api.objects import name_of, uid_of
from migrator.lab.controllers.api.resources import NODES, PODS
from migrator.lab.controllers.api.writes import Delete, Sync, World, Write, sooner

WATCHES = (PODS, NODES)


class StrandedPods:
    """Remembers since when each pod has been without its node (by our own clock)."""

    def __init__(self, grace: float) -> None:
        self._grace = grace
        self._since: Mapping[str, datetime] = {}

    def sync(self, world: World) -> Sync:
        """Delete what has been stranded for longer than the grace (seconds)."""
        known = {name_of(node) for node in world.all(NODES)}
        stranded = [pod for pod in world.all(PODS) if pod["spec"].get("nodeName", "") not in {"", *known}]
        self._since = {uid_of(pod): self._since.get(uid_of(pod), world.now) for pod in stranded}
        writes: list[Write] = []
        waits: list[float] = []
        for pod in stranded:
            left = (self._since[uid_of(pod)] + timedelta(seconds=self._grace) - world.now).total_seconds()
            if left > 0:
                waits.append(left)
            else:
                writes.append(Delete(PODS, pod, grace=0))
        return Sync(tuple(writes), sooner(*waits))
