"""Choose a pool by its weight, then a target of it in turn: how many targets a pool has does not change its share.

It knows weights and health only. A pool whose targets are all ill still gets its share: AWS fails open within a group.
"""

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.counts import TargetCounts
from migrator.lab.dataplane.rotation import Rotation, Slot


class PooledRotation(Rotation):
    """The targets of one listener in pools. Every slot of a pool has the pool's weight; 0 gets nothing, ever."""

    def __init__(self, fail_open: bool) -> None:
        """With `fail_open`, a weighted pool without a healthy target uses all its targets; else it gets nothing."""
        super().__init__(fail_open)
        self._pools: dict[str, list[Slot]] = {}
        self._between = Rotation(fail_open=True)

    def refresh(self) -> None:
        """Start a new round, between the pools and within each, after any change of weights or health."""
        members: dict[str, list[Slot]] = {}
        for slot in self:
            members.setdefault(slot.pool, []).append(slot)
        self._pools, self._between = {}, Rotation(fail_open=True)
        for at, (name, slots) in enumerate(members.items()):
            alive = [slot for slot in slots if slot.alive]
            self._pools[name] = alive or (slots if self._fail_open else [])
            weight = max(slot.weight for slot in slots) if self._pools[name] else 0
            self._between.add(Slot(Key("", at), weight, True, TargetCounts(), name))

    def pick(self) -> Slot | None:
        """Return the target of the next connection; None when no pool has weight and targets."""
        pool = self._between.pick()
        if pool is None:
            return None
        slots = self._pools[pool.pool]
        slots.append(slots.pop(0))
        return slots[-1]
