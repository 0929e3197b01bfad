"""Network policies about stand-ins: pods that were their nodes come from addresses of their own, and policies apply to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import dig, text
from migrator.domain.observation.detour import STAND_IN
from migrator.domain.planning.checks.cluster.network_policies import beside, old_pod, only_for_gateways, subject
from migrator.domain.planning.detour.making import detour_of
from migrator.domain.planning.policies import Pod, Policy, policies
from migrator.domain.planning.policies.kubernetes import bars, network_policies
from migrator.domain.planning.proposal import Proposal


def upstreams_let_stand_ins_in(proposal: Proposal) -> Iterable[Finding]:
    """Upstream policies that let the old gateways in as nodes see pods meanwhile, with labels and addresses of their own."""
    if not proposal.was_on_host or detour_of(proposal) is None:
        return
    nodes, pod = tuple(sorted({each.host_ip for each in proposal.world.old.live})), _stand_in(proposal)
    found = [*network_policies(proposal.world), *policies(proposal.world)]
    for policy in found:
        why = None if only_for_gateways(policy, pod) else _refuses(policy, found, pod, nodes)
        if why is not None:
            yield block("detour.upstream-policy", subject(policy), why=why, labels=_told(pod), namespace=pod.namespace)


def policies_of_stand_ins(proposal: Proposal) -> Iterable[Finding]:
    """A policy that chooses the old pods did not apply to them in their nodes' network, and applies to stand-ins."""
    if not proposal.was_on_host or detour_of(proposal) is None:
        return
    pod = _stand_in(proposal)
    own = [each for each in network_policies(proposal.world) if bars(each.thing)]
    theirs = [
        each
        for each in policies(proposal.world)
        if (each.isolates and not any(peer.everyone for peer in each.allows)) or each.denies
    ]
    for policy in (*own, *theirs):
        if policy.chooses(pod):
            yield block("detour.own-policy", subject(policy), policy=called(policy.thing))


def _refuses(policy: Policy, found: list[Policy], pod: Pod, nodes: tuple[str, ...]) -> Message | None:
    """Say by what a policy lets the nodes in where nothing lets the stand-ins in, or by what it keeps these out alone."""
    denied = next((peer for peer in policy.denies if peer.means(pod) and not peer.means_nodes(nodes)), None)
    if denied is not None:
        return denied.why
    peer = next((each for each in policy.allows if each.means_nodes(nodes)), None)
    if not policy.isolates or peer is None:
        return None
    let_in = any(each.means(pod) for other in beside(policy, found) for each in other.allows)
    return None if let_in else peer.why


def _stand_in(proposal: Proposal) -> Pod:
    """Give what policies will know of a stand-in: its labels, and of its address the network of its node's pods."""
    key, value = STAND_IN
    networks = tuple(_networks(proposal))
    return replace(old_pod(proposal), having={**proposal.old_labels, key: value}, addresses=networks)


def _networks(proposal: Proposal) -> Iterator[str]:
    for node in proposal.world.all("Node"):
        said = dig(node, "spec", "podCIDRs")
        cidrs = said if isinstance(said, list) else [text(node, "spec", "podCIDR")]
        yield from (cidr.partition("/")[0] for cidr in cidrs[:1] if isinstance(cidr, str) and cidr)


def _told(pod: Pod) -> tuple[str, ...]:
    return tuple(f"{key}={value}" for key, value in sorted(pod.having.items()))
