"""EnvoyFilters: what a patch can match by, and twins that give the other side the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.istio.filters import named_ports, of_version
from migrator.domain.model.manifests import Manifest, merged
from tests.domain.gateways.istio.ground import cells, changed, envoy_filter, patch, rows
from tests.domain.planning.checks.ground import HASH, OLD, SHARED, SPACE, SPEC, pod, thing, with_container
from tests.domain.planning.checks.ground import deployment as source

MATCHED = [
    pytest.param({"metadata": {"WORKLOAD_NAME": OLD}}, "old only", id="the old workload's name"),
    pytest.param({"metadata": {"WORKLOAD_NAME": "other"}}, "none", id="somebody else's name"),
    pytest.param({"metadata": {"NAMESPACE": SPACE}}, "both", id="the namespace"),
    pytest.param({"metadata": {"NAMESPACE": "shop"}}, "none", id="another namespace"),
    pytest.param({"metadata": {"CLUSTER_ID": "Kubernetes"}}, "both", id="what nobody knows is the same on both"),
    pytest.param({"metadata": {"NAMESPACE": SPACE, "WORKLOAD_NAME": OLD}}, "old only", id="all keys must match"),
    pytest.param({"metadata": {"NAME": f"{OLD}-{HASH}-1"}}, "old only", id="one pod's name"),
    pytest.param({"metadata": {"NODE_NAME": "node-1"}}, "new only", id="a node of the plan"),
    pytest.param({"proxyVersion": r"^1\.29.*"}, "both", id="the version of both"),
    pytest.param({"proxyVersion": r"^1\.28.*"}, "none", id="another version"),
]


@pytest.mark.parametrize(("proxy", "cell"), MATCHED)
def test_a_patch_can_name_proxies(proxy: Any, cell: str) -> None:
    assert cells(envoy_filter(patch(proxy=proxy))) == [cell]


def env(*rows: Manifest) -> Manifest:
    return source(with_container(env=list(rows)))


SAID = [
    pytest.param({"value": "custom"}, "custom", "both", id="a literal that nobody renames"),
    pytest.param({"value": OLD}, OLD, "old only", id="a literal that is renamed with the workload"),
    pytest.param(
        {"valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}}, SPACE, "both", id="a field of the pod"
    ),
    pytest.param(
        {"valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['version']"}}}, "v2", "new only", id="a label"
    ),
    pytest.param({"value": "$(POD)"}, OLD, "old only", id="what the agent fills in is the workload's own"),
    pytest.param({"valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}, OLD, "old only", id="an unknown field"),
]


@pytest.mark.parametrize(("said", "value", "cell"), SAID)
def test_the_proxys_environment_says_its_metadata(said: Any, value: str, cell: str) -> None:
    made = env({"name": "OTHER", "value": "x"}, {"name": "ISTIO_META_WORKLOAD_NAME", **said})

    assert cells(envoy_filter(patch(proxy={"metadata": {"WORKLOAD_NAME": value}})), source=made) == [cell]


def test_a_version_that_only_the_live_pods_have_is_one_sided_and_its_twin_names_the_other() -> None:
    named: Any = pod(
        f"{OLD}-{HASH}-1", dict(SHARED), containers=[{"name": "istio-proxy", "image": "proxyv2:1.28.3-debug"}]
    )
    live = merged(named, {"metadata": {"annotations": {"sidecar.istio.io/status": "{}"}}})
    made = envoy_filter(patch(proxy={"proxyVersion": r"^1\.28"}))

    (row,) = rows(made, live)

    assert (str(row.reach), row.why and row.why.code) == ("old only", "reach.by-version")
    assert cells(changed(made, row.widening), live) == ["both"]


def test_a_pattern_that_is_none_keeps_nobody_out() -> None:
    assert of_version("(", "1.29")
    assert of_version("^1", "")
    assert not of_version("^2", "1.29")


NAMED = [
    pytest.param({"listener": {"portNumber": 8080}}, {8080}, id="number"),
    pytest.param({"listener": {"name": "0.0.0.0_8080"}}, {8080}, id="listener"),
    pytest.param({"listener": {"name": "::_8080"}}, {8080}, id="IPv6 listener"),
    pytest.param({"listener": {"name": "virtualInbound"}}, set(), id="another listener"),
    pytest.param({"routeConfiguration": {"name": "http.8080"}}, {8080}, id="route"),
    pytest.param({"routeConfiguration": {"name": "http.8080.10.0.0.1"}}, {8080}, id="route with an address"),
    pytest.param(
        {"routeConfiguration": {"name": "https.8080.https.edge.shop"}}, set(), id="named by the Gateway's port"
    ),
    pytest.param({"routeConfiguration": {"portNumber": 8080}}, set(), id="the Gateway's port"),
    pytest.param({"routeConfiguration": {"vhost": {"name": "a.example:8080"}}}, set(), id="virtual host"),
]


@pytest.mark.parametrize(("match", "ports"), NAMED)
def test_only_what_is_named_by_the_listening_port_moves(match: Any, ports: set[int]) -> None:
    assert named_ports(match) == ports


def test_a_patch_whose_twin_is_there_is_not_one_sided_in_one_filter_or_in_two() -> None:
    old, new = patch(listener={"portNumber": 8080}), patch(listener={"portNumber": 18080})

    assert cells(envoy_filter(old, new)) == ["both"]
    assert cells(envoy_filter(old, name="a"), envoy_filter(new, name="b")) == ["both", "both"]
    assert cells(envoy_filter(old, name="a"), envoy_filter(new, name="b", space="shop")) == ["old only", "none"]


def test_two_filters_with_a_selector_each_are_twins_when_their_patches_are() -> None:
    first = envoy_filter(
        patch(listener={"portNumber": 8080}), name="a", workloadSelector={"labels": {"pod-template-hash": HASH}}
    )
    second = envoy_filter(
        patch(listener={"portNumber": 18080}), name="b", workloadSelector={"labels": {"version": "v2"}}
    )
    other = envoy_filter(patch(), name="b", workloadSelector={"labels": {"version": "v2"}})

    assert cells(first, second) == ["both", "both"]
    assert cells(first, other) == ["old only", "new only"]


def test_two_policies_with_a_selector_each_are_twins_when_they_say_the_same() -> None:
    def policy(name: str, labels: Any, **more: Any) -> Manifest:
        return thing("AuthorizationPolicy", name, {"selector": {"matchLabels": labels}, "action": "DENY", **more})

    old, new = policy("a", {"pod-template-hash": HASH}), policy("b", {"version": "v2"})

    assert cells(old, new) == ["both", "both"]
    assert cells(old, policy("b", {"version": "v2"}, rules=[{}])) == ["old only", "new only"]


def test_two_plugins_with_a_selector_each_are_twins_when_their_ports_are() -> None:
    def plugin(name: str, labels: Any, port: int) -> Manifest:
        match = [{"ports": [{"number": port}]}]
        return thing("WasmPlugin", name, {"selector": {"matchLabels": labels}, "url": "oci://x", "match": match})

    old, new = plugin("a", {"pod-template-hash": HASH}, 8080), plugin("b", {"version": "v2"}, 18080)

    assert cells(old, new) == ["both", "both"]
    assert cells(old, plugin("b", {"version": "v2"}, 443)) == ["old only", "new only"]


def test_the_way_back_moves_the_ports_of_the_old_pods_on_nodes() -> None:
    same = replace(SPEC, target=replace(SPEC.target, ports=()))

    assert cells(envoy_filter(patch(listener={"portNumber": 8080})), spec=same) == ["both"]
