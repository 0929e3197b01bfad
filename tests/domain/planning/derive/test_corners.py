"""What derivation and guards do with odd templates: nothing that was not said, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways import PROFILES
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, dig, items, mapping
from migrator.domain.model.target import Network, PortConflict
from migrator.domain.planning.checks.workloads.derivation import undecided
from migrator.domain.planning.derive import derive
from migrator.domain.planning.derive.identity import _ports as moved_ports
from migrator.domain.planning.derive.live import TOKENS, template_of
from migrator.domain.planning.derive.strategic import patched
from migrator.domain.planning.guards.companion import companion
from migrator.domain.planning.port_conflicts import _free, _why_no_ports, ways_out
from migrator.domain.planning.proposal import propose
from tests.domain.planning.derive.gateways import deployment, spec, world

LOW = spec({8080: 80, 8443: 443})


def source(**pod: Any) -> Manifest:
    """Give the Deployment with some of its pod's fields changed; None takes one away."""
    made = deployment()
    inside = mapping(made, "spec", "template", "spec")
    for key, value in pod.items():
        inside.pop(key, None)
        if value is not None:
            inside[key] = value
    return made


def container(**more: Any) -> list[Any]:
    return [{"name": "proxy", "image": "envoy:1", "ports": [{"containerPort": 8080}], **more}]


def pod_of(made: Manifest) -> Manifest:
    return mapping(made, "spec", "template", "spec")


def test_a_grace_of_nothing_is_given_one() -> None:
    made, differences = derive(source(terminationGracePeriodSeconds=0), LOW)

    assert dig(pod_of(made), "terminationGracePeriodSeconds") != 0
    assert say("derived.grace-zero") in [difference.reason for difference in differences]


