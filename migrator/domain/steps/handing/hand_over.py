"""The step in place of Retire for a workload that a controller owns: a person is told what to do with its owner, in order,
and it is waited for and seen. Nothing that a controller owns is written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Pools, Side
from migrator.domain.model.change import Hand, Order
from migrator.domain.model.decisions import Decision, Done, Wait
from migrator.domain.model.manifests import ObjectRef, dig, uid_of
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import Objects, Sighting, Workloads
from migrator.domain.steps.estimate import GRACE, Estimate, Scale, patched
from migrator.domain.steps.leave import still_weighted, weighted
from migrator.domain.steps.retire import Retire, gone, repointing

TELLS = "hand-over.waiting"
"""The code of what a person is told to do."""


@dataclass(frozen=True, slots=True)
class HandOver(Retire):
    """Every way in of our own points at the new side, and its owner's orders are done: the old workload is gone, or empty.

    No orders: nothing is asked of anybody, and the workload is left standing, off the balancer.
    """

    orders: tuple[Order, ...] = ()
    title: ClassVar[Message] = say("step.hand-over")

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at what is repointed, at the workload, and at what tells that an order was done."""
        proofs = (order.proof for order in self.orders)
        return tuple(dict.fromkeys((self.source, *(change.ref for change in self.repoint), *proofs)))

    def estimate(self, scale: Scale) -> Estimate:
        """Patch our own ways in; the rest takes as long as a person takes."""
        calls, pace = patched(change.ref for change in self.repoint), scale.pace
        asked = tuple(told(order) for order in self.orders)
        return Estimate(pace.cluster * len(calls) + GRACE, None, (*calls, *asked), None, say("estimate.by-hand"))

    def decide(self, seen: Sighting) -> Decision:
        """Repoint what is our own, tell what is to be done, and wait until it is seen to be done and the pods have ended."""
        if rows := weighted(seen[Pools], Side.OLD):
            return still_weighted(Side.OLD, rows, seen[Pools])
        found = seen[Objects]
        due = tuple(order for order in self.orders if _is_due(order, found))
        if len(due) == len(self.orders) and (first := self._first(seen)) is not None:
            return first  # once a person has begun there is no way back to be kept
        if led := repointing(self.repoint, seen):
            return led
        if not self.orders:
            return Done(say("hand-over.left", object=str(self.source)))
        if due:
            return Wait(say("hand-over.waiting", orders=tuple(told(order) for order in due)))
        if self.source in found.found:
            return emptied(seen[Workloads].old)
        return gone(seen, seen[Workloads].old, self.patience)


def told(order: Order) -> Message:
    """Give an order as a person reads it."""
    values = {"object": str(order.ref), "command": order.command, "proof": str(order.proof)}
    if order.hand is Hand.DELETE:
        return say("hand-over.delete", **values)
    return say("hand-over.scale", **values)


def emptied(old: Workload) -> Decision:
    """Wait until a workload that stays has no pod left."""
    if old.pods:
        return Wait(say("object.ending", pods=len(old.pods), object=str(old.ref)))
    return Done(say("hand-over.emptied", object=str(old.ref)))


def _is_due(order: Order, found: Objects) -> bool:
    """Say whether an order is still to be done, by the object that proves it."""
    now = found.get(order.proof)
    if now is None or uid_of(now) != order.proof_uid:
        return False
    return order.hand is Hand.DELETE or dig(now, "spec", "replicas") != 0
