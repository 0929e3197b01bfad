"""Cilium's policies: endpoints by label, entities, CIDRs. Pure.

Source: cilium/cilium, pkg/policy/api (rule.go, ingress.go, entity.go, selector.go) and "Layer 3 Policies" of its
documentation: labels carry their source as a prefix (`k8s:`, `any:`), the namespace is the label
`io.kubernetes.pod.namespace`, a namespaced policy means its own namespace where it names none; nodes are the entities
`host` and `remote-node`, which a CIDR does not mean unless `policy-cidr-match-mode` has `nodes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import matches, namespace_of
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, text
from migrator.domain.planning.policies.policy import Chosen, Peer, Pod, Policy, nobody

NAMESPACE = "io.kubernetes.pod.namespace"
OF_SPACE = "io.cilium.k8s.namespace.labels."
SOURCES = ("k8s:", "any:")
RESERVED = "reserved:"
EVERYONE = frozenset({"all"})
OF_PODS = frozenset({"all", "cluster"})
OF_NODES = frozenset({"all", "cluster", "remote-node"})


def read(thing: Manifest) -> Iterator[Policy]:
    """Give a policy per rule of an object: its `spec`, and each of its `specs`."""
    spec = mapping(thing, "spec")
    for rule in ([spec] if spec else []) + items(thing, "specs"):
        chosen = mapping(rule, "endpointSelector")
        if "endpointSelector" not in rule:
            continue  # a nodeSelector protects nodes, not pods
        rows, denied = items(rule, "ingress"), items(rule, "ingressDeny")
        isolates = "ingress" in rule or "ingressDeny" in rule
        if dig(rule, "enableDefaultDeny", "ingress") is False:
            isolates = False
        home = namespace_of(thing)
        yield Policy(
            thing,
            _chosen(chosen, home),
            chosen,
            tuple(peer for row in rows for peer in _peers(row, home)),
            tuple(peer for row in denied for peer in _peers(row, home)),
            isolates,
            selector=str(chosen),
        )


def read_egress(thing: Manifest) -> Iterator[Policy]:
    """Give an egress gateway's policy: it lets nobody in, and chooses the pods that leave by another address."""
    chosen = items(thing, "spec", "selectors")
    scope: list[Json] = [*chosen]

    def chooses(pod: Pod) -> bool:
        return any(
            matches(mapping(row, "podSelector"), pod.having) and matches(mapping(row, "namespaceSelector"), pod.space)
            for row in chosen
        )

    yield Policy(thing, chooses, scope, selector=str(scope))


def _peers(row: Manifest, home: str) -> Iterator[Peer]:
    froms = [key for key in row if key.startswith("from")]
    if not froms:
        yield Peer(say("policy.everyone"), everyone=True)
    for chosen in items(row, "fromEndpoints"):
        reserved = {key.removeprefix(RESERVED) for key in labels(chosen, "matchLabels") if key.startswith(RESERVED)}
        if reserved:
            yield _entities(reserved)
        else:
            anybody = not home and not chosen.get("matchLabels") and not chosen.get("matchExpressions")
            yield Peer(say("policy.endpoints", selector=str(chosen)), _chosen(chosen, home), nodes=anybody)
    entities = {each for each in _texts(row.get("fromEntities")) if each}
    if entities:
        yield _entities(entities)
    blocks = [(cidr, ()) for cidr in _texts(row.get("fromCIDR"))]
    sets = [(text(each, "cidr"), tuple(_texts(each.get("except")))) for each in items(row, "fromCIDRSet")]
    if blocks or sets:
        every: tuple[tuple[str, tuple[str, ...]], ...] = (*blocks, *sets)
        yield Peer(say("policy.block", block=", ".join(cidr for cidr, _ in every)), blocks=every, by_address=False)
    if items(row, "fromNodes"):
        yield Peer(say("policy.nodes"), nodes=True)


def _entities(names: set[str]) -> Peer:
    def of_cluster(_pod: Pod) -> bool:
        return bool(names & OF_PODS)

    why = say("policy.entities", entities=tuple(sorted(names)))
    return Peer(
        why, of_cluster if names & OF_PODS else nobody, nodes=bool(names & OF_NODES), everyone=bool(names & EVERYONE)
    )


def _chosen(selector: Manifest, home: str) -> Chosen:
    bare = _without_sources(selector)
    named = NAMESPACE in labels(bare, "matchLabels") or any(
        text(row, "key") == NAMESPACE for row in items(bare, "matchExpressions")
    )

    def chosen(pod: Pod) -> bool:
        here = named or not home or pod.namespace == home
        return here and matches(bare, _labels(pod))

    return chosen


def _labels(pod: Pod) -> Mapping[str, str]:
    spaces = {f"{OF_SPACE}{key}": value for key, value in pod.space.items()}
    return {**pod.having, **spaces, NAMESPACE: pod.namespace, "io.cilium.k8s.policy.serviceaccount": pod.account}


def _without_sources(selector: Manifest) -> Manifest:
    equal: Json = {_bare(key): value for key, value in labels(selector, "matchLabels").items()}
    rows: list[Json] = [{**row, "key": _bare(text(row, "key"))} for row in items(selector, "matchExpressions")]
    return {"matchLabels": equal, "matchExpressions": rows}


def _bare(key: str) -> str:
    for source in SOURCES:
        key = key.removeprefix(source)
    return key


def _texts(value: Json) -> list[str]:
    return [row for row in value if isinstance(row, str)] if isinstance(value, list) else []
