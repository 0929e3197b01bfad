"""The matrix of Envoy Gateway's resources, and what its policies say of clients. Pure.

Both sides' Envoys get the same snapshot as long as they call themselves by one cluster, so a resource is one side's only
when the new pods ask for another Gateway's configuration: then everything is, and one finding says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migrator.domain.gateways.audit import Reach, Reached, reach, target_refs
from migrator.domain.gateways.envoy_gateway.owner import Owner, owners
from migrator.domain.gateways.envoy_gateway.policies import GATEWAYS, reaches, uses
from migrator.domain.gateways.profile import Planned
from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, dig, items, mapping, ref_of, text
from migrator.domain.observation.world import World

POLICIES = (
    "ClientTrafficPolicy",
    "BackendTrafficPolicy",
    "SecurityPolicy",
    "EnvoyExtensionPolicy",
    "EnvoyPatchPolicy",
)
UNDERSTOOD = {
    "gateway.envoyproxy.io": frozenset({*POLICIES, "EnvoyProxy", "Backend", "HTTPRouteFilter"}),
}
"""Envoy Gateway's kinds up to 1.9 (api/v1alpha1); a Backend or an HTTPRouteFilter is named by routes and chooses no proxy."""

Rule = Callable[[Manifest, Owner, World], bool]


def serves(gateway: Manifest, owner: Owner, _world: World) -> bool:
    """Say whether these Envoys serve a Gateway."""
    return owner.serves(gateway)


RULES: tuple[tuple[str, Rule], ...] = (
    (GATEWAYS, serves),
    ("EnvoyProxy", uses),
    *((kind, reaches) for kind in POLICIES),
)


def matrix(planned: Planned) -> tuple[Reached, ...]:
    """Give a row for every resource of Envoy Gateway; none for Envoys that are not its own."""
    both = owners(planned)
    if planned.source is None or both is None:
        return ()
    return tuple(_row(thing, rule, both, planned.world) for key, rule in RULES for thing in planned.world.all(key))


def _row(thing: Manifest, rule: Rule, both: tuple[Owner, Owner], world: World) -> Reached:
    old = rule(thing, both[0], world)
    new = old if both[0].asks_as(both[1]) else rule(thing, both[1], world)
    return Reached(ref_of(thing), reach(old, new), _why(thing), steers=True)


def _why(thing: Manifest) -> Message | None:
    if text(thing, "kind") == "EnvoyProxy":
        return say("reach.copied")
    refs = [f"{text(row, 'kind')} {text(row, 'name')}" for row in target_refs(thing)]
    chosen = [f"{text(row, 'kind')} {mapping(row, 'matchLabels')}" for row in items(thing, "spec", "targetSelectors")]
    return say("reach.targets", targets=(*refs, *chosen)) if refs or chosen else None


def same_gateway(planned: Planned) -> Iterable[Finding]:
    """The new Envoys must ask for the configuration of the old ones' Gateway."""
    both = owners(planned)
    if planned.source is None or both is None:
        return
    old, new = both
    if not old.asks_as(new):
        yield block("envoygateway.another-gateway", planned.spec.target.name, old=_named(old), new=_named(new))
    rows = [row for row in matrix(planned) if row.reach is not Reach.NONE]
    if rows:
        yield info(
            "envoygateway.matrix",
            say("subject.envoy-gateway-resources", count=len(rows)),
            both=tuple(f"{row.kind} {row.name}" for row in rows if row.reach is Reach.BOTH),
            old=sum(row.reach is Reach.OLD for row in rows),
            new=sum(row.reach is Reach.NEW for row in rows),
        )


def _named(owner: Owner) -> str:
    return owner.cluster or owner.gateway or owner.gateway_class


def rules_by_client(planned: Planned) -> list[str]:
    """Give the policies of the old gateways that name client addresses.

    `authorization.rules[].principal.clientCIDRs` (authorization_types.go), `rateLimit.*.rules[].clientSelectors[].sourceCIDR`
    (ratelimit_types.go).
    """
    return [
        *_of_old(planned, "SecurityPolicy", _names_clients),
        *_of_old(planned, "BackendTrafficPolicy", _limits_clients),
    ]


def wants_proxy_protocol(planned: Planned) -> list[str]:
    """Give the policies of the old gateways that expect PROXY protocol: `enableProxyProtocol`, `proxyProtocol`."""
    return [f"ClientTrafficPolicy {name}" for name in _of_old(planned, "ClientTrafficPolicy", _expects_proxy)]


def _of_old(planned: Planned, kind: str, says: Callable[[Manifest], bool]) -> list[str]:
    both = owners(planned)
    if both is None:
        return []
    found = [row for row in planned.world.all(kind) if says(row) and reaches(row, both[0], planned.world)]
    return [called(row) for row in found]


def _names_clients(policy: Manifest) -> bool:
    return any(dig(row, "principal", "clientCIDRs") for row in items(policy, "spec", "authorization", "rules"))


def _limits_clients(policy: Manifest) -> bool:
    rules = [row for where in ("global", "local") for row in items(policy, "spec", "rateLimit", where, "rules")]
    return any(mapping(chosen, "sourceCIDR") for row in rules for chosen in items(row, "clientSelectors"))


def _expects_proxy(policy: Manifest) -> bool:
    spec = mapping(policy, "spec")
    return spec.get("enableProxyProtocol") is True or "proxyProtocol" in spec
