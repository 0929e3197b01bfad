"""A plain Envoy, whoever configures it: Envoy Gateway, Contour, a file. It is told to go by its admin port."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.gateways.envoy_gateway.matrix import (
    POLICIES,
    UNDERSTOOD,
    matrix,
    rules_by_client,
    same_gateway,
    wants_proxy_protocol,
)
from migrator.domain.gateways.envoy_gateway.policies import GATEWAYS
from migrator.domain.gateways.products.envoys import CONTOUR, ENVOY_GATEWAY, PLAIN_ENVOY
from migrator.domain.gateways.profile import (
    ADMIN_PORT,
    ControllerPods,
    Direction,
    GatewayProfile,
    Metric,
    OwnListeners,
    Planned,
    Readiness,
    Telling,
    no_settings,
    no_settings_ref,
    nothing_written,
    workloads_of,
)
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import mapping
from migrator.domain.observation.world import Listing

PORT_FORWARD = (("get", "v1", "pods/portforward"), ("create", "v1", "pods/portforward"))
"""What asking a pod's admin port needs: it listens on the pod's loopback alone."""

PROXIES = ("istio-proxy", "envoy")
"""Names of containers that hold an Envoy."""

OWN = OwnListeners(
    frozenset({19000, 19001, 19003}), frozenset({"admin", "agent", "stats", "eg-ready-http", "eg-stats-http"})
)
"""Envoy Gateway's admin port, statistics and readiness (envoyproxy/gateway internal/xds/bootstrap/bootstrap.yaml.tpl and
internal/xds/translator/readylistener.go)."""

API = ("gateway.networking.k8s.io/v1",)


def _listed(kind: str, *versions: str, key: str = "") -> Listing:
    return Listing(key or kind, versions, kind, optional=True)


def counters(own: OwnListeners) -> Metric:
    """Give Envoy's counter of requests by class in Prometheus, without those of its own listeners."""
    apart = "|".join(sorted(own.statistics))
    return Metric(
        "envoy_http_downstream_rq_xx",
        f'namespace="{{namespace}}",pod=~"{{pods}}",envoy_http_conn_manager_prefix!~"{apart}"',
        'envoy_response_code_class=~"[2345]"',
        'envoy_response_code_class="5"',
        'envoy_response_code_class="4"',
        connections=(
            f'envoy_http_downstream_cx_total{{namespace="{{namespace}}",pod=~"{{pods}}",'
            f'envoy_http_conn_manager_prefix!~"{apart}"}}'
        ),
    )


def takes_orders(planned: Planned) -> Iterable[Finding]:
    """Contour's port 9001 passes only reads on to the admin interface, which is a socket in a volume since 1.19."""
    for ref, workload in workloads_of(planned, "envoy"):
        if CONTOUR.marks(mapping(workload, "spec", "template")):
            yield block("envoy.takes-no-orders", str(ref), port=planned.spec.gateway.admin_port)


ENVOY = GatewayProfile(
    kind="envoy",
    title="Envoy",
    client="envoy-admin",
    mute=None,
    rights=PORT_FORWARD,
    names_its_pod=False,
    counts_twice=False,
    own=OWN,
    telling=Telling.REVERSIBLE,
    products=(ENVOY_GATEWAY, CONTOUR, PLAIN_ENVOY),
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
    metric=counters(OWN),
    lists=(
        *(_listed(kind, "gateway.envoyproxy.io/v1alpha1") for kind in (*POLICIES, "EnvoyProxy")),
        _listed("Gateway", *API, key=GATEWAYS),
        *(_listed(kind, *API) for kind in ("GatewayClass", "ListenerSet", "HTTPRoute", "GRPCRoute")),
        *(_listed(kind, *API, "gateway.networking.k8s.io/v1alpha2") for kind in ("TLSRoute", "TCPRoute", "UDPRoute")),
    ),
    settings_ref=no_settings_ref,
    settings=no_settings,
    reads=(),
    understood=UNDERSTOOD,
    written=nothing_written,
    rules_by_client=rules_by_client,
    wants_proxy_protocol=wants_proxy_protocol,
    matrix=matrix,
    controller=ControllerPods("envoy-gateway-system", (("control-plane", "envoy-gateway"),)),  # its chart's
    checks=((same_gateway, Direction.BOTH), (takes_orders, Direction.ANY)),
)
