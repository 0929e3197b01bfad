"""Contour's Envoy: asked like every Envoy, and told nothing, since all that it lets in from the network are reads.

Its admin interface is a socket in a volume of the pod (`contour bootstrap --admin-address`, since 1.19); the listener on port
9001 of its loopback passes on GET alone, by a list of paths (projectcontour/contour internal/envoy/v3/stats.go). So its
kept-alive connections end by the balancer's and their own timeouts, by the drain's deadline, and politely when its pod is
deleted: its shutdown manager turns `healthcheck/fail` then.
"""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.gateways.envoy import ENVOY, counters
from migrator.domain.gateways.products.envoys import CONTOUR as PRODUCT
from migrator.domain.gateways.products.envoys import PLAIN_ENVOY
from migrator.domain.gateways.profile import (
    ADMIN_PORT,
    ControllerPods,
    OwnListeners,
    Readiness,
    Telling,
    names_nothing,
    no_matrix,
)

OWN = OwnListeners(frozenset({8002, 9001}), frozenset({"admin", "envoy-admin", "stats"}))
"""Its metrics and health on 8002, its read-only admin port: each its own HTTP listener (the same file)."""

CONTOUR = replace(
    ENVOY,
    kind="contour",
    title="Contour's Envoy",
    own=OWN,
    telling=Telling.NONE,
    products=(PRODUCT, PLAIN_ENVOY),
    readiness=Readiness("/ready", 8002),
    shared=(ADMIN_PORT, 8002),
    metric=counters(OWN),
    lists=(),
    understood={},
    rules_by_client=names_nothing,
    wants_proxy_protocol=names_nothing,  # its control plane is told so: client.proxy-protocol looks there
    matrix=no_matrix,
    controller=ControllerPods("projectcontour", (("app", "contour"),)),  # examples/contour/03-contour.yaml
    checks=(),
)
