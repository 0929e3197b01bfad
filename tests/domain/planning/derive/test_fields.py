"""The tables of fields: complete for the newest API, true of the derivation, and the same on the page."""

from __future__ import annotations

from typing import Any

import pytest
from kubernetes import client

from migrator.domain.messages.findings import Severity
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.target import Network
from migrator.domain.planning.checks.nodes.host_network import pods_are_of_linux
from migrator.domain.planning.derive import derive
from migrator.domain.planning.derive.fields import CONTAINER, POD_SPEC, TABLES, Becomes, Fate
from migrator.domain.planning.proposal import propose
from tests.domain.planning.derive.fields_page import PAGE, drawn
from tests.domain.planning.derive.gateways import deployment, spec, world

MODELS = {name: getattr(client, f"V1{name}") for name in TABLES}
ODD: Any = {"of": ["the test"]}


@pytest.mark.parametrize("name", TABLES)
def test_every_field_of_the_newest_api_has_its_fate(name: str) -> None:
    """A field that is new in the client: say what becomes of it, in `derive/fields.py`."""
    known = {field.replace("_", "").lower() for field in MODELS[name].model_fields}

    assert {field.lower() for field in TABLES[name]} == known


def test_the_page_shows_the_tables() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == drawn(page), "run python -m tests.domain.planning.derive.fields_page"
    assert all(f"<!-- fields:{name} -->" in page for name in TABLES)


def made(source: Manifest, network: Network) -> Any:
    return mapping(derive(source, spec(network=network))[0], "spec", "template", "spec")


def with_pod(field: str, value: Any) -> Manifest:
    source = deployment()
    mapping(source, "spec", "template", "spec")[field] = value
    return source


def with_container(field: str, value: Any) -> Manifest:
    source = deployment()
    rows: Any = mapping(source, "spec", "template", "spec")["containers"]
    rows[1][field] = value
    return source


def rows(table: Any, becomes: Becomes) -> list[Any]:
    return [pytest.param(field, fate, id=field) for field, fate in table.items() if fate.becomes is becomes]


VALUES: dict[str, Any] = {"hostUsers": False}


@pytest.mark.parametrize(("field", "fate"), rows(POD_SPEC, Becomes.KEPT))
@pytest.mark.parametrize("network", [Network.HOST, Network.HOST_PORT])
def test_a_kept_field_of_the_pod_is_kept_whatever_it_holds(field: str, fate: Fate, network: Network) -> None:
    assert made(with_pod(field, ODD), network)[field] == ODD


@pytest.mark.parametrize(("field", "fate"), rows(CONTAINER, Becomes.KEPT))
@pytest.mark.parametrize("network", [Network.HOST, Network.HOST_PORT])
def test_a_kept_field_of_a_container_is_kept_whatever_it_holds(field: str, fate: Fate, network: Network) -> None:
    assert made(with_container(field, ODD), network)["containers"][1][field] == ODD


@pytest.mark.parametrize(("field", "fate"), rows(POD_SPEC, Becomes.DROPPED))
def test_a_dropped_field_goes_and_stays_in_the_pods_own_network_where_that_is_said(field: str, fate: Fate) -> None:
    value = VALUES.get(field, ODD)
    source = with_pod(field, value)
    own = made(source, Network.HOST_PORT)

    assert field not in made(source, Network.HOST)
    assert (own.get(field) == value) is fate.on_host
    assert (field in own) is fate.on_host


CHANGES: dict[str, Any] = {
    "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": []}, "nodeAffinity": {"x": 1}},
    "containers": [{"name": "proxy", "image": "x", "ports": [{"containerPort": 8080}]}],
    "dnsPolicy": "ClusterFirst",
    "hostAliases": [{"ip": "1.1.1.1", "hostnames": ["a"]}] * 2,
    "hostNetwork": False,
    "imagePullSecrets": [{"name": "s"}] * 2,
    "initContainers": [{"name": "i", "image": "x", "env": [{"name": "A", "value": "1"}] * 2}],
    "nodeSelector": {"arch": "amd64"},
    "securityContext": {"sysctls": [{"name": "net.core.somaxconn", "value": "1"}]},
    "terminationGracePeriodSeconds": 0,
    "tolerations": [{"key": "spot", "operator": "Exists"}],
}


@pytest.mark.parametrize(("field", "fate"), rows(POD_SPEC, Becomes.CHANGED))
def test_a_changed_field_of_the_pod_is_changed(field: str, fate: Fate) -> None:
    if field == "readinessGates":
        pytest.skip("only where a cloud's gates are known: test_not_there.py")
    source = with_pod(field, CHANGES[field])

    assert made(source, Network.HOST).get(field) != CHANGES[field]
    if fate.on_host:
        assert made(source, Network.HOST_PORT)[field] == CHANGES[field]


def test_fields_of_both_workloads_specs_fare_as_the_tables_say() -> None:
    source = deployment()
    mapping(source, "spec")["minReadySeconds"] = 7
    found: Any = derive(source, spec())[0]["spec"]
    was = mapping(source, "spec")

    for name in ("DeploymentSpec", "DaemonSetSpec"):
        for field, fate in TABLES[name].items():
            assert (field in found) is (fate.becomes is not Becomes.DROPPED), field
            assert (found.get(field) == was.get(field)) is (fate.becomes is Becomes.KEPT), field


def test_a_pod_for_windows_is_refused_in_its_nodes_network() -> None:
    seen = world(with_pod("os", {"name": "windows"}))

    assert [(f.code, f.severity) for f in pods_are_of_linux(propose(seen, spec()))] == [
        ("hostnetwork.windows", Severity.BLOCK)
    ]
    assert not list(pods_are_of_linux(propose(seen, spec(network=Network.HOST_PORT))))
    assert not list(pods_are_of_linux(propose(world(with_pod("os", {"name": "linux"})), spec())))
