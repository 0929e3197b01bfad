"""A plain Envoy, whoever configures it: Envoy Gateway, Contour, a file. It is told to go by its admin port."""

from __future__ import annotations

from migrator.domain.gateways.profile import (
    ADMIN_PORT,
    GatewayProfile,
    Metric,
    Readiness,
    Telling,
    ends_at_once,
    names_nothing,
    no_settings,
    no_settings_ref,
)
from migrator.domain.messages.message import say

PORT_FORWARD = (("get", "v1", "pods/portforward"), ("create", "v1", "pods/portforward"))
"""What asking a pod's admin port needs: it listens on the pod's loopback alone."""

PROXIES = ("istio-proxy", "envoy")
"""Names of containers that hold an Envoy."""

ENVOY = GatewayProfile(
    kind="envoy",
    title="Envoy",
    client="envoy-admin",
    mute=None,
    rights=PORT_FORWARD,
    names_its_pod=False,
    counts_twice=False,
    telling=Telling.REVERSIBLE,
    drain_seconds=ends_at_once,
    ignores_inbound_drain=False,
    flipped_path="/ready",
    readiness=Readiness("/ready", ADMIN_PORT),
    health_target=say("check.ask-configured"),
    containers=PROXIES,
    filled_in=False,
    follows_services=False,
    reserved=frozenset(),
    shared=(ADMIN_PORT,),
    movable={},
    unmovable=None,
    metric=Metric(
        "envoy_http_downstream_rq_xx",
        'namespace="{namespace}",pod=~"{pods}",envoy_http_conn_manager_prefix!~"admin|agent|stats"',
        'envoy_response_code_class=~"[2345]"',
        'envoy_response_code_class="5"',
    ),
    lists=(),
    settings_ref=no_settings_ref,
    settings=no_settings,
    reads=(),
    rules_by_client=names_nothing,
    wants_proxy_protocol=names_nothing,
    checks=(),
)