def test_a_grace_of_nothing_is_as_long_as_the_sleep_that_a_variable_tells() -> None:
    hook = {"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "sleep $DRAIN_SECONDS"]}}}}
    told = [{"name": "DRAIN_SECONDS", "value": "5"}, {"name": "DRAIN_SECONDS", "value": "45"}]
    made, _ = derive(source(terminationGracePeriodSeconds=0, containers=container(env=told, **hook)), LOW)

    assert dig(pod_of(made), "terminationGracePeriodSeconds") == 45 + 30


@pytest.mark.parametrize(
    "security",
    [
        pytest.param({"privileged": True}, id="privileged"),
        pytest.param({"capabilities": {"add": ["ALL"]}}, id="everything"),
        pytest.param({"capabilities": {"add": ["NET_BIND_SERVICE"]}}, id="there already"),
    ],
)
def test_who_may_bind_low_ports_already_is_given_nothing(security: dict[str, Any]) -> None:
    made, _ = derive(source(containers=container(securityContext=security)), LOW)

    assert items(pod_of(made), "containers")[0]["securityContext"] == security


def test_a_template_without_a_container_is_left_without_one() -> None:
    made, _ = derive(source(containers=[]), LOW)

    assert items(pod_of(made), "containers") == []


def test_labels_that_only_the_controller_set_leave_none_behind() -> None:
    bare = deployment()
    mapping(bare, "spec", "template", "metadata")["labels"] = {"pod-template-hash": "x"}

    made, _ = derive(bare, replace(LOW, target=replace(LOW.target, labels=())))

    assert "labels" not in mapping(made, "spec", "template", "metadata")


@pytest.mark.parametrize("value", ["not json", '{"containerPort": 80}', "[1]"])
def test_a_port_list_that_cannot_be_read_stays_as_it_is(value: str) -> None:
    assert moved_ports(value, LOW) == value


def test_a_live_pod_keeps_what_its_template_declares_and_loses_what_is_its_own() -> None:
    own = source(nodeName="chosen", tolerations=None)
    token = {"name": "kube-api-access-x", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
    lost = {
        "key": "node.kubernetes.io/not-ready",
        "operator": "Exists",
        "effect": "NoExecute",
        "tolerationSeconds": 300,
    }
    live: Manifest = {
        "metadata": {"name": "gateway-1"},
        "spec": {
            "nodeName": "n-1",
            "volumes": [token],
            "tolerations": [lost],
            "containers": [{"name": "proxy", "volumeMounts": [{"name": "kube-api-access-x", "mountPath": TOKENS}]}],
        },
    }

    found = mapping(template_of(live, own), "spec")

    assert found["nodeName"] == "chosen"
    assert "tolerations" not in found
    assert "volumes" not in found
    assert "volumeMounts" not in items(found, "containers")[0]


def test_tolerations_that_somebody_gave_a_live_pod_are_kept() -> None:
    spot = {"key": "spot", "operator": "Exists"}
    live: Manifest = {"metadata": {"name": "g"}, "spec": {"tolerations": [spot], "containers": [{"name": "proxy"}]}}

    assert mapping(template_of(live, source()), "spec")["tolerations"] == [spot]


@pytest.mark.parametrize(
    ("into", "patch", "after"),
    [
        pytest.param({"a": 1}, {"$deleteFromPrimitiveList/a": [1]}, {"a": 1}, id="no list to take from"),
        pytest.param({"a": [1, 2]}, {"$deleteFromPrimitiveList/a": [1]}, {"a": [2]}, id="taken from a list"),
        pytest.param({"ports": []}, {"ports": ["odd"]}, {"ports": ["odd"]}, id="an item without a key"),
        pytest.param(
            {"containers": [{"name": "a"}]},
            {"containers": [{"name": "b", "$patch": "delete"}]},
            {"containers": [{"name": "a"}]},
            id="deleting what is not there",
        ),
        pytest.param(
            {"containers": [{"name": "a"}]},
            {"containers": [{"name": "a", "$patch": "delete"}]},
            {"containers": []},
            id="deleting what is there",
        ),
        pytest.param(
            {"containers": [{"name": "a"}]},
            {"containers": [{"$patch": "replace"}, {"name": "b"}]},
            {"containers": [{"name": "b"}]},
            id="replacing the list",
        ),
        pytest.param({"finalizers": ["a"]}, {"finalizers": ["a", "b"]}, {"finalizers": ["a", "b"]}, id="a set"),
        pytest.param({"a": {"b": 1}}, {"a": {"$patch": "delete"}}, {}, id="deleting a map"),
    ],
)
def test_a_strategic_patch_follows_the_api_servers_rules(into: Any, patch: Any, after: Any) -> None:
    assert patched(into, patch) == after


def test_an_anti_affinity_by_expression_means_the_new_pods_too() -> None:
    term = {"labelSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}, "topologyKey": "x"}
    rules = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}

    assert "derive.old-pods-repel" in {
        finding.code for finding in undecided(propose(world(source(affinity=rules)), LOW))
    }


# --- guards -------------------------------------------------------------------------------------------------------


def test_without_a_source_nothing_is_guarded_and_without_a_port_no_companion_is_made() -> None:
    looked = world()
    assert looked.source is not None

    assert propose(replace(looked, source=None), LOW).changes == ()
    assert companion(LOW, looked.source, (), {}) is None


def test_a_port_that_a_service_calls_by_name_keeps_its_name() -> None:
    pod: Manifest = {
        "metadata": {"name": "g-1", "labels": {"app": "gateway", "version": "v1", "pod-template-hash": "x"}}
    }
    service: Manifest = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "gateway", "namespace": "edge", "uid": "u-9"},
        "spec": {"selector": {"app": "gateway"}, "ports": [{"port": 80, "targetPort": "http"}]},
    }

    (change,) = propose(world(pods=(pod,), objects={"Service": (service,)}), LOW).changes

    assert items(change.after, "spec", "ports") == [{"port": 80, "targetPort": "http"}]


# --- ways out -----------------------------------------------------------------------------------------------------


def test_where_no_port_is_free_the_way_is_closed() -> None:
    assert _free(80, set(range(30000))) == 0
    assert _why_no_ports(PROFILES["envoy"], Network.HOST, {80: 0}) == say("way.no-port-free", below=30000)
    assert _why_no_ports(PROFILES["envoy"], Network.HOST, {80: 10080}) is None
    assert _why_no_ports(PROFILES["istio"], Network.HOST, {15021: 25021}) == say("istio.unmovable")


def test_an_old_side_on_host_ports_gives_them_up_for_the_run() -> None:
    held = source(containers=container(ports=[{"containerPort": 8080, "hostPort": 8080}]))
    one = replace(LOW, target=replace(LOW.target, port_conflict=PortConflict.NODE_PORT))

    (way,) = ways_out(propose(world(held), one))

    assert (way.plan, way.commands) == ({"portConflict": "nodePort"}, ())
