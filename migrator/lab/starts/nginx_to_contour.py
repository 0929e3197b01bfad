"""A lab with two products: ingress-nginx serves, and Contour's Envoys stand beside it on the nodes without traffic.

The nginx is where Contour's Envoys are, so that one namespace holds both sides.
"""

from __future__ import annotations

from migrator.lab.ground.layout import Scenario
from migrator.lab.ground.manifests import Json
from migrator.lab.starts import contour, nginx


def objects(scenario: Scenario) -> list[Json]:
    """All objects in the order in which they are created."""
    return [
        *contour.shared(scenario),
        *nginx.controllers(scenario, contour.SPACE),
        contour.daemon_set(scenario),
    ]
