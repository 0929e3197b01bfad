"""What Envoy Gateway makes of a Gateway, and how its own API takes the pods away and leaves the rest. Pure.

Sources (envoyproxy/gateway): api/v1alpha1/envoyproxy_types.go (`envoyDeployment.replicas`; an `envoyHpa` takes its place), and
internal/infrastructure/kubernetes/proxy/resource_provider.go, which gives the Deployment those replicas as they are.
"""

from __future__ import annotations

import json

from migrator.domain.gateways.envoy_gateway.policies import GATEWAYS
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping, ref_of, text
from migrator.domain.observation.world import World
from migrator.domain.owners.emptying import Emptying

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
