"""Policies that choose by LabelSelectors: the Kubernetes policy group's for administrators, and Antrea's. Pure.

Sources: kubernetes-sigs/network-policy-api, apis/v1alpha1 and v1alpha2 (`subject`, `ingress[].from` with `namespaces` or
`pods`; they isolate nobody, and pods in their node's network are neither meant nor let in); antrea-io/antrea,
pkg/apis/crd/v1beta1 (`appliedTo`, `ingress[].from` with `podSelector`, `namespaceSelector`, `ipBlock`; a Drop or Reject of
everybody isolates).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrator.domain.messages.message import Value, say
from migrator.domain.model.kubernetes import matches, namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, mapping, text
from migrator.domain.planning.policies.policy import Chosen, Peer, Pod, Policy

ALLOW, DENY = "Allow", frozenset({"Deny", "Drop", "Reject"})


def read_admin(thing: Manifest) -> Iterator[Policy]:
    """Give the policy of an administrator."""
    subject = mapping(thing, "spec", "subject")
    rules = _rules(thing, "", lambda row: [_flat(each) for each in items(row, "from")])
    yield _policy(thing, _by([_flat(subject)], ""), subject, rules, False)


def read_antrea(thing: Manifest) -> Iterator[Policy]:
    """Give Antrea's policy: for the whole, or for each rule that names its own targets."""
    home = namespace_of(thing)
    applied = items(thing, "spec", "appliedTo")
    targets = applied or [each for row in items(thing, "spec", "ingress") for each in items(row, "appliedTo")]
    rules = _rules(thing, home, lambda row: items(row, "from"))
    isolates = any(action in DENY and peer.everyone for action, peer in rules)
    scope: list[Json] = [*targets]
    yield _policy(thing, _by(targets, home), scope, rules, isolates)


def _policy(thing: Manifest, chosen: Chosen, scope: Json, rules: list[tuple[str, Peer]], isolates: bool) -> Policy:
    denied = [peer for action, peer in rules if action in DENY and not (isolates and peer.everyone)]
    allowed = [peer for action, peer in rules if action == ALLOW]
    return Policy(thing, chosen, scope, tuple(allowed), tuple(denied), isolates, selector=str(scope))


def _rules(thing: Manifest, home: str, froms: Callable[[Manifest], list[Manifest]]) -> list[tuple[str, Peer]]:
    return [
        (text(row, "action") or ALLOW, peer)
        for row in items(thing, "spec", "ingress")
        for peer in _peers(froms(row), home)
    ]


def _peers(rows: list[Manifest], home: str) -> Iterator[Peer]:
    if not rows:
        yield Peer(say("policy.everyone"), everyone=True)
    for row in rows:
        if cidr := text(row, "ipBlock", "cidr"):
            yield Peer(say("policy.block", block=cidr), blocks=((cidr, ()),))
        elif "podSelector" in row or "namespaceSelector" in row:
            spaces: Value = str(row["namespaceSelector"]) if "namespaceSelector" in row else None
            pods: Value = str(row["podSelector"]) if "podSelector" in row else None
            yield Peer(say("policy.selectors", namespaces=spaces, pods=pods), _by([row], home))
        elif "nodeSelector" in row:
            yield Peer(say("policy.nodes"), nodes=True)


def _flat(row: Manifest) -> Manifest:
    """Give a peer of the policy group as one with both selectors: `namespaces`, or `pods` with both inside."""
    if "namespaces" in row:
        return {"namespaceSelector": row["namespaces"]}
    return mapping(row, "pods")


def _by(rows: list[Manifest], home: str) -> Chosen:
    def chosen(pod: Pod) -> bool:
        return any(_means(row, pod, home) for row in rows)

    return chosen


def _means(row: Manifest, pod: Pod, home: str) -> bool:
    if "podSelector" not in row and "namespaceSelector" not in row:
        return False
    here = (
        matches(row["namespaceSelector"], pod.space)
        if "namespaceSelector" in row
        else not home or pod.namespace == home
    )
    return here and matches(mapping(row, "podSelector"), pod.having)
