"""Kubernetes' own NetworkPolicies in the one form, and what they say of those whom they protect."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import matches, namespace_of
from migrator.domain.model.manifests import Manifest, dig, items, mapping, text
from migrator.domain.observation.world import World
from migrator.domain.planning.policies.policy import Peer, Pod, Policy


def network_policies(world: World) -> list[Policy]:
    """Give every NetworkPolicy, with whom it lets in."""
    return [_policy(thing) for thing in world.all("NetworkPolicy")]


def bars(policy: Manifest) -> bool:
    """Say whether whoever a NetworkPolicy protects is refused some traffic: from outside, or to others."""
    said = dig(policy, "spec", "policyTypes")
    types = said if isinstance(said, list) else ["Ingress", *(["Egress"] if items(policy, "spec", "egress") else [])]
    ways = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}
    return any(
        not any(not items(rule, peers) and not items(rule, "ports") for rule in items(policy, "spec", way))
        for kind, (way, peers) in ways.items()
        if kind in types
    )


def _policy(thing: Manifest) -> Policy:
    chosen, home = mapping(thing, "spec", "podSelector"), namespace_of(thing)
    rules = items(thing, "spec", "ingress")
    return Policy(
        thing,
        lambda pod: pod.namespace == home and matches(chosen, pod.having),
        chosen,
        tuple(peer for rule in rules for peer in _peers(rule, home)),
        isolates=bars({"spec": {**mapping(thing, "spec"), "egress": [{}]}}),
    )


def _peers(rule: Manifest, home: str) -> Iterator[Peer]:
    rows = items(rule, "from")
    if not rows:
        yield Peer(say("policy.selectors", namespaces=None, pods=None), everyone=True)
    for row in rows:
        yield _peer(row, home)


def _peer(row: Manifest, home: str) -> Peer:
    if cidr := text(row, "ipBlock", "cidr"):
        left_out = dig(row, "ipBlock", "except")
        exceptions = [each for each in left_out if isinstance(each, str)] if isinstance(left_out, list) else []
        return Peer(say("policy.block", block=cidr), blocks=((cidr, tuple(exceptions)),))
    pods, spaces = row.get("podSelector"), row.get("namespaceSelector")

    def means(pod: Pod) -> bool:
        here = matches(spaces, pod.space) if spaces is not None else pod.namespace == home
        return here and (pods is None or matches(pods, pod.having))

    words = (None if each is None else str(each) for each in (spaces, pods))
    return Peer(say("policy.selectors", **dict(zip(("namespaces", "pods"), words, strict=True))), pods=means)
