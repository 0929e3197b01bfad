"""Every direction of a derivation: from either kind, in each network of a source, to each network that a plan may say."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.model.manifests import Manifest, dig, items
from migrator.domain.model.pod_targets import PodTargets
from migrator.domain.model.target import Network
from migrator.domain.planning.derive import derive, second
from tests.domain.planning.derive.gateways import deployment, spec

POD = ("spec", "template", "spec")
KINDS = ("Deployment", "DaemonSet")
NETWORKS = ("own", "hostPort", "host")
PORTS = [{"name": "http", "containerPort": 8080}, {"name": "https", "containerPort": 8443}, {"containerPort": 15090}]


def source(kind: str, network: str, **more: Any) -> Manifest:
    """Give a gateway as the API server has it: in the node's network every declared port is a hostPort."""
    made: Any = deployment()
    made["kind"] = kind
    pod = made["spec"]["template"]["spec"]
    ports: list[Any] = [dict(row) for row in PORTS]
    if network == "host":
        pod |= {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}
        ports = [{**row, "hostPort": row["containerPort"], "hostIP": "10.0.0.1"} for row in ports]
    if network == "hostPort":
        ports[0]["hostPort"] = 8080
    pod["containers"][0] |= {"ports": ports, **more}
    return made


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("network", NETWORKS)
def test_to_the_nodes_network_every_port_is_the_nodes_own(kind: str, network: str) -> None:
    made, _ = derive(source(kind, network), spec(), dialled=frozenset({8080}))

    rows = items(items(made, *POD, "containers")[0], "ports")
    assert dig(made, *POD, "hostNetwork") is True
    assert [row["hostPort"] for row in rows] == [row["containerPort"] for row in rows]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("mapped", "dialled"), [({}, 8080), ({8080: 18080}, 18080)])
def test_to_host_ports_the_pod_has_a_network_of_its_own_and_only_what_is_dialled_is_mapped(
    kind: str, network: str, mapped: dict[int, int], dialled: int
) -> None:
    made, _ = derive(source(kind, network), spec(mapped, Network.HOST_PORT), dialled=frozenset({dialled}))

    pod = dig(made, *POD)
    rows = items(items(pod, "containers")[0], "ports")
    assert "hostNetwork" not in pod
    assert dig(pod, "dnsPolicy") in (None, "ClusterFirst")
    assert [(row["containerPort"], row.get("hostPort")) for row in rows] == [
        (8080, dialled),
        (8443, None),
        (15090, None),
    ]
    assert not [row for row in rows if "hostIP" in row]


@pytest.mark.parametrize("network", NETWORKS)
def test_a_second_deployment_is_reached_as_the_first_one_is(network: str) -> None:
    was = source("Deployment", network)
    plan = spec(network=Network.POD, workload_kind="Deployment", pod_targets=PodTargets(3), node_selector=())

    made, _ = second(was, plan)

    for key in ("hostNetwork", "dnsPolicy"):
        assert dig(made, *POD, key) == dig(was, *POD, key)
    assert items(made, *POD, "containers", 0, "ports") == items(was, *POD, "containers", 0, "ports")


def test_leaving_the_nodes_network_is_told_with_its_reason_and_a_decision_of_somebodys_is_kept() -> None:
    was: Any = source("DaemonSet", "host")
    was["spec"]["template"]["spec"]["dnsPolicy"] = "Default"

    made, said = derive(was, spec(network=Network.HOST_PORT), dialled=frozenset({8080}))

    codes = {row.path: row.reason.code for row in said}
    assert dig(made, *POD, "dnsPolicy") == "Default"
    assert codes["spec.template.spec.hostNetwork"] == "derived.own-network"
    assert codes["spec.template.spec.containers[0].ports[1].hostPort"] == "derived.own-network-port"


def test_a_question_to_the_nodes_loopback_address_goes_to_the_pod_once_it_has_an_address() -> None:
    asked = {"httpGet": {"path": "/ready", "port": 15021, "host": "127.0.0.1"}}
    elsewhere = {"tcpSocket": {"port": 15021, "host": "10.9.9.9"}}
    was = source("DaemonSet", "host", readinessProbe=asked, livenessProbe=elsewhere)

    made, said = derive(was, spec(network=Network.HOST_PORT), dialled=frozenset({8080}))

    container = items(made, *POD, "containers")[0]
    assert dig(container, "readinessProbe", "httpGet") == {"path": "/ready", "port": 15021}
    assert dig(container, "livenessProbe", "tcpSocket", "host") == "10.9.9.9"
    assert "derived.own-network-asked" in {row.reason.code for row in said}
