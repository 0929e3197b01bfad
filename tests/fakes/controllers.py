"""What the Deployment (with its ReplicaSet) and DaemonSet controllers do with one workload of the fake cluster."""

from __future__ import annotations

import itertools
from operator import attrgetter
from typing import TYPE_CHECKING

from migrator.adapters.cluster.workloads import owned
from migrator.domain.model.kubernetes import clashing, host_ports, term_of
from migrator.domain.model.manifests import (
    Json,
    Manifest,
    ObjectRef,
    dig,
    items,
    labels,
    mapping,
    number,
    ref_of,
    selects,
    text,
    uid_of,
)
from migrator.domain.observation.detour import STAND_IN
from migrator.domain.sides.turns.keeping_off import REQUIRED

if TYPE_CHECKING:
    from tests.fakes.cluster import FakeCluster

_HASH = "pod-template-hash"
_MEANT = "meant-for"
_BY_NAME = attrgetter("name")


class Controller:
    """What the Deployment (with its ReplicaSet) or DaemonSet controller does with one workload."""

    def __init__(self, cluster: FakeCluster, workload: Manifest) -> None:
        self._cluster, self._workload = cluster, workload
        self._name = _name(workload)
        self._namespace = text(workload, "metadata", "namespace")

    def act(self) -> None:
        if text(self._workload, "kind") == "DaemonSet":
            self._daemon_set()
        else:
            self._deployment()

    def _daemon_set(self) -> None:
        wanted = labels(self._workload, "spec", "template", "spec", "nodeSelector")
        terms = items(
            self._workload, "spec", "template", "spec", "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"
        )
        off = {_name(n) for n in self._nodes() if terms and not any(term_of(term, n) for term in terms)}
        chosen = [
            n
            for n in self._nodes()
            if _name(n) not in off and all(labels(n, "metadata", "labels").get(k) == v for k, v in wanted.items())
        ]
        for pod in self._pods(self._workload):
            if _meant_for(pod) in off:
                mapping(pod, "metadata")["deletionTimestamp"] = self._cluster.clock.now().isoformat()
        taken = {_meant_for(pod) for pod in self._pods(self._workload, ending=True)}
        busy = taken_by_others(self._cluster, self._workload, {uid_of(self._workload)})
        mark = self._cluster.revision_mark(self._workload)
        for node in chosen:
            free = _name(node) not in busy or self._is_taken(
                _name(node)
            )  # by its own former pod: another one waits there
            if _name(node) not in taken and free:
                self._daemon_pod(node, mark)
        self._settle_daemons()
        pods = self._pods(self._workload)
        ready = sum(1 for pod in pods if _ready(pod))
        count = len(chosen)
        self._status(desiredNumberScheduled=count, updatedNumberScheduled=len(pods), numberReady=ready)

    def _deployment(self) -> None:
        wanted = dig(self._workload, "spec", "replicas")
        wanted = wanted if isinstance(wanted, int) else 1
        replica_set = self._replica_set(wanted)
        pods = self._pods(replica_set)
        nodes = self._nodes()
        others = self._others(replica_set)
        most = self._exchanged(others, wanted, len(pods))
        for place in self._places(replica_set, most - len(pods)):
            node = place or (_name(_emptiest(nodes, self._pods(replica_set))) if nodes else "")
            used = {ref.name for ref in self._cluster.objects if ref.kind == "Pod"}
            name = next(n for i in itertools.count() if (n := f"{_name(replica_set)}-{i:05d}") not in used)
            self._make(replica_set, name, node, self._free_address(len(used) + 1))
        for pod in sorted(pods, key=_rank, reverse=True)[wanted:]:
            mapping(pod, "metadata")["deletionTimestamp"] = self._cluster.clock.now().isoformat()
        live = self._pods(replica_set)
        ready = sum(1 for pod in live if _ready(pod))
        others = self._others(replica_set)
        if ready >= wanted and not number(self._workload, "spec", "minReadySeconds"):
            for pod in others:
                mapping(pod, "metadata")["deletionTimestamp"] = self._cluster.clock.now().isoformat()
            others = []
        both = len(live) + len(others)
        self._status(replicas=both, updatedReplicas=len(live), readyReplicas=ready + len(others))

    def _exchanged(self, others: list[Manifest], wanted: int, there: int) -> int:
        """End as many of the others as there may be too few of, and give how many of the new template there may be."""
        if "minReadySeconds" not in mapping(self._workload, "spec"):
            return wanted
        rolling = mapping(self._workload, "spec", "strategy", "rollingUpdate")
        surge, few = (_part(rolling.get(key), wanted) for key in ("maxSurge", "maxUnavailable"))
        for pod in sorted(others, key=_cost)[: max(0, min(few - there, len(others)))] if not surge else ():
            mapping(pod, "metadata")["deletionTimestamp"] = self._cluster.clock.now().isoformat()
        left = sum(1 for pod in others if not text(pod, "metadata", "deletionTimestamp"))
        return min(wanted, wanted + surge - left)

    def _others(self, replica_set: Manifest) -> list[Manifest]:
        """Give the pods of the other template: stand-ins (`tests/fakes/detouring.py`), or those on host ports."""
        sets = (thing for ref, thing in self._cluster.objects.items() if ref.kind == "ReplicaSet")
        kin = owned([thing for thing in sets if thing is not replica_set], {uid_of(self._workload)})
        return [pod for each in kin for pod in self._pods(each)]

    def _places(self, replica_set: Manifest, count: int) -> list[str]:
        """Give a node for each pod to be made ("": whichever has the fewest). Who wants host ports waits for a node that
        has them free, and is not made before."""
        if not host_ports(dig(self._workload, "spec", "template", "spec")):
            return [""] * count
        mine = {text(pod, "spec", "nodeName") for pod in self._pods(replica_set, ending=True)}
        busy = mine | taken_by_others(self._cluster, self._workload, {uid_of(replica_set)})
        return [name for node in self._nodes() if (name := _name(node)) not in busy][: max(0, count)]

    def _daemon_pod(self, node: Manifest, mark: str) -> None:
        """Make a node's pod; it waits, without a node, while one of nobody's there has the ports that it wants."""
        used = {ref.name for ref in self._cluster.objects if ref.kind == "Pod" and ref.namespace == self._namespace}
        plain = f"{self._name}-{_name(node)}{mark}"
        name = next(n for n in itertools.chain((plain,), (f"{plain}-{i}" for i in itertools.count(2))) if n not in used)
        ip = text(node, "status", "addresses", 0, "address")
        if dig(self._workload, "spec", "template", "spec", "hostNetwork") is False:
            self._make(self._workload, name, _name(node), self._free_address(len(used) + 1))
        elif self._is_taken(_name(node)):
            self._make(self._workload, name, "", "")
            pod = self._cluster.objects[ObjectRef("v1", "Pod", self._namespace, name)]
            mapping(pod, "metadata", "annotations")[_MEANT] = _name(node)
        else:
            self._make(self._workload, name, _name(node), ip)

    def _is_taken(self, node: str) -> bool:
        mine = {text(pod, "metadata", "name") for pod in self._pods(self._workload)}
        return any(
            text(pod, "spec", "nodeName") == node
            and labels(pod, "metadata", "annotations").get("workload") == self._name
            for ref, pod in self._cluster.objects.items()
            if ref.kind == "Pod" and ref.name not in mine
        )

    def _settle_daemons(self) -> None:
        """Place those that waited for a node that is free now, and delete those of which a node has two: the placed stay."""
        pods = sorted(self._pods(self._workload), key=lambda pod: not text(pod, "spec", "nodeName"))
        served: set[str] = set()
        for pod in pods:
            node = _meant_for(pod)
            if node in served:
                self._cluster.objects.pop(ref_of(pod))
            elif not text(pod, "spec", "nodeName") and not self._is_taken(node):
                at = text(self._cluster.objects[ObjectRef("v1", "Node", "", node)], "status", "addresses", 0, "address")
                mapping(pod, "spec")["nodeName"] = node
                mapping(pod, "status").update(podIP=at, hostIP=at)
                mapping(pod, "metadata")["creationTimestamp"] = self._cluster.clock.now().isoformat()
            served.add(node)

    def _free_address(self, first: int) -> str:
        """Give an address that no pod has."""
        taken = {text(pod, "status", "podIP") for ref, pod in self._cluster.objects.items() if ref.kind == "Pod"}
        return next(at for i in itertools.count(first) if (at := f"10.0.0.{i}") not in taken)

    def _replica_set(self, replicas: int) -> Manifest:
        template = mapping(self._workload, "spec", "template", "metadata", "labels")
        made_of = "lent" if STAND_IN[0] in template else "abc"
        meta: Manifest = {
            "name": f"{self._name}-{made_of}",
            "namespace": self._namespace,
            "uid": f"rs-{uid_of(self._workload)}" + ("" if made_of == "abc" else f"-{made_of}"),
        }
        meta["labels"] = {**template, _HASH: made_of}
        meta["ownerReferences"] = [{"controller": True, "uid": uid_of(self._workload)}]
        made: Manifest = {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": meta,
            "spec": {"replicas": replicas},
        }
        self._cluster.objects[ref_of(made)] = made
        return made

    def _pods(self, owner: Manifest, ending: bool = False) -> list[Manifest]:
        objects = self._cluster.objects
        refs = [ref for ref in objects if ref.kind == "Pod" and ref.namespace == self._namespace]
        every = [objects[ref] for ref in sorted(refs, key=_BY_NAME)]
        for pod in every:
            self._claim(pod, owner)
        return [
            pod for pod in owned(every, {uid_of(owner)}) if ending or not text(pod, "metadata", "deletionTimestamp")
        ]

    def _claim(self, pod: Manifest, owner: Manifest) -> None:
        """Release an own pod whose labels do not match any more; adopt one of nobody's that was this workload's and matches."""
        meta, chosen = mapping(pod, "metadata"), labels(self._workload, "spec", "selector", "matchLabels")
        matched = selects(chosen, labels(pod, "metadata", "labels"))
        if matched and not meta.get("ownerReferences") and labels(meta, "annotations").get("workload") == self._name:
            meta["ownerReferences"] = [
                {"controller": True, "uid": uid_of(owner), "kind": owner["kind"], "name": _name(owner)}
            ]
        elif chosen and not matched and owned([pod], {uid_of(owner)}):
            meta["ownerReferences"] = []

    def _nodes(self) -> list[Manifest]:
        objects = self._cluster.objects
        return [objects[ref] for ref in sorted((ref for ref in objects if ref.kind == "Node"), key=_BY_NAME)]

    def _make(self, owner: Manifest, name: str, node: str, ip: str) -> None:
        self._cluster.make_pod(owner, dig(self._workload, "spec", "template"), name, node, ip, self._name)

    def _status(self, **counts: int) -> None:
        generation = number(self._workload, "metadata", "generation")
        self._workload["status"] = {"observedGeneration": generation, **counts}


