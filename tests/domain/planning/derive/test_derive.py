"""Deriving from a Deployment that has one of everything."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from migrator.adapters.balancers import clouds
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, dig, items, labels, selects
from migrator.domain.model.spec import SourceSpec, Spec
from migrator.domain.model.target import Network
from migrator.domain.planning.derive import derive
from migrator.domain.planning.derive.compare import differences
from tests.domain.planning.derive.gateways import deployment, spec

POD = ("spec", "template", "spec")


def made(plan: Spec | None = None, source: Manifest | None = None) -> Manifest:
    named = [name for cloud in clouds() for name in cloud.pod_addresses]
    return derive(source or deployment(), plan or spec({8080: 80, 8443: 443}), pod_addresses=named)[0]


def test_the_pods_stand_on_the_ports_of_their_nodes():
    proxy, shutdown = items(made(), *POD, "containers")

    ports = [(port["containerPort"], port["hostPort"]) for port in items(proxy, "ports")]
    assert ports == [(80, 80), (443, 443), (15021, 15021)]
    assert "ports" not in shutdown


def test_hostnetwork_brings_its_dns_policy_and_loses_only_the_net_sysctls():
    pod = dig(made(), *POD)

    assert (dig(pod, "hostNetwork"), dig(pod, "dnsPolicy")) == (True, "ClusterFirstWithHostNet")
    assert dig(pod, "securityContext", "sysctls") == [{"name": "kernel.shm_rmid_forced", "value": "0"}]


@pytest.mark.parametrize("policy", ["Default", "None"])
def test_a_dns_policy_that_somebody_chose_is_kept(policy):
    source = deployment()
    source["spec"]["template"]["spec"]["dnsPolicy"] = policy

    assert dig(made(source=source), *POD, "dnsPolicy") == policy


def test_what_spreads_replicas_goes_and_the_plans_nodes_are_bound():
    pod = dig(made(), *POD)

    assert "affinity" not in pod
    assert "topologySpreadConstraints" not in pod
    assert pod["nodeSelector"] == {"arch": "amd64", "role": "edge"}
    assert [row["key"] for row in pod["tolerations"]] == ["spot", "role"]


def test_probes_and_hooks_follow_the_port_map_where_they_ask_by_number():
    proxy, shutdown = items(made(), *POD, "containers")

    assert dig(proxy, "readinessProbe", "httpGet", "port") == 80
    assert dig(proxy, "livenessProbe", "tcpSocket", "port") == "http"
    assert dig(shutdown, "lifecycle", "preStop", "httpGet", "port") == 443
    assert "8080" in dig(proxy, "lifecycle", "preStop", "exec", "command", 2)


def test_a_port_below_1024_comes_with_the_capability_and_a_high_one_without():
    low = items(made(), *POD, "containers")[0]
    high = items(made(spec({8080: 18080, 8443: 18443})), *POD, "containers")[0]

    assert dig(low, "securityContext", "capabilities", "add") == ["NET_BIND_SERVICE"]
    assert "securityContext" not in high


def test_a_grace_that_ends_within_the_prestop_is_raised():
    assert dig(made(), *POD, "terminationGracePeriodSeconds") == 55


def test_an_address_of_its_own_is_not_asked_for_in_the_hosts_network():
    assert dig(items(made(), *POD, "containers")[0], "resources", "limits") == {"cpu": "1"}


def test_what_only_a_deployment_has_is_gone_and_nothing_restarts_during_the_run():
    found = dig(made(), "spec")

    assert not {"replicas", "strategy", "paused", "progressDeadlineSeconds"} & found.keys()
    assert found["updateStrategy"] == {"type": "OnDelete"}
    assert found["revisionHistoryLimit"] == 5


def test_the_selector_keeps_what_the_new_labels_satisfy():
    found = dig(made(), "spec", "selector")

    assert found["matchLabels"] == {"app": "gateway", "version": "v2"}
    assert [row["key"] for row in found["matchExpressions"]] == ["app"]


def test_labels_by_which_installers_prune_are_not_copied():
    assert labels(made(), "metadata", "labels") == {"app": "gateway", "app.kubernetes.io/managed-by": "migrator"}


def test_with_host_ports_only_the_mapped_ports_are_mapped_and_nothing_else_moves():
    pod = dig(made(spec({8080: 80}, Network.HOST_PORT)), *POD)
    http, https = items(pod, "containers", 0, "ports")

    assert (http["containerPort"], http["hostPort"]) == (8080, 80)
    assert "hostPort" not in https
    assert "hostNetwork" not in pod
    assert len(pod["securityContext"]["sysctls"]) == 2
    assert dig(pod, "containers", 0, "readinessProbe", "httpGet", "port") == 8080


def test_a_port_behind_the_balancer_is_declared_so_that_the_scheduler_keeps_it_free():
    source = deployment()
    source["spec"]["template"]["spec"]["containers"][0]["ports"] = [{"name": "metrics", "containerPort": 15090}]

    host, _ = derive(source, spec(), dialled=frozenset({8080}))
    mapped, _ = derive(source, spec({8080: 80}, Network.HOST_PORT), dialled=frozenset({80}))

    assert [p["containerPort"] for p in items(host, *POD, "containers", 0, "ports")] == [15090, 8080, 15021]
    assert {"containerPort": 8080, "hostPort": 80, "protocol": "TCP"} in items(mapped, *POD, "containers", 0, "ports")


def test_the_plans_patch_has_the_last_word_and_is_listed():
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "proxy", "image": "envoy:2"}]}}}}

    daemonset, said = derive(deployment(), spec(patch=patch))

    assert [row["image"] for row in items(daemonset, *POD, "containers")] == ["envoy:2", "shutdown:1"]
    assert [d.now for d in said if d.reason == say("derived.patch")] == ["envoy:2"]


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(spec({8080: 80, 8443: 443}), id="low ports"),
        pytest.param(spec(), id="the same ports"),
        pytest.param(spec({8080: 80}, Network.HOST_PORT), id="mapped by the CNI"),
        pytest.param(spec(patch={"spec": {"template": {"spec": {"priorityClassName": "high"}}}}), id="patched"),
    ],
)
def test_every_difference_is_listed_with_its_reason(plan):
    """Nothing differs between the two objects that no listed path covers, and nothing listed is equal."""
    source = deployment()

    daemonset, said = derive(source, plan)

    was, now = ({"labels": m["metadata"]["labels"]} for m in (source, daemonset))
    real = [*differences({"metadata": was, "spec": source["spec"]}, {"metadata": now, "spec": daemonset["spec"]}, "")]
    silent = [d.path for d in real if not any(d.path.startswith(s.path) or s.path.startswith(d.path) for s in said)]
    assert silent == []
    assert all(d.reason and d.was != d.now for d in said)


def test_what_was_given_is_neither_changed_nor_shared():
    source, before = deployment(), deployment()

    daemonset, _ = derive(source, spec({8080: 80}))
    _scribble(daemonset)

    assert source == before


def test_deriving_twice_gives_the_same_and_from_its_own_template_nothing_new():
    plan = spec({8080: 18080})
    first, _ = derive(deployment(), plan)
    again = {**deployment(), "spec": {**deployment()["spec"], "template": copy.deepcopy(first["spec"]["template"])}}

    second, _ = derive(again, spec({18080: 18080}))

    assert derive(deployment(), plan)[0] == first
    assert second["spec"]["template"] == first["spec"]["template"]


def test_the_selector_finds_the_new_pods_and_not_the_old_ones():
    daemonset = made()

    chosen = labels(daemonset, "spec", "selector", "matchLabels")
    assert selects(chosen, labels(daemonset, "spec", "template", "metadata", "labels"))
    assert not selects(chosen, labels(deployment(), "spec", "template", "metadata", "labels"))


def _scribble(value):
    """Change every container of a value, however deep."""
    if isinstance(value, dict):
        for item in value.values():
            _scribble(item)
        value["scribbled"] = True
    elif isinstance(value, list):
        for item in value:
            _scribble(item)
        value.append("scribbled")


def test_a_daemonset_becomes_one_on_the_plans_nodes_and_only_what_it_had_is_said_to_go():
    source = deployment() | {"kind": "DaemonSet"}
    kept = {key: source["spec"][key] for key in ("selector", "template", "revisionHistoryLimit")}
    source["spec"] = {**kept, "updateStrategy": {"type": "RollingUpdate"}}
    plan = replace(spec(), source=SourceSpec("DaemonSet", "gateway"))

    made, said = derive(source, plan)

    paths = {row.path: (row.was, row.now) for row in said}
    assert (made["kind"], dig(made, "metadata", "name")) == ("DaemonSet", "gateway-ds")
    assert dig(made, *POD, "nodeSelector", "role") == "edge"
    assert paths["spec.updateStrategy"] == ({"type": "RollingUpdate"}, {"type": "OnDelete"})
    assert not {"spec.strategy", "spec.replicas"} & paths.keys()


def test_the_owner_that_istio_is_told_is_renamed_whichever_kind_it_was():
    source = deployment()
    owner = {"name": "ISTIO_META_OWNER", "value": "kubernetes://apis/apps/v1/namespaces/edge/daemonsets/gateway"}
    source["spec"]["template"]["spec"]["containers"][0]["env"] = [owner]

    made, _ = derive(source, replace(spec(), source=SourceSpec("DaemonSet", "gateway")))

    told = items(made, *POD, "containers")[0]["env"]
    assert told[0]["value"].endswith("/daemonsets/gateway-ds")
