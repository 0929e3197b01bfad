"""An Istio gateway's Deployment is a stub; the DaemonSet comes from a pod that was injected."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from migrator.app.plan.digest import digest
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Manifest, dig, items, labels
from migrator.domain.model.subjects import container_subject
from migrator.domain.model.target import Network
from migrator.domain.planning.checks.workloads.derivation import undecided
from migrator.domain.planning.proposal import propose
from migrator.domain.planning.resting.facts import facts, moved
from tests.domain.planning.derive.gateways import NAMESPACE, deployment, spec, world

POD = ("spec", "template", "spec")
PLAN = spec({8080: 80}, kind="istio")


def stub() -> Manifest:
    """Give the Deployment as the gateway chart writes it."""
    source: Any = deployment()
    meta = {
        "labels": {"app": "gateway", "sidecar.istio.io/inject": "true"},
        "annotations": {"inject.istio.io/templates": "gateway"},
    }
    container = {"name": "istio-proxy", "image": "auto", "ports": [{"containerPort": 15090, "name": "http-envoy-prom"}]}
    source["spec"]["template"] = {
        "metadata": meta,
        "spec": {"serviceAccountName": "gateway", "containers": [container]},
    }
    source["spec"]["selector"] = {"matchLabels": {"app": "gateway"}}
    return source


def injected(name: str = "gateway-6d9f-abcde") -> Manifest:
    """Give a pod of it as the server shows it once it runs."""
    token = {"name": "kube-api-access-x", "projected": {"sources": [{"serviceAccountToken": {"path": "token"}}]}}
    istio = {"name": "istio-token", "projected": {"sources": [{"serviceAccountToken": {"audience": "istio-ca"}}]}}
    mounts = [
        {"name": "istio-token", "mountPath": "/var/run/secrets/tokens"},
        {"name": "kube-api-access-x", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": True},
    ]
    env = [
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "POD_LITERAL", "value": name},
        {"name": "NODE_LITERAL", "value": "node-7"},
        {"name": "ADDRESS", "value": "10.2.3.4"},
        {"name": "ISTIO_META_WORKLOAD_NAME", "value": "gateway"},
        {"name": "ISTIO_META_OWNER", "value": f"kubernetes://apis/apps/v1/namespaces/{NAMESPACE}/deployments/gateway"},
        {"name": "ISTIO_META_POD_PORTS", "value": '[{"containerPort":8080}]'},
        {"name": "ISTIO_META_CLUSTER_ID", "value": "Kubernetes"},
    ]
    lost = [
        {"key": f"node.kubernetes.io/{why}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
        for why in ("not-ready", "unreachable")
    ]
    pod: Any = {
        "metadata": {
            "name": name,
            "namespace": NAMESPACE,
            "uid": "u-77",
            "labels": {
                "app": "gateway",
                "pod-template-hash": "6d9f",
                "sidecar.istio.io/inject": "true",
                "service.istio.io/canonical-name": "gateway",
            },
            "annotations": {
                "inject.istio.io/templates": "gateway",
                "sidecar.istio.io/status": "{}",
                "prometheus.io/port": "15020",
                "cni.projectcalico.org/podIP": "10.2.3.4/32",
            },
            "ownerReferences": [{"kind": "ReplicaSet", "name": "gateway-6d9f"}],
        },
        "spec": {
            "nodeName": "node-7",
            "serviceAccountName": "gateway",
            "serviceAccount": "gateway",
            "priority": 0,
            "preemptionPolicy": "PreemptLowerPriority",
            "tolerations": lost,
            "dnsPolicy": "ClusterFirst",
            "securityContext": {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]},
            "containers": [
                {
                    "name": "istio-proxy",
                    "image": "docker.io/istio/proxyv2:1.24.0",
                    "env": env,
                    "ports": [{"containerPort": 15090, "name": "http-envoy-prom"}],
                    "readinessProbe": {"httpGet": {"path": "/healthz/ready", "port": 15021}},
                    "volumeMounts": mounts,
                }
            ],
            "volumes": [istio, token],
        },
        "status": {"podIP": "10.2.3.4", "hostIP": "192.168.0.7"},
    }
    return pod


def env_of(made: Manifest) -> dict[str, Any]:
    return {row["name"]: row.get("value", row.get("valueFrom")) for row in items(made, *POD, "containers", 0, "env")}


def test_the_new_pods_have_what_the_injector_put_in():
    made = propose(world(stub(), (injected(),)), PLAN).workload

    (proxy,) = items(made, *POD, "containers")
    assert proxy["image"] == "docker.io/istio/proxyv2:1.24.0"
    assert [volume["name"] for volume in items(made, *POD, "volumes")] == ["istio-token"]
    assert [mount["name"] for mount in items(proxy, "volumeMounts")] == ["istio-token"]


def test_nothing_of_the_single_pod_is_left():
    made = propose(world(stub(), (injected(),)), PLAN).workload

    text = str(made)
    for trace in (
        "6d9f",
        "node-7",
        "10.2.3.4",
        "u-77",
        "kube-api-access",
        "preemptionPolicy",
        "not-ready",
        "ReplicaSet",
    ):
        assert trace not in text
    assert "sysctls" not in dig(made, *POD, "securityContext")
    assert labels(made, "spec", "template", "metadata", "annotations") == {
        "inject.istio.io/templates": "gateway",
        "prometheus.io/port": "15020",
    }


def test_the_gateway_says_its_new_name_and_the_pod_its_own():
    env = env_of(propose(world(stub(), (injected(),)), PLAN).workload)

    assert env["ISTIO_META_WORKLOAD_NAME"] == "gateway-ds"
    assert env["ISTIO_META_OWNER"].endswith("/daemonsets/gateway-ds")
    assert env["ISTIO_META_POD_PORTS"] == '[{"containerPort":80}]'
    assert env["POD_LITERAL"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    assert env["NODE_LITERAL"] == {"fieldRef": {"fieldPath": "spec.nodeName"}}
    assert env["ADDRESS"] == {"fieldRef": {"fieldPath": "status.podIP"}}
    assert env["ISTIO_META_CLUSTER_ID"] == "Kubernetes"


def test_the_webhook_is_told_that_all_is_done():
    made = propose(world(stub(), (injected(),)), PLAN).workload

    assert labels(made, "spec", "template", "metadata", "labels")["sidecar.istio.io/inject"] == "false"


def test_the_mapped_and_the_probed_ports_are_declared():
    made = propose(world(stub(), (injected(),)), PLAN).workload

    assert [port["hostPort"] for port in items(made, *POD, "containers", 0, "ports")] == [15090, 80, 15021]


def test_the_live_pod_is_not_changed():
    pod = injected()
    before = copy.deepcopy(pod)

    propose(world(stub(), (pod,)), PLAN)

    assert pod == before


def test_with_host_ports_the_stub_stays_for_the_webhook_to_fill_in():
    plan = spec({8080: 80}, Network.HOST_PORT, "istio")

    made = propose(world(stub(), (injected(),)), plan).workload

    assert items(made, *POD, "containers")[0]["image"] == "auto"
    assert labels(made, "spec", "template", "metadata", "labels")["sidecar.istio.io/inject"] == "true"


def test_without_an_injected_pod_the_plan_is_blocked():
    plain: Any = injected()
    del plain["metadata"]["annotations"]["sidecar.istio.io/status"]

    found = [finding.code for finding in undecided(propose(world(stub(), (plain,)), PLAN))]

    assert "derive.no-injected-pod" in found
    assert "derive.no-injected-pod" not in [f.code for f in undecided(propose(world(stub(), (injected(),)), PLAN))]


def test_a_sidecar_that_will_stay_away_blocks():
    found = [finding.code for finding in undecided(propose(world(deployment(), (injected(),)), spec(kind="nginx")))]

    assert "derive.sidecar-stays-away" in found


def test_what_cannot_be_rewritten_is_named():
    found = {finding.code: finding for finding in undecided(propose(world(deployment()), spec({8080: 80, 8443: 443})))}

    assert {"derive.port-in-words", "derive.listener-moves", "derive.old-pods-repel"} <= found.keys()
    places = [
        f.subject for f in undecided(propose(world(deployment()), spec({8080: 80}))) if f.code == "derive.port-in-words"
    ]
    assert places == [container_subject("proxy", "args"), container_subject("proxy", "lifecycle.preStop.exec.command")]


def listens(at=0, **changes):
    made = deployment()
    made["spec"]["template"]["spec"]["containers"][at] |= changes
    found = [f for f in undecided(propose(world(made), spec({8080: 18080}))) if f.code == "derive.port-in-words"]
    return {(str(f.subject["part"]), f.variant, f.severity.value) for f in found}


def test_arguments_that_tell_a_port_which_the_manifest_no_longer_declares_block():
    assert ("args", "listens", "block") in listens(args=["--http-port=8080"])
    assert ("command", "listens", "block") in listens(command=["gateway", "-listen", ":8080"])
    assert ("command", "", "warn") in listens(1, command=["shutdown", "--gateway=localhost:8080"])
    assert ("env PORT", "", "warn") in listens(env=[{"name": "PORT", "value": "8080"}])


def test_a_patch_that_would_lose_the_pods_blocks():
    for patch in (
        {"metadata": {"name": "another"}},
        {"spec": {"template": {"metadata": {"labels": {"version": "v9"}}}}},
        {"spec": {"template": {"spec": {"hostNetwork": False}}}},
    ):
        plan = replace(PLAN, target=replace(PLAN.target, patch=patch))

        assert "derive.patch-breaks" in [f.code for f in undecided(propose(world(), plan))]


def facts_of(*pods: Manifest, plan: Any = PLAN) -> dict[str, str]:
    return dict(facts(propose(world(stub(), pods), plan), digest))


def test_the_plan_rests_on_what_was_injected_and_not_on_the_pod_it_was_read_from():
    """`run` compares these facts: another pod of the same injection is the same plan, another image is another."""
    first, other = facts_of(injected()), facts_of(injected("gateway-6d9f-zzzzz"))
    changed: Any = injected()
    changed["spec"]["containers"][0]["image"] = "proxyv2:1.30"
    told: Any = injected()
    told["spec"]["containers"][0]["env"].append({"name": "ISTIO_META_DNS_CAPTURE", "value": "true"})

    assert moved(tuple(first.items()), tuple(other.items())) == ()
    for pod in (changed, told):
        (said,) = moved(tuple(first.items()), tuple(facts_of(pod).items()))
        assert said["fact"] == say("fact.live")


def test_a_plan_that_does_not_derive_from_a_live_pod_does_not_rest_on_one():
    host_port = spec({8080: 80}, Network.HOST_PORT, "istio")

    assert not any(name.startswith("injected") for name in (*facts_of(), *facts_of(injected(), plan=host_port)))