def taken_by_others(cluster: FakeCluster, workload: Manifest, owners: set[str]) -> set[str]:
    """Give the nodes on which pods of others, ending ones too, hold a declared host port that the workload's pods want."""
    wanted = host_ports(dig(workload, "spec", "template", "spec"))
    pods = [thing for ref, thing in cluster.objects.items() if wanted and ref.kind == "Pod"]
    own = {id(pod) for pod in owned(pods, owners)}
    return {
        text(pod, "spec", "nodeName")
        for pod in pods
        if id(pod) not in own and clashing(wanted, host_ports(pod.get("spec")))
    }


def _meant_for(pod: Manifest) -> str:
    return text(pod, "spec", "nodeName") or labels(pod, "metadata", "annotations").get(_MEANT, "")


def _rank(pod: Manifest) -> tuple[bool, bool, int]:
    """Give how long a pod is kept when there are too many."""
    return bool(text(pod, "spec", "nodeName")), _ready(pod), _cost(pod)


def _part(value: Json, whole: int) -> int:
    """Give a number of pods that is told as one, or in percent."""
    if isinstance(value, int):
        return value
    return whole * int(str(value or "25%").rstrip("%")) // 100


def _emptiest(nodes: list[Manifest], pods: list[Manifest]) -> Manifest:
    """Give the node that has the fewest of these pods."""
    at = [text(pod, "spec", "nodeName") for pod in pods]
    return min(nodes, key=lambda node: at.count(_name(node)))


def _cost(pod: Manifest) -> int:
    return int(labels(pod, "metadata", "annotations").get("controller.kubernetes.io/pod-deletion-cost", "0"))


def _ready(pod: Manifest) -> bool:
    return any(text(row, "status") == "True" for row in items(pod, "status", "conditions"))


def _name(thing: Manifest) -> str:
    return text(thing, "metadata", "name")
