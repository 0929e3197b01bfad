"""How Istio attaches a resource to pods: by labels, by references to a Gateway, by namespace. Pure.

Sources: the API references of each kind; `ShouldAttachPolicy` in pilot/pkg/model/policyattachment.go (a policy with targetRefs
never falls back to labels; a GatewayClass means waypoints only; a Gateway of networking.istio.io since 1.30). Gateways select
over all namespaces unless PILOT_SCOPE_GATEWAY_TO_NAMESPACE is set.
"""

from __future__ import annotations

from collections.abc import Callable

from migrator.domain.gateways.audit import Widening, merge_at, operation, operations, target_refs, widened
from migrator.domain.gateways.istio.proxy import Proxy, Sides
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping, selects, text
from migrator.domain.model.subjects import pairs

GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
CLASSIC = "networking.istio.io"
INJECT = "sidecar.istio.io/inject"
CONTROLS = (
    "istio.io/rev",
    INJECT,
    "istio.io/dataplane-mode",
    "topology.istio.io/network",
    "security.istio.io/tlsMode",
    GATEWAY_NAME,
)
"""Labels by which Istio decides who injects a pod, who configures it and how others reach it (istio/api, label/labels.yaml)."""

SELECTORS = ("selector", "workloadSelector", "targetRef", "targetRefs")
"""The fields of a spec that say whom it means; everything else says what it does."""

Rule = Callable[[Manifest, Proxy], bool]


def by_selector(thing: Manifest, proxy: Proxy) -> bool:
    """AuthorizationPolicy and its like: `targetRef(s)` to a Gateway, else `selector.matchLabels`, in its namespace or root."""
    return _by_labels(thing, proxy, "selector", "matchLabels")


def by_filter_selector(thing: Manifest, proxy: Proxy) -> bool:
    """EnvoyFilter: `targetRefs`, else `workloadSelector.labels`, in its namespace or root."""
    return _by_labels(thing, proxy, "workloadSelector", "labels")


def _by_labels(thing: Manifest, proxy: Proxy, *path: str) -> bool:
    if namespace_of(thing) not in (proxy.namespace, proxy.root):
        return False
    if refs := target_refs(thing):
        return any(_referred(row, thing, proxy) for row in refs)
    wanted = labels(thing, "spec", *path)
    return not wanted or selects(wanted, proxy.having)


def by_gateway_selector(thing: Manifest, proxy: Proxy) -> bool:
    """Gateway: `selector` over all namespaces; without one it applies to every gateway."""
    wanted = labels(thing, "spec", "selector")
    return not wanted or selects(wanted, proxy.having)


def by_client(thing: Manifest, proxy: Proxy) -> bool:
    """DestinationRule: chosen by host, so both sides have it, unless a workloadSelector picks clients in its namespace."""
    wanted = labels(thing, "spec", "workloadSelector", "matchLabels")
    return not wanted or (namespace_of(thing) == proxy.namespace and selects(wanted, proxy.having))


def _referred(ref: Manifest, thing: Manifest, proxy: Proxy) -> bool:
    if text(ref, "kind") != "Gateway" or text(ref, "namespace") not in ("", namespace_of(thing)):
        return False
    if text(ref, "group") == CLASSIC:
        return f"{namespace_of(thing)}/{text(ref, 'name')}" in proxy.gateways
    return namespace_of(thing) == proxy.namespace and proxy.having.get(GATEWAY_NAME) == text(ref, "name")


def origin(thing: Manifest) -> Message | None:
    """Return by what a resource selects, for the evidence; None where it selects by nothing."""
    if refs := target_refs(thing):
        return say("reach.targets", targets=tuple(f"{text(row, 'kind')} {text(row, 'name')}" for row in refs))
    for path in (("workloadSelector", "labels"), ("workloadSelector", "matchLabels"), ("selector", "matchLabels")):
        if wanted := labels(thing, "spec", *path):
            return say("reach.selector", labels=pairs(sorted(wanted.items())))
    if wanted := labels(thing, "spec", "selector"):
        return say("reach.selector", labels=pairs(sorted(wanted.items())))
    return None


def widening(thing: Manifest, between: Sides, *path: str) -> Widening | None:
    """Give the change by which both sides match the labels at `path` of the spec, or a reference to the other's Gateway."""
    old, new = between.old, between.new
    if target_refs(thing):
        return _referring(thing, old, new)
    return merge_at(widened(labels(thing, "spec", *path), old.having, new.having), "spec", *path)


def _referring(thing: Manifest, old: Proxy, new: Proxy) -> Widening | None:
    """Add a reference to the Gateway of whichever side is not meant; there is none for a side that belongs to no Gateway."""
    named = {text(row, "name") for row in target_refs(thing)}
    other = next((name for p in (old, new) if (name := p.having.get(GATEWAY_NAME, "")) and name not in named), "")
    if not other:
        return None
    ref: Json = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": other}
    if items(thing, "spec", "targetRefs"):
        return operations(operation("add", ref, "spec", "targetRefs", "-"))
    kept: list[Json] = [*target_refs(thing), ref]
    return merge_at({"targetRef": None, "targetRefs": kept}, "spec")


def meaning(thing: Manifest) -> Manifest:
    """Give what a resource does, without whom it means."""
    return {key: value for key, value in mapping(thing, "spec").items() if key not in SELECTORS}
