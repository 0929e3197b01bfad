"""Which Istio resource reaches which side: the rules by which istiod attaches configuration to gateway pods. Pure.

Sources: the API references of each kind ("selector", "workloadSelector", "targetRefs", root namespace); Gateways select over
all namespaces unless PILOT_SCOPE_GATEWAY_TO_NAMESPACE is set; an EnvoyFilter's match may name a listener's port, and the
port of a gateway on its node's network is another one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import namespace_of
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, number, selects, text
from migrator.domain.model.spec import Spec
from migrator.domain.model.subjects import pairs

ROOT = "istio-system"
GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
CLASS_NAME = "gateway.networking.k8s.io/gateway-class-name"


class Reach(StrEnum):
    """Who gets a resource."""

    BOTH = "both"
    OLD = "old only"
    NEW = "new only"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reached:
    """One row of the matrix: a resource, who gets it, and by what; `by_port`: because of a port that one side alone has."""

    kind: str
    name: str
    reach: Reach
    why: Message | None
    by_port: bool = False


@dataclass(frozen=True, slots=True)
class Proxy:
    """What istiod knows of one side's pods: labels, namespace, and the ports on which it listens that the other does not."""

    having: Mapping[str, str]
    namespace: str
    root: str
    foreign_ports: frozenset[int] = frozenset()


Rule = Callable[[Manifest, Proxy], bool]


def reach(old: bool, new: bool) -> Reach:
    """Give the cell for two answers."""
    if old and new:
        return Reach.BOTH
    if old:
        return Reach.OLD
    return Reach.NEW if new else Reach.NONE


def proxies(spec: Spec, old: Mapping[str, str], new: Mapping[str, str], root: str, host: bool) -> tuple[Proxy, Proxy]:
    """Give both sides' proxies. Only with hostNetwork do listeners move to the ports of the plan's map."""
    moved = [m for m in spec.target.ports if m.old != m.new] if host else []
    gone, come = {m.old for m in moved}, {m.new for m in moved}
    kept = {m.old for m in spec.target.ports if m.old == m.new}
    namespace = spec.cluster.namespace
    return (
        Proxy(old, namespace, root, frozenset(come - gone - kept)),
        Proxy(new, namespace, root, frozenset(gone - come - kept)),
    )


def by_selector(thing: Manifest, proxy: Proxy) -> bool:
    """AuthorizationPolicy and its like: `targetRef(s)` to a Gateway, else `selector.matchLabels`, in its namespace or root."""
    if namespace_of(thing) not in (proxy.namespace, proxy.root):
        return False
    refs = target_refs(thing)
    if refs:
        return any(_referred(row, thing, proxy) for row in refs)
    wanted = labels(thing, "spec", "selector", "matchLabels")
    return not wanted or selects(wanted, proxy.having)


def target_refs(thing: Manifest) -> list[Manifest]:
    """Give `targetRefs`, or the single `targetRef` of older versions."""
    single = mapping(thing, "spec", "targetRef")
    return [*items(thing, "spec", "targetRefs"), *([single] if single else [])]


def _referred(ref: Manifest, thing: Manifest, proxy: Proxy) -> bool:
    if text(ref, "kind") == "GatewayClass":
        return namespace_of(thing) == proxy.root and proxy.having.get(CLASS_NAME) == text(ref, "name")
    own = namespace_of(thing) == proxy.namespace
    return own and text(ref, "kind") == "Gateway" and proxy.having.get(GATEWAY_NAME) == text(ref, "name")


def by_workload_selector(thing: Manifest, proxy: Proxy) -> bool:
    """Sidecar: `workloadSelector.labels` in its own namespace, or none; from the root namespace only without a selector."""
    wanted = labels(thing, "spec", "workloadSelector", "labels")
    if namespace_of(thing) == proxy.namespace:
        return not wanted or selects(wanted, proxy.having)
    return namespace_of(thing) == proxy.root and not wanted


def by_gateway_selector(thing: Manifest, proxy: Proxy) -> bool:
    """Gateway: `selector` over all namespaces; without one it applies to every gateway."""
    wanted = labels(thing, "spec", "selector")
    return not wanted or selects(wanted, proxy.having)


