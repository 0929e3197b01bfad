"""Choose the target of a new connection: smooth weighted round-robin, exact over every full round of weights.

It knows weights and health only; it never counts connections and never looks at a client.
"""

from collections.abc import Iterator, Sequence

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.counts import TargetCounts


class Slot:
    """One target as the data plane sees it now."""

    __slots__ = ("alive", "counts", "credit", "key", "pool", "weight")

    def __init__(self, key: Key, weight: int, alive: bool, counts: TargetCounts, pool: str = "") -> None:
        """Take part with `weight` once `alive`."""
        self.key = key
        self.weight = weight
        self.alive = alive
        self.counts = counts
        self.credit = 0
        self.pool = pool


class Rotation:
    """The targets of one listener. Weight 0 gets nothing, ever; see `fail_open` for unhealthy ones."""

    def __init__(self, fail_open: bool) -> None:
        """With `fail_open`, when no weighted target is healthy all weighted ones get traffic, as clouds do."""
        self._fail_open = fail_open
        self._slots: dict[Key, Slot] = {}
        self._eligible: list[Slot] = []
        self._total = 0

    def __iter__(self) -> Iterator[Slot]:
        return iter(self._slots.values())

    @property
    def eligible(self) -> Sequence[Slot]:
        """The slots that take part in the round now."""
        return self._eligible

    def get(self, key: Key) -> Slot | None:
        """Return the slot of `key`, if it is registered."""
        return self._slots.get(key)

    def add(self, slot: Slot) -> None:
        """Register `slot`, in the place of one with the same key."""
        self._slots[slot.key] = slot
        self.refresh()

    def remove(self, key: Key) -> Slot | None:
        """Forget `key`."""
        slot = self._slots.pop(key, None)
        self.refresh()
        return slot

    def refresh(self) -> None:
        """Start a new round after any change of weights or health."""
        weighted = [slot for slot in self._slots.values() if slot.weight > 0]
        alive = [slot for slot in weighted if slot.alive]
        self._eligible = alive or (weighted if self._fail_open else [])
        self._total = sum(slot.weight for slot in self._eligible)
        for slot in self._slots.values():
            slot.credit = 0

    def pick(self) -> Slot | None:
        """Return the target of the next connection; None when there is none.

        Source: nginx's smooth weighted round-robin (all gain their weight, the richest pays the total).
        """
        best: Slot | None = None
        for slot in self._eligible:
            slot.credit += slot.weight
            if best is None or slot.credit > best.credit:
                best = slot
        if best is not None:
            best.credit -= self._total
        return best
