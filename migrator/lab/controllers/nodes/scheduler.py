"""The scheduler: gives each unbound pod a node that may take it, or says, node by node, why none can.

It evicts nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from migrator.lab.controllers.api.matching import node_fits, selects, tolerates, untolerated
from migrator.lab.controllers.api.objects import (
    age_key,
    condition_of,
    controller_of,
    is_deleting,
    is_finished,
    labels_of,
    name_of,
    namespace_of,
    stamp,
    uid_of,
)
from migrator.lab.controllers.api.resources import NODES, PODS, Json
from migrator.lab.controllers.api.writes import STRATEGIC, Bind, Mood, Patch, RecordEvent, Sync, World, Write, sooner
from migrator.lab.controllers.nodes.ports import clashes

WATCHES = (PODS, NODES)
_BY = "default-scheduler"
_FIRST_WAIT = 0.25
_LAST_WAIT = 2.0
_CORDON = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


@dataclass(frozen=True, slots=True)
class Try:
    """How long the next back-off of a pod that found no node is, and when it may be tried again."""

    wait: float
    after: datetime


class Scheduler:
    """Remembers the back-off of pods between two looks; everything else is `schedule`."""

    def __init__(self) -> None:
        self._tries: Mapping[str, Try] = {}

    def sync(self, world: World) -> Sync:
        """Decide for every unbound pod."""
        wish, self._tries = schedule(world, self._tries)
        return wish


def schedule(world: World, tries: Mapping[str, Try]) -> tuple[Sync, Mapping[str, Try]]:
    """Place the pods that are due, oldest first; return the writes and the new back-offs."""
    placed = [pod for pod in world.all(PODS) if pod["spec"].get("nodeName") and not is_finished(pod)]
    nodes = sorted(world.all(NODES), key=name_of)
    writes: list[Write] = []
    kept: dict[str, Try] = {}
    for pod in sorted(filter(_wants_node, world.all(PODS)), key=age_key):
        uid = uid_of(pod)
        if uid in tries and tries[uid].after > world.now:
            kept[uid] = tries[uid]
            continue
        verdicts = {name_of(node): obstacle(pod, node, placed) for node in nodes}
        free = [node for node, why in verdicts.items() if why is None]
        if free:
            node = _best(pod, free, placed)
            writes.append(Bind(pod, node))
            placed.append(pod | {"spec": pod["spec"] | {"nodeName": node}})
        else:
            writes += _unplaced(pod, verdict_text(verdicts), world.now)
            kept[uid] = _next(tries.get(uid), world.now)
    wait = sooner(*((one.after - world.now).total_seconds() for one in kept.values()))
    return Sync(tuple(writes), None if wait is None else max(0.01, wait)), kept


def _wants_node(pod: Json) -> bool:
    mine = (pod["spec"].get("schedulerName") or _BY) == _BY
    return mine and not pod["spec"].get("nodeName") and not is_deleting(pod) and not is_finished(pod)


def _next(before: Try | None, now: datetime) -> Try:
    wait = min(_LAST_WAIT, before.wait * 2) if before else _FIRST_WAIT
    return Try(wait, now + timedelta(seconds=wait))


def obstacle(pod: Json, node: Json, placed: Sequence[Json]) -> str | None:
    """Return what keeps the pod off the node, in the real scheduler's words and order of filters; None if nothing does."""
    spec = pod["spec"]
    tolerations: list[Json] = spec.get("tolerations") or []
    if (node.get("spec") or {}).get("unschedulable") and not any(tolerates(one, _CORDON) for one in tolerations):
        return "node(s) were unschedulable"
    if taint := untolerated(node, tolerations):
        return f"node(s) had taint {{{taint['key']}: {taint.get('value') or ''}}}, that the pod didn't tolerate"
    if not node_fits(spec, node):
        return "node(s) didn't match Pod's node affinity"
    here = [other for other in placed if other["spec"]["nodeName"] == name_of(node)]
    if any(clashes(pod, other) for other in here):
        return "node(s) didn't have free ports for the requested pod ports"
    if any(_repels(pod, other) or _repels(other, pod) for other in here):
        return "node(s) didn't match pod anti-affinity rules"
    return None


def _repels(pod: Json, other: Json) -> bool:
    """Return whether `pod` requires not to share a node with `other` (topology hostname is the only one known here)."""
    anti = (pod["spec"].get("affinity") or {}).get("podAntiAffinity") or {}
    for term in anti.get("requiredDuringSchedulingIgnoredDuringExecution") or []:
        if term.get("topologyKey") != "kubernetes.io/hostname":
            continue
        spaces = term.get("namespaces") or [namespace_of(pod)]
        if namespace_of(other) in spaces and selects(term.get("labelSelector"), labels_of(other)):
            return True
    return False


def _best(pod: Json, free: Sequence[str], placed: Sequence[Json]) -> str:
    """Spread: the node with the fewest pods of the same owner, then the fewest pods, then by name."""
    owner = (controller_of(pod) or {}).get("uid")
    kin = Counter(
        other["spec"]["nodeName"]
        for other in placed
        if owner and not is_deleting(other) and (controller_of(other) or {}).get("uid") == owner
    )
    load = Counter(other["spec"]["nodeName"] for other in placed)
    return min(free, key=lambda node: (kin[node], load[node], node))


def verdict_text(verdicts: Mapping[str, str | None]) -> str:
    """Count the obstacles of all nodes into the scheduler's one sentence."""
    if not verdicts:
        return "no nodes available to schedule pods"
    counts = Counter(why for why in verdicts.values() if why is not None)
    reasons = ", ".join(sorted(f"{number} {why}" for why, number in counts.items()))
    return f"0/{len(verdicts)} nodes are available: {reasons}."


def _unplaced(pod: Json, message: str, now: datetime) -> list[Write]:
    event = RecordEvent(pod, Mood.WARNING, "FailedScheduling", message, _BY, series=True, action="Scheduling")
    known = condition_of(pod, "PodScheduled") or {}
    if known.get("reason") == "Unschedulable" and known.get("message") == message:
        return [event]
    since = known["lastTransitionTime"] if known.get("status") == "False" else stamp(now)
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": message,
        "lastProbeTime": None,
        "lastTransitionTime": since,
    }
    body = {"metadata": {"uid": uid_of(pod)}, "status": {"conditions": [condition]}}
    return [Patch(PODS, pod, body, subresource="status", style=STRATEGIC), event]