def by_rule_of_destination(thing: Manifest, proxy: Proxy) -> bool:
    """DestinationRule: chosen by host, so both sides have it, unless a workloadSelector picks clients in its namespace."""
    wanted = labels(thing, "spec", "workloadSelector", "matchLabels")
    return not wanted or (namespace_of(thing) == proxy.namespace and selects(wanted, proxy.having))


def by_filter(thing: Manifest, proxy: Proxy) -> bool:
    """EnvoyFilter: where it selects (namespace or root, labels, targetRefs), and at least one patch that meets a gateway."""
    if namespace_of(thing) not in (proxy.namespace, proxy.root):
        return False
    refs = target_refs(thing)
    wanted = labels(thing, "spec", "workloadSelector", "labels")
    if refs and not any(_referred(row, thing, proxy) for row in refs):
        return False
    if wanted and not selects(wanted, proxy.having):
        return False
    return any(meets(patch, proxy) for patch in items(thing, "spec", "configPatches"))


def meets(patch: Manifest, proxy: Proxy) -> bool:
    """Say whether one patch can meet a gateway of this side: its context, and no port that only the other side has."""
    if text(patch, "match", "context") not in ("", "ANY", "GATEWAY"):
        return False
    return not (named_ports(mapping(patch, "match")) & proxy.foreign_ports)


_PORT_IN_NAME = re.compile(r"(?:^0\.0\.0\.0_|^http\.|:)(\d{1,5})$")


def named_ports(match: Json) -> frozenset[int]:
    """Give the listener ports that a match names: by number, by listener (`0.0.0.0_8080`), route (`http.8080`) or host."""
    ports = {number(match, part, "portNumber") for part in ("listener", "routeConfiguration")}
    names = (dig(match, "listener", "name"), dig(match, "routeConfiguration", "name"))
    vhost = dig(match, "routeConfiguration", "vhost", "name")
    for name in (*names, vhost):
        if isinstance(name, str) and (port := _PORT_IN_NAME.search(name)):
            ports.add(int(port[1]))
    return frozenset(ports - {0})


RULES: Mapping[str, Rule] = {
    "Gateway": by_gateway_selector,
    "EnvoyFilter": by_filter,
    "AuthorizationPolicy": by_selector,
    "RequestAuthentication": by_selector,
    "PeerAuthentication": by_selector,
    "Telemetry": by_selector,
    "WasmPlugin": by_selector,
    "ProxyConfig": by_selector,
    "Sidecar": by_workload_selector,
    "DestinationRule": by_rule_of_destination,
}
"""How each kind chooses its proxies. VirtualServices follow their Gateways (`by_gateways`)."""


def by_gateways(route: Manifest, reaches: Mapping[str, Reach], old: Proxy, new: Proxy) -> Reach:
    """VirtualService: whoever has one of its Gateways, refined by matches that ask for labels of the proxy."""
    own = namespace_of(route)
    named = dig(route, "spec", "gateways")
    names = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    full = [name if "/" in name else f"{own}/{name}" for name in names if name != "mesh"]
    cells = [reaches.get(name, Reach.NONE) for name in full]
    has_old = any(cell in (Reach.BOTH, Reach.OLD) for cell in cells)
    has_new = any(cell in (Reach.BOTH, Reach.NEW) for cell in cells)
    apart = [match for match in _matches(route) if _asked(match, old) is not _asked(match, new)]
    if has_old and has_new and apart:
        return reach(_asked(apart[0], old), _asked(apart[0], new))
    return reach(has_old, has_new)


def _matches(route: Manifest) -> list[Manifest]:
    parts = [part for kind in ("http", "tls", "tcp") for part in items(route, "spec", kind)]
    return [match for part in parts for match in items(part, "match") if labels(match, "sourceLabels")]


def _asked(match: Manifest, proxy: Proxy) -> bool:
    return selects(labels(match, "sourceLabels"), proxy.having)


def origin(thing: Manifest) -> Message | None:
    """Return by what a resource selects, for the evidence; None where it selects by nothing."""
    for path in (("workloadSelector", "labels"), ("selector", "matchLabels"), ("selector",)):
        wanted = labels(thing, "spec", *path)
        if wanted:
            return say("reach.selector", labels=pairs(sorted(wanted.items())))
    targets = tuple(f"{text(row, 'kind')} {text(row, 'name')}" for row in target_refs(thing))
    return say("reach.targets", targets=targets) if targets else None
