"""English: what findings are about, where it has no name of its own."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "subject.balancer": "balancer[ {name}]",
    "subject.cluster": "the cluster",
    "subject.container": "container {name}[, {part}][ of the {side:word side} pods]",
    "subject.envoy-gateway-resources": "{count:count resource} of Envoy Gateway",
    "subject.istio-resources": "{count:count Istio resource}",
    "subject.listed": "{names:few 8}",
    "subject.listeners": "listener {names:few 8}",
    "subject.nodes": "node {names:few 8}",
    "subject.policies": "NetworkPolicy {names:few 8}",
    "subject.server-group": "server group {name}",
    "subject.services": "Service {names:few 8}",
    "subject.target-group": "target group {name}",
}
