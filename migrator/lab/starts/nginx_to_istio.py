"""A lab with two products: ingress-nginx serves, and an Istio ingress gateway stands beside it on the nodes without traffic.

The nginx is in the gateway's namespace, so that one namespace holds both sides.
"""

from __future__ import annotations

from migrator.lab.ground.layout import GATEWAY_NAMESPACE, Scenario
from migrator.lab.ground.manifests import NODE_LABELS, Json, shared
from migrator.lab.starts import nginx, node_pool


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [
        *shared(scenario),
        *nginx.controllers(scenario, GATEWAY_NAMESPACE),
        node_pool.daemon_set(scenario, NODE_LABELS),
    ]
