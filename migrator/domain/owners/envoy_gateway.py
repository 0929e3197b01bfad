"""What Envoy Gateway makes of a Gateway: how its own API takes the pods away and leaves the rest, and how a person makes a
second one whose Envoys run on the nodes. Pure.

Sources (envoyproxy/gateway): api/v1alpha1/envoyproxy_types.go (`envoyDeployment.replicas`; an `envoyHpa` takes its place), and
internal/infrastructure/kubernetes/proxy/resource_provider.go, which gives the Deployment those replicas as they are.
"""

from __future__ import annotations

import json

from migrator.domain.gateways.envoy_gateway.policies import GATEWAYS
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, mapping, merged, ref_of, text
from migrator.domain.observation.world import World
from migrator.domain.owners.emptying import Emptying, OnNodes

PROXY_API = "gateway.envoyproxy.io/v1alpha1"
NOBODY: Json = {"spec": {"provider": {"type": "Kubernetes", "kubernetes": {"envoyDeployment": {"replicas": 0}}}}}
"""What an EnvoyProxy says so that its Gateway's Deployment has no pod; its Service and its configuration stay."""


def emptied(world: World, gateway: ObjectRef) -> Emptying | None:
    """Give how a Gateway's pods go by its own EnvoyProxy; None where it has none of its own, or an autoscaler counts them."""
    proxy = proxy_of(world, gateway)
    if not proxy or mapping(proxy, "spec", "provider", "kubernetes", "envoyHpa"):
        return None
    others = [row for row in world.all(GATEWAYS) if _parameters(row) == name_of(proxy)]
    if len([row for row in others if namespace_of(row) == namespace_of(proxy)]) != 1:
        return None
    patch = json.dumps(NOBODY, separators=(",", ":"))
    line = f"kubectl patch envoyproxy {name_of(proxy)} -n {namespace_of(proxy)} --type merge -p '{patch}'"
    return Emptying(ref_of(proxy), line)


def proxy_of(world: World, gateway: ObjectRef) -> Manifest:
    """Give the EnvoyProxy that a Gateway itself names; an empty one where it names none."""
    found = next((row for row in world.all(GATEWAYS) if ref_of(row) == gateway), {})
    named = _parameters(found)
    proxies = (row for row in world.all("EnvoyProxy") if namespace_of(row) == gateway.namespace)
    return next((row for row in proxies if named and name_of(row) == named), {})


def _parameters(gateway: Manifest) -> str:
    return text(gateway, "spec", "infrastructure", "parametersRef", "name")


ON_NODE: Manifest = {"spec": {"template": {"spec": {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}}}}
"""What a DaemonSet's pods need so that the balancer reaches them at their node; names of the cluster are still found."""

KIND: Manifest = {"group": "gateway.envoyproxy.io", "kind": "EnvoyProxy"}


def second(world: World, gateway: ObjectRef, name: str, pods: OnNodes) -> tuple[Manifest, ...]:
    """Give the EnvoyProxy and the Gateway by which a second fleet is made beside the first: a DaemonSet of this name on those
    nodes, with a Service that has no balancer. Everything else is the first one's; nothing where that was not seen."""
    first = next((row for row in world.all(GATEWAYS) if ref_of(row) == gateway), None)
    if first is None:
        return ()
    meta: Manifest = {"name": name, "namespace": gateway.namespace}
    spec = mapping(first, "spec")
    infrastructure: Manifest = {**mapping(spec, "infrastructure"), "parametersRef": {**KIND, "name": name}}
    rest = {key: value for key, value in spec.items() if key != "addresses"}
    return (
        _proxy(meta, mapping(proxy_of(world, gateway), "spec"), pods),
        {**_typed(first), "metadata": {**meta}, "spec": {**rest, "infrastructure": infrastructure}},
    )


def _typed(thing: Manifest) -> Manifest:
    return {key: thing[key] for key in ("apiVersion", "kind") if key in thing}


def _proxy(meta: Manifest, first: Manifest, pods: OnNodes) -> Manifest:
    kubernetes = mapping(first, "provider", "kubernetes")
    old = mapping(kubernetes, "envoyDeployment")
    pod: Manifest = {**mapping(old, "pod"), **({"nodeSelector": {**pods.nodes}} if pods.nodes else {})}
    daemon_set: Manifest = {"name": text(meta, "name"), "patch": _patch(old, pods), **({"pod": pod} if pod else {})}
    if "container" in old:
        daemon_set["container"] = old["container"]
    kept = {key: value for key, value in kubernetes.items() if key not in ("envoyDeployment", "envoyHpa", "envoyPDB")}
    made: Manifest = {**kept, "envoyService": {"type": "ClusterIP"}, "envoyDaemonSet": daemon_set}
    spec: Manifest = {**first, "provider": {"type": "Kubernetes", "kubernetes": made}}
    return {"apiVersion": PROXY_API, "kind": "EnvoyProxy", "metadata": {**meta}, "spec": spec}


def _patch(old: Manifest, pods: OnNodes) -> Manifest:
    """Give the first one's own patch of its pods, on the nodes, and with what its containers need there besides."""
    value = merged(mapping(old, "patch", "value"), ON_NODE)
    rows = items(value, "spec", "template", "spec", "containers")
    besides = {text(row, "name"): row for row in pods.containers}
    containers = [{**row, **besides.pop(text(row, "name"), {})} for row in rows]
    if containers or besides:
        inside: Manifest = {"containers": [*containers, *besides.values()]}
        value = merged(value, {"spec": {"template": {"spec": inside}}})
    return {"type": "StrategicMerge", "value": value}
