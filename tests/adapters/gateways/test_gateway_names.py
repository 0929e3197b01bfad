"""Two Gateways of Envoy Gateway's, the same routes: the names that hold the Gateway's own are no difference, all others are."""

from __future__ import annotations

import pytest

from migrator.adapters.gateways.configuration.canonical import Identity, canonical
from migrator.adapters.gateways.configuration.plain import digest
from migrator.domain.model.manifests import Json, Manifest

ADMIN = "type.googleapis.com/envoy.admin.v3"


def dump(
    gateway: str, host: str = "shop_example", names: str = "", cluster: str = "httproute/app/shop/rule/0"
) -> Manifest:
    """Give the dump of an Envoy of the Gateway `edge/<gateway>`; `names` is whose names its configuration has."""
    name = f"edge/{names or gateway}/http"
    resource: Json = {"kind": "Gateway", "namespace": "edge", "name": names or gateway, "sectionName": "http"}
    metadata: Json = {"filter_metadata": {"envoy-gateway": {"resources": [resource]}}}
    rds: Json = {"rds": {"route_config_name": name}}
    chain: Json = {"name": name, "filters": [{"name": "hcm", "typed_config": rds}]}
    bound: Json = {"socket_address": {"address": "0.0.0.0", "port_value": 8080}}
    listener: Json = {"name": name, "address": bound, "filter_chains": [chain], "metadata": metadata}
    route: Json = {"match": {"prefix": "/"}, "name": f"{cluster}/match/0/{host}", "route": {"cluster": cluster}}
    virtual: Json = {"name": f"{name}/{host}", "domains": ["shop.example"], "routes": [route]}
    config: Json = {"name": name, "virtual_hosts": [virtual]}
    listeners: Json = [{"name": name, "active_state": {"listener": listener}}]
    return {
        "configs": [
            {"@type": f"{ADMIN}.ListenersConfigDump", "dynamic_listeners": listeners},
            {"@type": f"{ADMIN}.RoutesConfigDump", "dynamic_route_configs": [{"route_config": config}]},
        ]
    }


def units(gateway: str, of: Manifest, cluster: str = "") -> dict[str, str]:
    identity = Identity("pod", cluster or f"edge/{gateway}", "pod", "10.0.0.1")
    return {name: digest(unit) for name, unit in canonical(of, identity, {}, "1.40.0", {}).units.items()}


def test_what_is_named_after_the_gateway_is_the_same_on_both_sides() -> None:
    old, new = units("public", dump("public")), units("public-ds", dump("public-ds"))

    assert old == new
    assert set(old) == {"listener/{workload}/http", "route/{workload}/http"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(dump("public-ds", names="private"), id="a third Gateway's name"),
        pytest.param(dump("public-ds", names="public"), id="the old Gateway's name"),
        pytest.param(dump("public-ds", cluster="httproute/app/other/rule/0"), id="another route's cluster"),
        pytest.param(dump("public-ds", names="public-ds2"), id="a name that begins alike"),
    ],
)
def test_any_other_name_is_a_difference(other: Manifest) -> None:
    assert units("public", dump("public")) != units("public-ds", other)


@pytest.mark.parametrize("cluster", ["workload.edge", "edge", "a/edge/public"])
def test_names_are_only_taken_out_below_a_cluster_that_is_a_gateway(cluster: str) -> None:
    assert "route/edge/public/http" in units("public", dump("public"), cluster)
