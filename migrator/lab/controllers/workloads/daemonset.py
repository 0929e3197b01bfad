"""DaemonSets: one pod on every node that may run it, renewed as the update strategy says.

The scheduler binds the pods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from migrator.lab.controllers.api.matching import NO_EXECUTE, node_fits, untolerated
from migrator.lab.controllers.api.objects import (
    age_key,
    is_available,
    is_deleting,
    is_ready,
    labels_of,
    name_of,
    safe_hash,
    seconds_until_available,
    without_empty,
)
from migrator.lab.controllers.api.resources import DAEMON_SETS, NODES, PODS, Json
from migrator.lab.controllers.api.writes import Create, Delete, Sync, World, Write, merged, sooner, status_patch
from migrator.lab.controllers.workloads.claims import claim, pod_from
from migrator.lab.controllers.workloads.renewal import Node, Renewal, renew, surge_allowed

WATCHES = (DAEMON_SETS, PODS, NODES)
HASH_LABEL = "controller-revision-hash"
GENERATION_LABEL = "pod-template-generation"
_BY = "daemonset-controller"
_KEY = "node.kubernetes.io/"


@dataclass(frozen=True, slots=True)
class DaemonNode:
    """One node as a DaemonSet sees it: may a pod start there, may one stay, and which are there (oldest first)."""

    node: Json
    may_run: bool
    may_stay: bool
    pods: tuple[Json, ...]


def sync(world: World) -> Sync:
    """Decide for every DaemonSet."""
    return merged(*(_sync_one(item, world) for item in world.all(DAEMON_SETS)))


def _sync_one(owner: Json, world: World) -> Sync:
    claimed = claim(owner, PODS, world.all(PODS))
    targets = daemon_nodes(owner, world.all(NODES), claimed.owned)
    digest = template_hash(owner)
    writes: list[Write] = list(claimed.writes)
    if not is_deleting(owner):
        writes += _strays(owner, claimed.owned, targets)
        writes += _manage(owner, targets, digest, world.now) or _renew(owner, targets, digest, world.now)
    min_ready = _min_ready(owner)
    waits = [seconds_until_available(pod, min_ready, world.now) or None for pod in claimed.owned]
    status = _status(owner, targets, digest, world.now)
    return Sync((*writes, *status_patch(DAEMON_SETS, owner, status)), sooner(*waits))


def template_hash(owner: Json) -> str:
    """Return the hash that names the DaemonSet's current template on its pods."""
    return safe_hash(without_empty(owner["spec"]["template"]))


def tolerations_of(owner: Json) -> list[Json]:
    """Return the tolerations of the DaemonSet's pods: the template's and those every daemon pod gets."""
    spec = owner["spec"]["template"]["spec"]
    tolerations: list[Json] = list(spec.get("tolerations") or [])
    wanted = [(f"{_KEY}{name}", NO_EXECUTE) for name in ("not-ready", "unreachable")]
    pressures = ("disk-pressure", "memory-pressure", "pid-pressure", "unschedulable")
    wanted += [(f"{_KEY}{name}", "NoSchedule") for name in pressures]
    if spec.get("hostNetwork"):
        wanted.append((f"{_KEY}network-unavailable", "NoSchedule"))
    for key, effect in wanted:
        toleration = {"key": key, "operator": "Exists", "effect": effect}
        if toleration not in tolerations:
            tolerations.append(toleration)
    return tolerations


def daemon_nodes(owner: Json, nodes: Sequence[Json], pods: Sequence[Json]) -> list[DaemonNode]:
    """Sort the pods by node, and judge every node."""
    spec, tolerations = owner["spec"]["template"]["spec"], tolerations_of(owner)
    by_node: dict[str, list[Json]] = {}
    for pod in pods:
        by_node.setdefault(target_of(pod), []).append(pod)
    targets = []
    for node in nodes:
        fits = node_fits(spec, node)
        here = sorted(by_node.get(name_of(node), []), key=lambda pod: (not pod["spec"].get("nodeName"), *age_key(pod)))
        may_run = fits and untolerated(node, tolerations) is None
        may_stay = fits and untolerated(node, tolerations, [NO_EXECUTE]) is None
        targets.append(DaemonNode(node, may_run, may_stay, tuple(here)))
    return targets


def target_of(pod: Json) -> str:
    """Return the node a daemon pod is on, or meant for; empty if it names none."""
    if node := pod["spec"].get("nodeName"):
        return str(node)
    affinity = (pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}
    for term in required.get("nodeSelectorTerms") or []:
        for rule in term.get("matchFields") or []:
            if rule["key"] == "metadata.name" and len(rule.get("values") or []) == 1:
                return str(rule["values"][0])
    return ""


