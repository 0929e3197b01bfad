"""Which Gateways a policy of Envoy Gateway means: by reference, by labels, through routes and listener sets. Pure.

Sources (envoyproxy/gateway): api/v1alpha1/policy_helpers.go (`targetRef`, `targetRefs`, `targetSelectors` with
`matchLabels`, `matchExpressions` and `namespaces.from`: Same, All, Selector), envoypatchpolicy_types.go (a GatewayClass
where Gateways are merged); Gateway API: `parentRefs` of a route, `parentRef` of a ListenerSet. A `sectionName` chooses a
listener or a rule, which every Envoy of the Gateway has: it tells no two of them apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrator.domain.gateways.audit import target_refs
from migrator.domain.gateways.envoy_gateway.owner import Owner
from migrator.domain.model.kubernetes import labels_of, matches, name_of, namespace_of
from migrator.domain.model.manifests import Manifest, items, mapping, text
from migrator.domain.observation.world import World

ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
GATEWAYS, LISTENER_SETS, CLASSES = "GatewayAPI", "ListenerSet", "GatewayClass"
"""The names under which Gateways of the Gateway API, their listener sets and their classes were listed."""


def reaches(policy: Manifest, owner: Owner, world: World) -> bool:
    """Say whether a policy means a Gateway that these Envoys serve."""
    return any(_means(thing, owner, world) for thing in targets(policy, world))


def targets(policy: Manifest, world: World) -> Iterator[Manifest]:
    """Give the objects that a policy means, as they were listed."""
    own = namespace_of(policy)
    for ref in target_refs(policy):
        for thing in _listed(text(ref, "kind"), world):
            if name_of(thing) == text(ref, "name") and namespace_of(thing) in (own, ""):
                yield thing
    for chosen in items(policy, "spec", "targetSelectors"):
        for thing in _listed(text(chosen, "kind"), world):
            if _from(chosen, own, namespace_of(thing), world) and matches(chosen, labels_of(thing)):
                yield thing


def _listed(kind: str, world: World) -> list[Manifest]:
    return world.all(GATEWAYS if kind == "Gateway" else kind)


def _from(chosen: Manifest, own: str, space: str, world: World) -> bool:
    where = mapping(chosen, "namespaces")
    if text(where, "from") == "All":
        return True
    if text(where, "from") == "Selector":
        return matches(mapping(where, "selector"), world.namespace_labels(space))
    return space == own


def _means(thing: Manifest, owner: Owner, world: World) -> bool:
    kind = text(thing, "kind")
    if kind == "Gateway":
        return owner.serves(thing)
    if kind == CLASSES:
        return bool(owner.gateway_class) and name_of(thing) == owner.gateway_class
    if kind == LISTENER_SETS:
        return _through([mapping(thing, "spec", "parentRef")], namespace_of(thing), owner, world)
    return _through(items(thing, "spec", "parentRefs"), namespace_of(thing), owner, world)


def _through(parents: list[Manifest], own: str, owner: Owner, world: World) -> bool:
    """Say whether one of these parents is a Gateway of these Envoys, or a listener set of one."""
    for ref in parents:
        kind, space = text(ref, "kind") or "Gateway", text(ref, "namespace") or own
        for thing in _listed(kind, world) if kind in ("Gateway", LISTENER_SETS) else ():
            if (namespace_of(thing), name_of(thing)) == (space, text(ref, "name")) and _means(thing, owner, world):
                return True
    return False


def uses(proxy: Manifest, owner: Owner, world: World) -> bool:
    """Say whether an EnvoyProxy shapes these Envoys: it is named by a Gateway that they serve, or by its class."""
    named = (_parameters(gateway, world) for gateway in world.all(GATEWAYS) if owner.serves(gateway))
    return (namespace_of(proxy), name_of(proxy)) in named


def _parameters(gateway: Manifest, world: World) -> tuple[str, str]:
    """Give namespace and name of a Gateway's EnvoyProxy: `infrastructure.parametersRef`, else `parametersRef` of its class."""
    if own := text(gateway, "spec", "infrastructure", "parametersRef", "name"):
        return namespace_of(gateway), own
    wanted = text(gateway, "spec", "gatewayClassName")
    chosen = next((row for row in world.all(CLASSES) if name_of(row) == wanted), {})
    return text(chosen, "spec", "parametersRef", "namespace"), text(chosen, "spec", "parametersRef", "name")
