"""The step in which a node changes hands: its old pod goes without a replacement and the new workload's takes its ports, or
the other way round. Everything before and after that is as when a gateway is made anew (`steps/restarting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import PatchObject, SetWeights, pod_object
from migrator.domain.model.balancer import Backend, Pools, Side, Weighted
from migrator.domain.model.decisions import Decision, Do, Wait
from migrator.domain.model.kubernetes import CHEAPEST, COST, LEAST_COST
from migrator.domain.model.manifests import Json, ObjectRef, uid_of
from migrator.domain.model.workload import Pod
from migrator.domain.observation.nodes import Hosts
from migrator.domain.observation.sighting import JournalFacts, Objects, Sighting, Workloads
from migrator.domain.sides.batches import one_batch
from migrator.domain.sides.shrinking import ended_with
from migrator.domain.sides.turns.barring import barring, is_barred, letting_on, node_ref, obeys, waiting
from migrator.domain.sides.turns.keeping_off import keeping_off, kept_off
from migrator.domain.steps.restarting.leaving import may_end, may_go
from migrator.domain.steps.restarting.place import NodeRows, Place
from migrator.domain.steps.restarting.renew import Renew
from migrator.domain.steps.step import Attention, halt


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap(Renew):
    """The gateways of these nodes are pods of the wanted side, proved, and have the weight that their nodes had.

    Towards the new side the DaemonSet (`target`), which Guard has kept off the node, is let on once it has no weight and its
    pod may go: its own pod waits for the ports then. The old Deployment (`source`, of this `uid`) gets one replica less for
    each pod that goes, which is the first in its controller's order by then. On the way back the DaemonSet is kept off the
    node again, and then the Deployment gets its replica back. `waived` are the listeners that one
    of these nodes carries alone: a person has acknowledged that they lose requests meanwhile.
    """

    source: ObjectRef
    uid: str
    target: ObjectRef
    waived: tuple[str, ...] = ()

    @property
    def title(self) -> Message:
        """Name the nodes."""
        names = tuple(node.name for node in self.nodes)
        return say("step.swap", nodes=names) if self.towards is Side.NEW else say("step.swap-back", nodes=names)

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at both workloads, and at the nodes."""
        return (self.source, self.target, *(node_ref(node.name) for node in self.nodes))

    @property
    def empties(self) -> frozenset[Backend]:
        """Give the nodes' rows behind the listeners that may lose requests."""
        rows = (row.backend for node in self.nodes for row in node.rows)
        return frozenset(backend for backend in rows if backend.listener in self.waived)

    def attends(self, seen: Sighting) -> Attention:
        """Compare with an old gateway while there is one."""
        attention = Renew.attends(self, seen)
        olds = {pod.ref for pod in seen[Workloads].old.live}
        return replace(attention, of=Side.OLD if olds.intersection(attention.peers) else Side.NEW)

    def decide(self, seen: Sighting) -> Decision:
        """Refuse a Deployment that is another one now; else as any node that is made anew."""
        found = seen[Objects].get(self.source)
        if found is None or uid_of(found) != self.uid:
            now = uid_of(found) if found else ""
            return halt("guard.object-replaced", str(self.source), planned=self.uid, found=now)
        first = self._unpriced(seen) or self._barred_again(seen) or self._grown_again(seen)
        return first or Renew.decide(self, seen)

    def _weigh(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        """Take the last weight of a listener only after everything that harms nobody."""
        last = (row for at in places if self._leaves(at, seen) and self._may_be_last(at, seen) for row in at.heavy)
        if (due := Renew._weigh(self, places, seen)) or not (rows := tuple(last)):
            return due
        named = one_batch(tuple(row.backend for row in rows), seen[Pools].capabilities)
        listeners = tuple(dict.fromkeys(backend.listener for backend in named))
        return Do(
            SetWeights(tuple(row for row in rows if row.backend in named)), say("swap.empty", listeners=listeners)
        )

    def _may_be_last(self, at: Place, seen: Sighting) -> bool:
        """Say whether nothing else keeps this node: nobody answers behind a waived listener from here on."""
        lame = self.towards is Side.NEW and any(_lame(pod, seen) for pod in at.wrong[:1])
        return not self._others_of(at) and not lame

    def _others_of(self, at: Place) -> tuple[Weighted, ...]:
        """Give the rows with weight of a node that no waiver is about."""
        return tuple(row for row in at.heavy if row.backend not in self.empties)

    def _is_done(self, at: Place, seen: Sighting) -> bool:
        """Count no gateway that came before its node's turn: nobody has proved it."""
        return at.is_done and not self._waits(at, seen)

    def _leaves(self, at: Place, seen: Sighting) -> bool:
        return bool(at.wrong) or self._waits(at, seen)

    def _waits(self, at: Place, seen: Sighting) -> bool:
        """Say whether the node's turn has not come, though it is this one: the DaemonSet is kept off it still."""
        return self.towards is Side.NEW and self._is_barred(at.node, seen)

    def _is_barred(self, node: NodeRows, seen: Sighting) -> bool:
        return is_barred(seen[Objects].get(node_ref(node.name)), self.target)

    def _end(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        due = [at for at in places if may_go(at, seen) and may_end(at, self.drain, seen)]
        if self.towards is Side.NEW:
            return self._let_on(due, places, seen) or self._shrink_for(due, seen)
        return self._clear(due, places, seen) or self._grow(places, seen)

    def _why(self, at: Place, seen: Sighting) -> Decision:
        pod, forward = next(iter(at.wrong), None), self.towards is Side.NEW
        if pod is not None and forward and at.heavy and not self._others_of(at) and (lame := _lame(pod, seen)):
            return Wait(say("swap.other-first", node=at.node.name, pod=lame[0].ref.name))
        if pod is not None and may_go(at, seen) and may_end(at, self.drain, seen):
            return Wait(self._why_there(at, pod, seen) if forward else _ending(at, pod))
        return Renew._why(self, at, seen)

    # --- towards the new side ----------------------------------------------------------------------------------------
    def _let_on(self, due: Sequence[Place], places: Sequence[Place], seen: Sighting) -> Do | None:
        """Let the DaemonSet on a node whose pod may go, or that has no old pod, once it has no weight."""
        free = [at for at in places if at in due or (not at.wrong and not at.heavy)]
        first = next((at.node for at in free if self._waits(at, seen)), None)
        if first is None:
            return None
        return _label(
            first, letting_on(self.target), seen, say("swap.let-on", object=str(self.target), node=first.name)
        )

    def _grown_again(self, seen: Sighting) -> Do | None:
        """Want an old pod for each node whose turn has not come: one that went elsewhere, and was ended there, is missed. Not
        while a node of this step is nobody's: it might start there again."""
        names = waiting(seen[JournalFacts], self.target) & {host.name for host in seen[Hosts].found}
        wanted = len(names - {node.name for node in self.nodes})
        taken = all(at.right and not at.wrong for at in self._places(seen))
        if self.towards is Side.OLD or not taken or seen[Workloads].old.wanted >= wanted:
            return None
        more = say("swap.grow", object=str(self.source), replicas=wanted)
        return Do(PatchObject(self.source, {"spec": {"replicas": wanted}}, self.uid), more)

    def _shrink_for(self, due: Sequence[Place], seen: Sighting) -> Do | None:
        return next((done for at in due if (done := self._shrink(at, seen))), None)

    def _shrink(self, at: Place, seen: Sighting) -> Do | None:
        """Make the pod the first to go, then take its replica; None while another one would go, or the controller acts."""
        pod, old = at.wrong[0], seen[Workloads].old
        if pod.deletion_cost != LEAST_COST:
            return _price(pod, CHEAPEST, say("swap.price", pod=pod.ref.name))
        left = len(_elsewhere(pod, seen))
        if old.wanted <= left or old.rolling or _before(pod, seen):
            return None
        fewer = say("swap.shrink", object=str(self.source), replicas=left, pod=pod.ref.name, node=at.node.name)
        return Do(PatchObject(self.source, {"spec": {"replicas": left}}, self.uid), fewer)

    def _why_there(self, at: Place, pod: Pod, seen: Sighting) -> Message:
        """Say why a pod that may end is still there."""
        old = seen[Workloads].old
        if other := next(iter(_before(pod, seen)), None):
            return say("swap.other-first", node=at.node.name, pod=other.ref.name)
        if old.rolling and old.wanted > len(_elsewhere(pod, seen)):
            return say("guard.old-rolls", workload=str(old.ref))
        return _ending(at, pod)

    # --- on the way back ---------------------------------------------------------------------------------------------
    def _clear(self, due: Sequence[Place], places: Sequence[Place], seen: Sighting) -> Do | None:
        """Keep the DaemonSet off the nodes whose pod may go, and off those that have nobody's: it would take them again."""
        workload = seen[Objects].get(self.target)
        if obeys(workload, self.target):
            return next((done for at in due if (done := self._barred(at.node, seen))), None)
        leaving = {at.node.name for at in due} | {at.node.name for at in places if not at.wrong and not at.right}
        off = kept_off(workload)
        if workload is None or leaving <= off:  # by its template, as older versions' plans have it
            return None
        why = say("swap.clear", object=str(self.target), nodes=tuple(sorted(leaving - off)))
        return Do(PatchObject(self.target, keeping_off(workload, off | leaving), uid_of(workload)), why)

    def _barred_again(self, seen: Sighting) -> Do | None:
        """On the way back keep the DaemonSet off every node at once that has none of its pods: none is to come meanwhile."""
        if self.towards is Side.NEW or not obeys(seen[Objects].get(self.target), self.target):
            return None
        free = (at.node for at in self._places(seen) if not at.wrong)
        return next((done for node in free if (done := self._barred(node, seen))), None)

    def _barred(self, node: NodeRows, seen: Sighting) -> Do | None:
        if self._is_barred(node, seen):
            return None
        return _label(node, barring(self.target), seen, say("swap.clear", object=str(self.target), nodes=(node.name,)))

    def _grow(self, places: Sequence[Place], seen: Sighting) -> Do | None:
        """Give the Deployment a replica for each node that is nobody's."""
        empty = [at for at in places if not at.wrong and not at.right and not at.ending]
        old = seen[Workloads].old
        wanted = sum(1 for pod in old.live if pod.ref.node) + len(empty)
        if not empty or old.wanted >= wanted:
            return None
        more = say("swap.grow", object=str(self.source), replicas=wanted)
        return Do(PatchObject(self.source, {"spec": {"replicas": wanted}}, self.uid), more)

    def _unpriced(self, seen: Sighting) -> Do | None:
        """Take back that a pod which stays after all would be the first to go."""
        if self.towards is Side.NEW:
            return None
        names = {node.name for node in self.nodes}
        priced = (pod for pod in seen[Workloads].old.live if pod.ref.node in names and pod.deletion_cost == LEAST_COST)
        first = next(priced, None)
        return _price(first, None, say("swap.unprice", pod=first.ref.name)) if first is not None else None


def _label(node: NodeRows, patch: Json, seen: Sighting, why: Message) -> Do | None:
    """Give the patch of a node; None for one that is not there."""
    found = seen[Objects].get(node_ref(node.name))
    return Do(PatchObject(node_ref(node.name), patch, uid_of(found)), why) if found is not None else None


def _price(pod: Pod, cost: str | None, why: Message) -> Do:
    patch: Json = {"metadata": {"annotations": {COST: cost}}}
    return Do(PatchObject(pod_object(pod.ref), patch, pod.ref.uid), why)


def _ending(at: Place, pod: Pod) -> Message:
    return say("swap.ending", node=at.node.name, pod=pod.ref.name)


def _lame(pod: Pod, seen: Sighting) -> tuple[Pod, ...]:
    """Give the other old pods that the controller would end rather than this one whatever it costs: those not Ready."""
    return tuple(each for each in _elsewhere(pod, seen) if not each.ready)


def _elsewhere(pod: Pod, seen: Sighting) -> tuple[Pod, ...]:
    """Give the other old pods that have a node. One without would take the ports of the next that is free."""
    return tuple(each for each in seen[Workloads].old.live if each.ref.uid != pod.ref.uid and each.ref.node)


def _before(pod: Pod, seen: Sighting) -> tuple[Pod, ...]:
    """Give the others with a node that the controller may end rather than this one."""
    ended = ended_with(seen[Workloads].old, len(_elsewhere(pod, seen)))
    return tuple(each for each in ended if each.ref.uid != pod.ref.uid and each.ref.node)
