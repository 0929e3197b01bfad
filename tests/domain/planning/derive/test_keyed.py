"""Lists that the API keeps by a key: what cannot be applied is given one row a key, and nothing changes for the pods."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, items, mapping
from migrator.domain.model.pod_targets import ON_NODES
from migrator.domain.model.target import Kept, Network
from migrator.domain.planning.checks.cluster.named_ports import names_still_lead
from migrator.domain.planning.derive import derive, returning
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, service, with_container, world
from tests.domain.planning.checks.ground import deployment as sound
from tests.domain.planning.derive.gateways import deployment, spec


def source(*containers: Any, **pod: Any) -> Manifest:
    made = deployment()
    inside = mapping(made, "spec", "template", "spec")
    inside.pop("affinity")
    inside["containers"] = list(containers)
    inside.update(pod)
    return made


def container(name: str = "proxy", **more: Any) -> Any:
    return {"name": name, "image": "envoy:1", **more}


def made(*containers: Any, named: tuple[str, ...] = (), network: Network = Network.HOST, **pod: Any) -> Any:
    found, said = derive(source(*containers, **pod), spec(network=network), named=named)
    return mapping(found, "spec", "template", "spec"), {row.path.rpartition(".")[2]: row.reason for row in said}


def variable(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def test_of_a_variable_that_is_set_twice_the_last_stays() -> None:
    pod, said = made(container(env=[variable("TZ", "UTC"), variable("A", "1"), variable("TZ", "Asia/Shanghai")]))

    assert pod["containers"][0]["env"] == [variable("A", "1"), variable("TZ", "Asia/Shanghai")]
    assert said["env"] == say("derived.last-of-a-name")


def test_names_of_one_address_become_one_row_and_secrets_stay_once() -> None:
    hosts = [
        {"ip": "10.0.0.1", "hostnames": ["a", "b"]},
        {"ip": "10.0.0.2"},
        {"ip": "10.0.0.1", "hostnames": ["b", "c"]},
    ]
    pod, said = made(container(), hostAliases=hosts, imagePullSecrets=[{"name": "x"}, {"name": "y"}, {"name": "x"}])

    assert pod["hostAliases"] == [{"ip": "10.0.0.1", "hostnames": ["a", "b", "c"]}, {"ip": "10.0.0.2", "hostnames": []}]
    assert pod["imagePullSecrets"] == [{"name": "x"}, {"name": "y"}]
    assert (said["hostAliases"], said["imagePullSecrets"]) == (say("derived.merged-by-address"), say("derived.once"))


TWICE = [{"name": "http", "containerPort": 8080}, {"name": "web", "containerPort": 8080, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        pytest.param(("web",), "web", id="the one that a Service asks for"),
        pytest.param((), "http", id="the first, where nobody asks"),
        pytest.param(("http", "web"), "http", id="the first of both"),
    ],
)
@pytest.mark.parametrize("network", [Network.HOST, Network.HOST_PORT])
def test_a_port_under_two_names_is_one_port(named: tuple[str, ...], kept: str, network: Network) -> None:
    pod, said = made(container(ports=TWICE), named=named, network=network)

    assert [row["name"] for row in pod["containers"][0]["ports"]] == [kept]
    assert said["ports"] == say("derived.one-port")


def test_a_port_without_a_name_gives_way_to_one_with_a_name_and_another_protocol_is_another_port() -> None:
    rows = [{"containerPort": 8080}, {"name": "h3", "containerPort": 8080, "protocol": "UDP"}, TWICE[0]]
    pod, _ = made(container(ports=rows))

    assert [row["name"] for row in pod["containers"][0]["ports"]] == ["h3", "http"]


def test_probes_that_ask_a_name_that_goes_ask_the_number() -> None:
    probes = {"readinessProbe": {"httpGet": {"port": "web"}}, "livenessProbe": {"tcpSocket": {"port": "http"}}}
    pod, _ = made(container(ports=TWICE, **probes))

    assert pod["containers"][0]["readinessProbe"] == {"httpGet": {"port": 8080}}
    assert pod["containers"][0]["livenessProbe"] == {"tcpSocket": {"port": "http"}}


def test_in_the_nodes_network_two_containers_cannot_have_one_port() -> None:
    both = (container(ports=[TWICE[0]]), container("second", ports=[{"name": "web", "containerPort": 8080}]))
    host, _ = made(*both)
    own, _ = made(*both, network=Network.HOST_PORT)

    assert "ports" not in host["containers"][1]
    assert own["containers"][1]["ports"] == [{"name": "web", "containerPort": 8080}]


def test_a_workload_that_returns_can_be_applied_too() -> None:
    kept = source(container(ports=TWICE, env=[variable("TZ", "UTC"), variable("TZ", "CET")]))
    found, said = returning(
        Kept("gateway", (), (), "Deployment", 1, "p", kept, (), "gateway-back", (), ON_NODES), named=("web",)
    )
    (proxy,) = items(found, "spec", "template", "spec", "containers")

    assert (proxy["env"], [row["name"] for row in items(proxy, "ports")]) == ([variable("TZ", "CET")], ["web"])
    assert {say("derived.last-of-a-name"), say("derived.one-port")} <= {row.reason for row in said}
    assert items(kept, "spec", "template", "spec", "containers", 0, "env")[0] == variable("TZ", "UTC")


NAMES = st.sampled_from(["a", "b", "c"])
PORTS = st.lists(st.fixed_dictionaries({"containerPort": st.integers(1, 3)}, optional={"name": NAMES}), max_size=6)


@given(PORTS, st.lists(st.tuples(NAMES, NAMES), max_size=6), st.sets(NAMES))
def test_whatever_a_container_lists_each_key_is_there_once_and_none_is_lost(
    ports: list[Any], env: list[tuple[str, str]], named: set[str]
) -> None:
    given_ports = {row["containerPort"] for row in ports}
    pod, _ = made(container(ports=ports, env=[variable(*row) for row in env]), named=tuple(named))
    (proxy,) = pod["containers"]
    left = Counter(row["containerPort"] for row in proxy.get("ports", ()))

    assert given_ports <= left.keys()
    assert set(left.values()) <= {1}
    assert {row["name"]: row["value"] for row in proxy["env"]} == dict(env)
    assert len(proxy["env"]) == len(dict(env))


def lost(patch: Any = None, **asked: Any) -> Any:
    led = service(ports=[{"port": 80, **asked}])
    plan = replace(SPEC, target=replace(SPEC.target, patch=patch))
    return list(names_still_lead(propose(world(plain=[led]), plan)))


def test_a_name_that_the_patch_takes_away_leads_nowhere_and_blocks() -> None:
    gone = {
        "spec": {
            "template": {
                "spec": {
                    "containers": [{"name": "istio-proxy", "ports": [{"containerPort": 18080, "$patch": "delete"}]}]
                }
            }
        }
    }
    (told,) = lost(gone, targetPort="http2")

    assert (told.code, told.severity) == ("ports.name-lost", Severity.BLOCK)
    assert (told["names"], told["numbers"], told["has"]) == (("http2",), (8080,), ("status",))


def test_names_that_are_kept_numbers_and_names_that_led_nowhere_before_are_no_matter() -> None:
    assert lost(targetPort="http2") == []
    assert lost(targetPort=8080) == []
    assert lost(targetPort="nobody") == []
    assert list(names_still_lead(propose(replace(world(), source=None), SPEC))) == []


def test_of_two_names_that_two_services_ask_for_the_lost_one_is_told() -> None:
    both = [service(name, ports=[{"port": 80, "targetPort": name}]) for name in ("http2", "web")]
    rows = [{"name": "http2", "containerPort": 8080}, {"name": "web", "containerPort": 8080}]
    seen = world(plain=both, source=sound(with_container(ports=rows)))

    assert [f["names"] for f in names_still_lead(propose(seen, SPEC))] == [("web",)]
