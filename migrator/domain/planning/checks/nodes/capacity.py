"""Checks of the plan's own nodes: each can and will run a new pod, and together they carry the peak with one of them lost."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, Severity, block, finding, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import controller_of, labels_of, name_of, quantity, requests_of
from migrator.domain.model.manifests import Manifest, dig, items, mapping, number, text, uid_of
from migrator.domain.model.subjects import nodes_subject, pairs
from migrator.domain.observation.nodes import repelling, taints_of
from migrator.domain.observation.world import World
from migrator.domain.planning.inplace.ground import is_in_place
from migrator.domain.planning.proposal import Proposal

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
"""The label that takes a node out of every load balancer, whatever its value."""


def nodes_to_run_on(proposal: Proposal) -> Iterable[Finding]:
    """There must be nodes, each with an address, and enough of them to carry what the old replicas carry with one lost."""
    world = proposal.world
    wanted = pairs(proposal.spec.target.node_selector)
    if not world.nodes:
        yield block("nodes.none", "spec.target.nodeSelector", wanted=wanted)
        return
    lost = [node.name for node in world.nodes if not node.address]
    have = {name_of(row) for row in planned(world) if _has_address(row)}
    if other := [name for name in lost if name in have]:
        old = next((slot.backend.address for slot in proposal.old), "")
        yield block("nodes.no-address:family", nodes_subject(other), old=old)
    if without := [name for name in lost if name not in have]:
        yield block("nodes.no-address", nodes_subject(without))
    yield from _excluded(world)
    if len(world.nodes) - 1 < len(world.old.live):
        yield warn(
            "nodes.few", "spec.target.nodeSelector", nodes=len(world.nodes), replicas=len(world.old.live), wanted=wanted
        )


def _has_address(node: Manifest) -> bool:
    return any(text(row, "type") == "InternalIP" for row in items(node, "status", "addresses"))


def _excluded(world: World) -> Iterable[Finding]:
    """A node that is labelled out of every load balancer is being emptied, or its cloud will not send it anything."""
    out = [name_of(row) for row in planned(world) if EXCLUDED in labels_of(row)]
    if out:
        yield warn("nodes.excluded", nodes_subject(out), label=EXCLUDED)


def planned(world: World) -> list[Manifest]:
    """Give the Node objects of the plan's nodes."""
    names = {node.name for node in world.nodes}
    return [row for row in world.all("Node") if name_of(row) in names]


def nodes_let_pods_in(proposal: Proposal) -> Iterable[Finding]:
    """A node that is not Ready, tainted or being emptied gets no pod, or loses it: the run waits for every node's pod."""
    world = proposal.world
    pod = proposal.new_pod
    unready = [name_of(row) for row in planned(world) if _ready(row) == "no"]
    if unready:
        yield block("nodes.not-ready", nodes_subject(unready))
    tainted = [(name_of(row), taint) for row in planned(world) for taint in _repelling(row, pod)]
    for taint in sorted({taint for _, taint in tainted}) if proposal.source is not None else ():
        yield block("nodes.tainted", nodes_subject(name for name, given in tainted if given == taint), taint=taint)
    cordoned = [name_of(row) for row in planned(world) if mapping(row, "spec").get("unschedulable") is True]
    if cordoned:
        yield warn("nodes.cordoned", nodes_subject(cordoned))


def _ready(node: Manifest) -> str:
    """Give "yes", "no", or "" when nothing is said."""
    rows = items(node, "status", "conditions")
    said = next((text(row, "status") for row in rows if text(row, "type") == "Ready"), "")
    return {"": "", "True": "yes"}.get(said, "no")


def _repelling(node: Manifest, pod: Manifest) -> list[str]:
    return [str(taint) for taint in repelling(taints_of(node), items(pod, "tolerations"))]


def nodes_have_room(proposal: Proposal) -> Iterable[Finding]:
    """A node whose requests leave no room keeps its pod Pending: cores and bytes, and the number of pods."""
    world = proposal.world
    if proposal.source is None:
        return
    asked = {**requests_of(proposal.new_pod), "pods": 1.0}
    used: dict[str, dict[str, float]] = {}
    for pod in world.all("Pod"):
        if text(pod, "status", "phase") not in ("Succeeded", "Failed") and not _makes_room(pod, proposal):
            row = used.setdefault(text(pod, "spec", "nodeName"), {})
            for resource, amount in {**requests_of(pod.get("spec")), "pods": 1.0}.items():
                row[resource] = row.get(resource, 0.0) + amount
    short = [
        (name_of(node), lack) for node in planned(world) if (lack := _lacking(node, used.get(name_of(node), {}), asked))
    ]
    if short:
        preempts = bool(text(proposal.new_pod, "priorityClassName"))
        yield finding(
            "nodes.full:preempts" if preempts else "nodes.full",
            Severity.WARN if preempts else Severity.BLOCK,
            nodes_subject(name for name, _ in short),
            lacks=tuple(lack for _, lack in short),
        )


def _makes_room(pod: Manifest, proposal: Proposal) -> bool:
    """Say whether a pod is the new side's own, or goes from its node before the new one comes."""
    if is_in_place(proposal.spec) and uid_of(pod) in {old.ref.uid for old in proposal.world.old.pods}:
        return True
    by = controller_of(pod)
    return text(by, "kind") == "DaemonSet" and text(by, "name") == proposal.spec.target.name


def _lacking(node: Manifest, used: dict[str, float], asked: dict[str, float]) -> Message | None:
    """Return what a node lacks for `asked`; None when nothing, or when it does not say what it has."""
    for resource, amount in asked.items():
        whole = quantity(dig(node, "status", "allocatable", resource))
        if whole is not None and amount and used.get(resource, 0.0) + amount > whole * (1 + 1e-9):
            free = max(0.0, whole - used.get(resource, 0.0))
            return say("nodes.lack", node=name_of(node), resource=resource, asked=amount, free=free, whole=whole)
    return None


def peak_is_carried(proposal: Proposal) -> Iterable[Finding]:
    """Once the HPA is gone the nodes are all there is: with one lost they must carry what its most replicas carried."""
    world = proposal.world
    for scaler in proposal.scalers:
        most = number(scaler, "spec", "maxReplicas")
        name = f"HorizontalPodAutoscaler {name_of(scaler)}"
        if len(world.nodes) - 1 < most:
            yield warn(
                "capacity.peak",
                name,
                most=most,
                nodes=len(world.nodes),
                left=len(world.nodes) - 1,
                replicas=world.old.wanted,
                least=number(scaler, "spec", "minReplicas") or 1,
            )
        yield info("capacity.no-scaling", name)


def updates_are_safe(proposal: Proposal) -> Iterable[Finding]:
    """During the run only `OnDelete` keeps an edit from restarting gateways; on host ports no surge is possible."""
    spec = proposal.spec
    made = proposal.workload
    strategy = mapping(made, "spec", "updateStrategy")
    if made and text(strategy, "type") != "OnDelete":
        yield block(
            "capacity.update-strategy",
            f"DaemonSet {spec.target.name}",
            strategy=text(strategy, "type") or "RollingUpdate",
        )
    surge = dig(strategy, "rollingUpdate", "maxSurge")
    if surge not in (None, 0, "0", "0%") and proposal.on_host:
        yield block("capacity.surge", f"DaemonSet {spec.target.name}", surge=str(surge))
