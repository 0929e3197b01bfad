"""Checks of CNI vendors' network policies, as `selectors.py` and `host_network.py` check Kubernetes' own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.planning.policies import Peer, Pod, Policy, policies
from migrator.domain.planning.proposal import Proposal


def can_be_read(proposal: Proposal) -> Iterable[Finding]:
    """A policy whose expression cannot be read was not checked, and is told."""
    for policy in policies(proposal.world):
        if policy.unread:
            yield warn("audit.unread-policy", subject(policy), words=policy.unread)


def mean_both(proposal: Proposal) -> Iterable[Finding]:
    """A policy that protects one side only lets other callers in there. With hostNetwork none applies."""
    if proposal.source is None or proposal.on_host:
        return
    old, new = old_pod(proposal), new_pod(proposal)
    for policy in policies(proposal.world):
        of_old = policy.chooses(old) and not proposal.was_on_host
        if of_old is not policy.chooses(new):
            side, other = ("old", "new") if of_old else ("new", "old")
            yield block("selectors.network-policy", subject(policy), side=side, other=other, selector=policy.selector)


def no_longer_apply(proposal: Proposal) -> Iterable[Finding]:
    """No vendor's policy for pods applies to a pod in its node's network. Of old pods that live there none did."""
    if proposal.source is None or not proposal.on_host or proposal.was_on_host:
        return
    old = old_pod(proposal)
    gone = tuple(dict.fromkeys(called(policy.thing) for policy in policies(proposal.world) if policy.chooses(old)))
    if gone:
        yield warn("hostnetwork.policy-gone", say("subject.policies", names=gone))


def upstreams_let_nodes_in(proposal: Proposal) -> Iterable[Finding]:
    """Upstream policies that let the old pods in will see a node instead: its address, or what the vendor calls a node."""
    if proposal.source is None or not proposal.on_host:
        return
    old, nodes = old_pod(proposal), tuple(node.address for node in proposal.world.nodes)
    found = policies(proposal.world)
    for policy in found:
        if not only_for_gateways(policy, old):
            yield from _refused(policy, found, _Caller(old, proposal.was_on_host), nodes)


@dataclass(frozen=True, slots=True)
class _Caller:
    """The old pods as upstreams see them: by labels and addresses, or as nodes where they live in their nodes' network."""

    pod: Pod
    on_host: bool

    def is_meant(self, peer: Peer) -> bool:
        if self.on_host:
            return peer.means_nodes(self.pod.addresses)
        return peer.means(self.pod)


def _refused(policy: Policy, found: list[Policy], old: _Caller, nodes: tuple[str, ...]) -> Iterator[Finding]:
    peer = next((each for each in policy.allows if old.is_meant(each)), None)
    open_to_nodes = any(each.means_nodes(nodes) for other in beside(policy, found) for each in other.allows)
    if policy.isolates and peer is not None and not open_to_nodes:
        addresses = tuple(f"{address}/32" for address in nodes)
        if text(policy.thing, "apiVersion").startswith("cilium.io/"):
            yield block("hostnetwork.upstream-policy:cilium", subject(policy), why=peer.why, addresses=addresses)
        else:
            yield block("hostnetwork.upstream-policy:vendor", subject(policy), why=peer.why, addresses=addresses)
    denied = next((each for each in policy.denies if _keeps_nodes_out(each, old, nodes)), None)
    if denied is not None:
        yield block("hostnetwork.upstream-policy:denied", subject(policy), why=denied.why)


def _keeps_nodes_out(peer: Peer, old: _Caller, nodes: tuple[str, ...]) -> bool:
    return peer.means_nodes(nodes) and not old.is_meant(peer)


def beside(policy: Policy, found: list[Policy]) -> Iterator[Policy]:
    """Give the policies that surely protect the same pods: they add up, so one of them is enough."""
    stranger = Pod({}, text(policy.thing, "metadata", "namespace"), {})
    same = text(policy.thing, "metadata", "namespace")
    for other in found:
        alike = other.scope == policy.scope and text(other.thing, "metadata", "namespace") == same
        if alike or other.chooses(stranger):
            yield other


def only_for_gateways(policy: Policy, old: Pod) -> bool:
    """Say whether a policy protects the gateways and not whoever is beside them."""
    return policy.chooses(old) and not policy.chooses(Pod({}, old.namespace, old.space))


def subject(policy: Policy) -> str:
    """Give kind and name of a policy."""
    return f"{text(policy.thing, 'kind')} {called(policy.thing)}"


def old_pod(proposal: Proposal) -> Pod:
    """Give what policies know of the old pods."""
    space, account = source_ref(proposal.spec).namespace, text(proposal.old_pod, "serviceAccountName") or "default"
    addresses = tuple(pod.ref.ip for pod in proposal.world.old.live)
    return Pod(proposal.old_labels, space, proposal.world.namespace_labels(space), account, addresses)


def new_pod(proposal: Proposal) -> Pod:
    """Give what policies will know of the new pods; their addresses are not known yet."""
    space, account = target_ref(proposal.spec).namespace, text(proposal.new_pod, "serviceAccountName") or "default"
    return Pod(proposal.new_labels, space, proposal.world.namespace_labels(space), account)
