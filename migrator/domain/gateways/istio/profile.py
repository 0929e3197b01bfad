"""Istio's ingress gateway: an Envoy that istiod configures, filled in by a webhook, with ports and a drain of its own."""

from __future__ import annotations

from migrator.domain.gateways.envoy import PORT_FORWARD, PROXIES
from migrator.domain.gateways.istio.client import rules_by_client, wants_proxy_protocol
from migrator.domain.gateways.istio.configuration import (
    gateway_api_by_service,
    labels_keep_control,
    no_gateway_left_empty,
    rules_name_own_addresses,
    rules_name_ports,
    same_configuration,
)
from migrator.domain.gateways.istio.matrix import matrix
from migrator.domain.gateways.istio.pods import exit_has_a_bound, listeners_are_sent, readiness_is_sticky
from migrator.domain.gateways.istio.revision import NAMESPACE, mesh_ref, mesh_text
from migrator.domain.gateways.istio.scale import CONTROL_PLANE, clusters_are_filtered, start_takes_time
from migrator.domain.gateways.products.istio import ISTIO_GATEWAY
from migrator.domain.gateways.profile import (
    ControllerPods,
    Direction,
    GatewayProfile,
    Metric,
    OwnListeners,
    Readiness,
    Telling,
    nothing_written,
)
from migrator.domain.messages.message import say
from migrator.domain.observation.world import Listing

NETWORKING = ("networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3")
SECURITY = ("security.istio.io/v1", "security.istio.io/v1beta1")
UNDERSTOOD = {
    "networking.istio.io": frozenset(
        {
            "DestinationRule",
            "EnvoyFilter",
            "Gateway",
            "ProxyConfig",
            "ServiceEntry",
            "Sidecar",
            "VirtualService",
            "WorkloadEntry",
            "WorkloadGroup",
        }
    ),
    "security.istio.io": frozenset({"AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"}),
    "telemetry.istio.io": frozenset({"Telemetry"}),
    "extensions.istio.io": frozenset({"TrafficExtension", "WasmPlugin"}),
}
"""Istio's kinds up to 1.30, by group (istio/api, kubernetes/customresourcedefinitions.gen.yaml)."""


def _listed(kind: str, *versions: str, key: str = "") -> Listing:
    return Listing(key or kind, versions, kind, optional=True)


OWN = OwnListeners(frozenset({15000, 15020, 15021, 15090}), frozenset({"admin", "agent", "stats"}))
"""Admin, the agent, readiness, metrics ("Ports used by Istio")."""

ISTIO = GatewayProfile(
    kind="istio",
    title=say("istio.itself"),
    client="envoy-admin",
    mute=None,
    rights=PORT_FORWARD,
    names_its_pod=True,
    counts_twice=True,
    own=OWN,
    telling=Telling.REVERSIBLE,
    products=(ISTIO_GATEWAY,),
    ignores_inbound_drain=True,  # its listeners are OUTBOUND
    flipped_path="/ready",
    readiness=Readiness("/healthz/ready", 15021),
    health_target=say("istio.health-target"),
    containers=PROXIES,
    filled_in=True,
    follows_services=True,
    reserved=frozenset({15000, 15001, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090}),  # "Ports used by Istio"
    shared=(15000, 15020, 15021, 15090),
    movable={15021: "ENVOY_STATUS_PORT", 15090: "ENVOY_PROMETHEUS_PORT"},
    unmovable=say("istio.unmovable"),
    metric=Metric(
        "istio_requests_total",
        'reporter="source",source_workload="{workload}",source_workload_namespace="{namespace}"',
        'response_code!="0"',
        'response_code=~"5.."',
        'response_code=~"4.."',
        "response_flags",
    ),
    lists=(
        *(_listed(kind, *NETWORKING) for kind in ("Gateway", "VirtualService", "DestinationRule", "Sidecar")),
        *(_listed(kind, *NETWORKING) for kind in ("WorkloadEntry", "WorkloadGroup")),
        *(_listed(kind, *SECURITY) for kind in ("RequestAuthentication", "PeerAuthentication")),
        _listed("EnvoyFilter", "networking.istio.io/v1alpha3"),
        _listed("ProxyConfig", "networking.istio.io/v1beta1"),
        _listed("Telemetry", "telemetry.istio.io/v1", "telemetry.istio.io/v1alpha1"),
        _listed("WasmPlugin", "extensions.istio.io/v1alpha1"),
        _listed("TrafficExtension", "extensions.istio.io/v1alpha1"),
        _listed("Gateway", "gateway.networking.k8s.io/v1", key="GatewayAPI"),
        CONTROL_PLANE,
    ),
    settings_ref=mesh_ref,
    settings=mesh_text,
    reads=(("get", "v1", "ConfigMap", NAMESPACE),),
    understood=UNDERSTOOD,
    written=nothing_written,
    rules_by_client=rules_by_client,
    wants_proxy_protocol=wants_proxy_protocol,
    matrix=matrix,
    controller=ControllerPods(NAMESPACE, (("app", "istiod"),)),
    checks=(
        (listeners_are_sent, Direction.FORWARD),
        (same_configuration, Direction.BOTH),
        (no_gateway_left_empty, Direction.BOTH),
        (labels_keep_control, Direction.MADE),
        (rules_name_ports, Direction.BOTH),
        (rules_name_own_addresses, Direction.FORWARD),
        (gateway_api_by_service, Direction.BOTH),
        (exit_has_a_bound, Direction.MADE),
        (readiness_is_sticky, Direction.MADE),
        (start_takes_time, Direction.MADE),
        (clusters_are_filtered, Direction.MADE),
    ),
)