def daemon_pod(owner: Json, node: str, digest: str) -> Json:
    """Make the pod for one node: the template, pinned to the node by name, with the daemon tolerations."""
    pod = pod_from(owner["spec"]["template"], owner, name_of(owner))
    pod["metadata"]["labels"][HASH_LABEL] = digest
    pod["metadata"]["labels"][GENERATION_LABEL] = str(owner["metadata"].get("generation", 1))
    spec: Json = dict(pod["spec"])
    rule = {"key": "metadata.name", "operator": "In", "values": [node]}
    affinity: Json = dict(spec.get("affinity") or {})
    # The real controller replaces the template's required terms too: they were judged when the node was chosen.
    affinity["nodeAffinity"] = dict(affinity.get("nodeAffinity") or {}) | {
        "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchFields": [rule]}]}
    }
    pod["spec"] = spec | {"affinity": affinity, "tolerations": tolerations_of(owner)}
    return pod


def _min_ready(owner: Json) -> float:
    return float(owner["spec"].get("minReadySeconds") or 0)


def _strays(owner: Json, pods: Sequence[Json], targets: Sequence[DaemonNode]) -> list[Write]:
    """Delete unscheduled pods that wait for a node that no longer exists."""
    known = {name_of(target.node) for target in targets}
    lost = [pod for pod in pods if not pod["spec"].get("nodeName") and target_of(pod) not in known]
    return [Delete(PODS, pod, owner, _BY) for pod in lost if not is_deleting(pod)]


def _manage(owner: Json, targets: Sequence[DaemonNode], digest: str, now: datetime) -> list[Write]:
    """Give every node that should have a pod one, and take away what is too much, ended or not allowed."""
    surge = surge_allowed(owner)
    writes: list[Write] = []
    for target in targets:
        alive = [pod for pod in target.pods if not is_deleting(pod)]
        if target.may_run and not target.pods:
            writes.append(_creation(owner, target, digest))
        elif not target.may_stay:
            writes += [Delete(PODS, pod, owner, _BY) for pod in alive]
        else:
            writes += [Delete(PODS, pod, owner, _BY) for pod in _surplus(owner, alive, digest, surge, now)]
    return writes


def _creation(owner: Json, target: DaemonNode, digest: str) -> Create:
    return Create(PODS, daemon_pod(owner, name_of(target.node), digest), owner, _BY)


def _surplus(owner: Json, alive: Sequence[Json], digest: str, surge: bool, now: datetime) -> list[Json]:
    failed = [pod for pod in alive if (pod.get("status") or {}).get("phase") == "Failed"]
    running = [pod for pod in alive if pod not in failed]
    if not surge:
        return [*failed, *running[1:]]
    fresh = [pod for pod in running if labels_of(pod).get(HASH_LABEL) == digest]
    stale = [pod for pod in running if pod not in fresh]
    extra = [*fresh[1:], *stale[1:]]
    if fresh and stale and (not is_ready(stale[0]) or is_available(fresh[0], _min_ready(owner), now)):
        extra.append(stale[0])
    return [*failed, *extra]


def _renew(owner: Json, targets: Sequence[DaemonNode], digest: str, now: datetime) -> list[Write]:
    min_ready = _min_ready(owner)
    nodes = [_renewable(target, digest, min_ready, now) for target in targets if target.pods or target.may_run]
    plan: Renewal = renew(owner, nodes, sum(target.may_run for target in targets))
    by_name: Mapping[str, DaemonNode] = {name_of(target.node): target for target in targets}
    create = [_creation(owner, by_name[name], digest) for name in plan.create if by_name[name].may_run]
    return [*create, *(Delete(PODS, pod, owner, _BY) for pod in plan.delete)]


def _renewable(target: DaemonNode, digest: str, min_ready: float, now: datetime) -> Node:
    alive = [pod for pod in target.pods if not is_deleting(pod)]
    fresh = [pod for pod in alive if labels_of(pod).get(HASH_LABEL) == digest]
    stale = [pod for pod in alive if pod not in fresh]
    return Node(
        name=name_of(target.node),
        clear=len(fresh) <= 1 and len(stale) <= 1,
        new=fresh[0] if fresh else None,
        old=stale[0] if stale else None,
        new_up=bool(fresh) and is_available(fresh[0], min_ready, now),
        old_up=bool(stale) and is_available(stale[0], min_ready, now),
    )


def _status(owner: Json, targets: Sequence[DaemonNode], digest: str, now: datetime) -> Json:
    """Count by nodes, the oldest pod of each standing for it. No conditions: a DaemonSet has none, ever."""
    wanted = [target for target in targets if target.may_run]
    first = [target.pods[0] for target in wanted if target.pods]
    up = sum(is_available(pod, _min_ready(owner), now) for pod in first)
    optional = {
        "observedGeneration": owner["metadata"].get("generation", 0),
        "updatedNumberScheduled": sum(labels_of(pod).get(HASH_LABEL) == digest for pod in first),
        "numberAvailable": up,
        "numberUnavailable": len(wanted) - up,
    }
    return {
        "currentNumberScheduled": len(first),
        "numberMisscheduled": sum(bool(target.pods) for target in targets if not target.may_run),
        "desiredNumberScheduled": len(wanted),
        "numberReady": sum(map(is_ready, first)),
    } | {key: value for key, value in optional.items() if value}
