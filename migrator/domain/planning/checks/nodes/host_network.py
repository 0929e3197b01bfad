"""Checks of what a node's network changes: admission, policies that no longer apply, and who now sees a node's address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding, block, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import (
    annotations_of,
    called,
    covers,
    host_ports,
    labels_of,
    matches,
    namespace_of,
)
from migrator.domain.model.manifests import Manifest, ObjectRef, dig, items, mapping, text
from migrator.domain.model.refs import place, source_ref
from migrator.domain.observation.world import World
from migrator.domain.planning.proposal import Proposal

ENFORCE = "pod-security.kubernetes.io/enforce"


def pod_to_try(made: Manifest) -> Manifest:
    """Give a Pod made from a DaemonSet's template, to be dry-run: a DaemonSet is admitted where its pods are not."""
    meta, template = mapping(made, "metadata"), mapping(made, "spec", "template")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{text(meta, 'name')}-dry-run",
            "namespace": text(meta, "namespace"),
            "labels": {**labels_of(template)},
            "annotations": {**annotations_of(template)},
        },
        "spec": {**mapping(template, "spec")},
    }


def namespace_admits(proposal: Proposal) -> Iterable[Finding]:
    """PodSecurity `baseline` and `restricted` refuse hostNetwork and host ports, for pods; for a DaemonSet they only warn."""
    there = place(proposal.spec, Side.NEW)
    space = there.namespace
    having = proposal.world.namespace_labels(space)
    level = having.get(ENFORCE, "privileged")
    pod = proposal.new_pod
    if level in ("baseline", "restricted") and (pod.get("hostNetwork") is True or host_ports(pod)):
        yield block(
            "hostnetwork.pod-security",
            str(ObjectRef("v1", "Namespace", "", space, there.at)),
            level=level,
            namespace=space,
            label=ENFORCE,
            context=there.cluster.context or "",
        )


def pod_was_tried(proposal: Proposal) -> Iterable[Finding]:
    """Where we may not ask for a dry run, admission webhooks have not been heard."""
    for subject in proposal.world.untried:
        yield info("hostnetwork.not-tried", subject)


def pods_are_of_linux(proposal: Proposal) -> Iterable[Finding]:
    """Windows has no network of the node that a pod's process could share (API validation, kubelet)."""
    if proposal.on_host and text(proposal.new_pod, "os", "name") == "windows":
        yield block("hostnetwork.windows", f"DaemonSet {proposal.spec.target.name}")


def sysctls_are_legal(proposal: Proposal) -> Iterable[Finding]:
    """Kubelet refuses `net.*` sysctls with hostNetwork (SysctlForbidden) and recreates the pod for ever."""
    if not proposal.on_host:
        return
    names = [text(row, "name") for row in items(proposal.new_pod, "securityContext", "sysctls")]
    bad = [name for name in names if name.startswith("net.")]
    if bad:
        yield block("hostnetwork.sysctl", f"DaemonSet {proposal.spec.target.name}", sysctls=tuple(bad))


def policy_no_longer_applies(proposal: Proposal) -> Iterable[Finding]:
    """No NetworkPolicy applies to a pod in its node's network. To old pods that live there none did."""
    if proposal.source is None or not proposal.on_host or proposal.was_on_host:
        return
    old = proposal.old_labels
    gone = [
        called(policy)
        for policy in proposal.world.all("NetworkPolicy")
        if namespace_of(policy) == source_ref(proposal.spec).namespace
        and matches(mapping(policy, "spec", "podSelector"), old)
    ]
    if gone:
        yield warn("hostnetwork.policy-gone", say("subject.policies", names=tuple(gone)))


def upstreams_let_nodes_in(proposal: Proposal) -> Iterable[Finding]:
    """Upstream policies that let the gateway in by its labels or pod addresses will see a node's address instead."""
    world = proposal.world
    if proposal.source is None or not proposal.on_host:
        return
    policies = world.all("NetworkPolicy")
    for policy in policies:
        why = _lets_old_in(policy, proposal)
        if why and not any(_lets_nodes_in(other, world) for other in _beside(policy, policies)):
            yield block(
                "hostnetwork.upstream-policy",
                f"NetworkPolicy {called(policy)}",
                why=why,
                addresses=tuple(f"{node.address}/32" for node in world.nodes),
            )


def _beside(policy: Manifest, policies: list[Manifest]) -> Iterator[Manifest]:
    """Give the policies that surely apply to the same pods: policies add up, so one of them is enough."""
    chosen = mapping(policy, "spec", "podSelector")
    for other in policies:
        same = mapping(other, "spec", "podSelector")
        if namespace_of(other) == namespace_of(policy) and (not same or same == chosen):
            yield other


def _lets_old_in(policy: Manifest, proposal: Proposal) -> Message | None:
    """Return by what a policy's ingress lets the old pods in; None when it does not, or lets everybody in."""
    world, spec = proposal.world, proposal.spec
    own = proposal.old_labels
    home = source_ref(spec).namespace
    space = world.namespace_labels(home)
    addresses = [pod.ref.ip for pod in world.old.live]
    for peer in _peers(policy):
        cidr = text(peer, "ipBlock", "cidr")
        if cidr:
            if addresses and all(_within(address, peer) for address in addresses):
                return say("policy.block", block=cidr)
            continue
        if proposal.was_on_host:  # upstreams know such pods as their nodes, by address alone
            continue
        pods, spaces = peer.get("podSelector"), peer.get("namespaceSelector")
        here = matches(spaces, space) if spaces is not None else namespace_of(policy) == home
        if here and (pods is None or matches(pods, own)):
            return say(
                "policy.selectors",
                namespaces=None if spaces is None else str(spaces),
                pods=None if pods is None else str(pods),
            )
    return None


def _lets_nodes_in(policy: Manifest, world: World) -> bool:
    open_to_all = any(not items(rule, "from") for rule in items(policy, "spec", "ingress"))
    covered = all(any(_within(node.address, peer) for peer in _peers(policy)) for node in world.nodes)
    return open_to_all or (covered and bool(world.nodes))


def _peers(policy: Manifest) -> Iterator[Manifest]:
    for rule in items(policy, "spec", "ingress"):
        yield from items(rule, "from")


def _within(address: str, peer: Manifest) -> bool:
    """Say whether an ipBlock covers an address, its exceptions left out."""
    left_out = dig(peer, "ipBlock", "except")
    exceptions = [cidr for cidr in left_out if isinstance(cidr, str)] if isinstance(left_out, list) else []
    return covers(text(peer, "ipBlock", "cidr"), address) and not any(covers(cidr, address) for cidr in exceptions)


def ports_open_on_nodes(proposal: Proposal) -> Iterable[Finding]:
    """Say which ports the node opens by it, and which way the balancer needs to be let in."""
    world, spec = proposal.world, proposal.spec
    made = proposal.workload
    ports = sorted({port for _, _, port in host_ports(mapping(made, "spec", "template", "spec"))})
    checks = sorted({check.port for check in world.health or () if check.port} - set(ports))
    if not ports:
        return
    if proposal.on_host:
        yield info("network.host", spec.target.name, ports=tuple(ports), nodes=len(world.nodes), checks=tuple(checks))
    else:
        yield info(
            "network.host-port", spec.target.name, ports=tuple(ports), nodes=len(world.nodes), checks=tuple(checks)
        )
