"""A lab with two products: ingress-nginx serves, and a Gateway of Envoy Gateway's stands beside it without traffic.

The nginx is where Envoy Gateway puts its Envoys, so that one namespace holds both sides.
"""

from __future__ import annotations

from migrator.lab.envoygateway.names import SYSTEM
from migrator.lab.ground.layout import Scenario
from migrator.lab.ground.manifests import Json, app_service, namespace
from migrator.lab.starts import envoygateway, nginx
from migrator.lab.starts.envoygateway import SECOND, SPACE

ASKED = (0, "/healthz")
"""Where the balancer asks whether one is well: at its own port, for the two products have no other answer in common."""


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [
        *(namespace(name) for name in (SYSTEM, SPACE, "app")),
        app_service(str(scenario.layout.app)),
        *nginx.controllers(scenario, SYSTEM),
        envoygateway.gateway_class(),
        envoygateway.envoy_proxy(SECOND, {"envoyDaemonSet": envoygateway.daemon_set()}, {"type": "ClusterIP"}),
        envoygateway.gateway(SECOND),
        *envoygateway.routes(SECOND),
    ]
