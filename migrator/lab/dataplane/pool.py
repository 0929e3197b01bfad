"""Targets that share one choice: their weights, health and counts. It forwards nothing and opens no socket."""

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.counts import ListenerCounts, TargetCounts
from migrator.lab.dataplane.rotation import Rotation, Slot


class Pool:
    """The targets of a listener or of a forwarding rule, told of every change when it takes effect."""

    def __init__(self, rotation: Rotation) -> None:
        """Begin without targets."""
        self.rotation = rotation
        self.counts = ListenerCounts()
        self.targets: dict[Key, TargetCounts] = {}

    def add(self, key: Key, weight: int, alive: bool, pool: str = "") -> None:
        """Let `key` take part with `weight`, its own or its pool's; for a known one only the weight changes."""
        if not self.weigh(key, weight):
            self.rotation.add(Slot(key, weight, alive, self.targets.setdefault(key, TargetCounts()), pool))

    def weigh(self, key: Key, weight: int) -> bool:
        """Let `weight` take effect for what is new; False when `key` is not there."""
        if (slot := self.rotation.get(key)) is None:
            return False
        if slot.weight != weight:
            slot.weight = weight
            self.rotation.refresh()
        return True

    def drop(self, key: Key, reset: bool) -> None:
        """Give `key` nothing new; keep what it has, or `reset` it."""
        self.rotation.remove(key)
        if reset:
            self.cut(key)

    def judge(self, key: Key, alive: bool) -> None:
        """Let a health verdict take effect."""
        if (slot := self.rotation.get(key)) is not None and slot.alive is not alive:
            slot.alive = alive
            self.rotation.refresh()

    def cut(self, key: Key) -> None:
        """Reset every connection to `key`; a pool without connections of its own has none."""

    def close(self) -> None:
        """End what the pool itself has open."""
