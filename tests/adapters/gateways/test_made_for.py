"""Two Envoys of Envoy Gateway whose Gateways differ in name alone: the names that it makes of a Gateway's are identity."""

from __future__ import annotations

import copy

from migrator.adapters.gateways.configuration.canonical import Identity, canonical
from migrator.adapters.gateways.configuration.plain import digest
from migrator.domain.model.manifests import Json, Manifest, mapping

TYPE = "type.googleapis.com/envoy.admin.v3"
HTTP = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTED = "httproute/shop/edge/rule/0"
"""A cluster that is named by an HTTPRoute, which has the first Gateway's name."""


def dump(gateway: str, pod: str) -> Manifest:
    """Give what such an Envoy answers: its Gateway's name wherever Envoy Gateway puts it."""
    listener = f"shop/{gateway}/http"
    made_of: Json = {
        "filter_metadata": {
            "envoy-gateway": {
                "resources": [
                    {"kind": "Gateway", "name": gateway, "namespace": "shop", "sectionName": "http"},
                    {"kind": "HTTPRoute", "name": "edge", "namespace": "shop"},
                ]
            }
        }
    }
    limited: Json = {"name": "envoy.filters.http.ratelimit", "typed_config": {"domain": listener}}
    manager: Json = {
        "@type": HTTP,
        "stat_prefix": "http-10080",
        "rds": {"route_config_name": listener},
        "http_filters": [limited],
        "tracing": {"provider": {"typed_config": {"service_name": f"{gateway}.shop"}}},
    }
    chain: Json = {"name": listener, "filters": [{"name": "http", "typed_config": manager}]}
    bound: Json = {"socket_address": {"address": "0.0.0.0", "port_value": 10080}}
    shown: Json = {"name": listener, "address": bound, "default_filter_chain": chain, "metadata": made_of}
    route: Json = {"match": {"prefix": "/"}, "route": {"cluster": ROUTED}, "name": f"{ROUTED}/match/0/www"}
    host: Json = {
        "name": f"{listener}/www_shop_example",
        "domains": ["www.shop.example"],
        "routes": [route],
        "metadata": made_of,
    }
    secret: Json = {"name": f"gateway/shop/{gateway}/frontend/ca.crt", "last_updated": pod, "secret": {"name": "x"}}
    return {
        "configs": [
            {"@type": f"{TYPE}.ListenersConfigDump", "dynamic_listeners": [_listed(listener, {"listener": shown})]},
            {
                "@type": f"{TYPE}.RoutesConfigDump",
                "dynamic_route_configs": [{"route_config": {"name": listener, "virtual_hosts": [host]}}],
            },
            {"@type": f"{TYPE}.SecretsConfigDump", "dynamic_active_secrets": [secret]},
        ]
    }


def _listed(name: str, state: Manifest) -> Manifest:
    return {"name": name, "active_state": state}


def units(gateway: str, pod: str, of: Manifest | None = None, cluster: str = "") -> dict[str, str]:
    identity = Identity(pod, cluster or f"shop/{gateway}", pod, "10.0.0.1")
    found = canonical(of or dump(gateway, pod), identity, {}, "1.40.0", {})
    return {name: digest(unit) for name, unit in found.units.items()}


def test_two_gateways_that_differ_in_name_alone_have_the_same_configuration() -> None:
    old = units("edge", "pod-1")

    assert units("edge-ds", "pod-2") == old
    assert any("{gateway}/http" in name for name in old)


def test_whoever_was_made_for_no_gateway_keeps_every_name() -> None:
    assert units("edge", "pod-1", cluster="edge") != units("edge-ds", "pod-2", cluster="edge-ds")


def test_a_route_of_the_gateways_own_name_is_no_gateway() -> None:
    of = copy.deepcopy(dump("edge-ds", "pod-2"))
    host = mapping(of, "configs", 1, "dynamic_route_configs", 0, "route_config", "virtual_hosts", 0)
    mapping(host, "routes", 0, "route")["cluster"] = "httproute/shop/edge-ds/rule/0"

    assert units("edge-ds", "pod-2", of) != units("edge", "pod-1")
