"""What planning keeps of the objects it lists: what a check reads, and whole whatever a plan stores or derives from."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.app.plan.looking.listing import LAST_APPLIED, Listed, listed, slim_route
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.world import Listing
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster

HOME = "edge"
FIELDS = [{"manager": "kubelet"}]


def seen(kind: str, thing: Manifest, api: str = "v1", optional: bool = False) -> Any:
    """Give what is kept of one object of a kind."""
    cluster = FakeCluster(FakeClock())
    cluster.add({"apiVersion": api, "kind": kind, **thing})
    found: Listed = listed(cluster, Listing(kind, (api,), kind, optional=optional), HOME)
    (kept,) = found.objects
    return kept


def pod(namespace: str) -> Manifest:
    container: Manifest = {
        "name": "app",
        "image": "app:1",
        "env": [{"name": "A", "value": "b"}],
        "ports": [{"hostPort": 80}],
        "resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "2"}},
    }
    owner: Manifest = {"kind": "ReplicaSet", "name": "app-1", "uid": "u", "controller": True}
    meta: Manifest = {"name": "app", "namespace": namespace, "managedFields": FIELDS, "ownerReferences": [owner]}
    spec: Manifest = {"nodeName": "n-1", "containers": [container], "volumes": [{"name": "v"}]}
    return {"metadata": meta, "spec": spec, "status": {"phase": "Running", "podIP": "10.0.0.1"}}


def test_a_pod_of_another_namespace_is_kept_as_what_it_holds_on_its_node() -> None:
    kept = seen("Pod", pod("shop"))

    assert kept["metadata"]["ownerReferences"] == [{"kind": "ReplicaSet", "name": "app-1", "controller": True}]
    assert kept["spec"] == {
        "nodeName": "n-1",
        "containers": [{"name": "app", "ports": [{"hostPort": 80}], "resources": {"requests": {"cpu": "1"}}}],
    }
    assert kept["status"] == {"phase": "Running"}


def test_a_pod_of_another_namespace_keeps_whom_it_repels_and_what_it_asks_in_its_nodes_network() -> None:
    rule: Any = {"labelSelector": {"matchLabels": {"app": "gw"}}, "topologyKey": "kubernetes.io/hostname"}
    repels = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [rule]}}
    made: Any = pod("shop")
    made["spec"] |= {"hostNetwork": True, "affinity": {**repels, "nodeAffinity": {}}, "overhead": {"cpu": "1"}}
    made["spec"]["resources"] = {"requests": {"cpu": "2"}, "limits": {"cpu": "3"}}
    made["spec"]["containers"][0] |= {"livenessProbe": {"httpGet": {"port": 8080}}, "lifecycle": {}}
    kept = seen("Pod", made)

    assert kept["spec"]["affinity"] == repels
    assert (kept["spec"]["resources"], kept["spec"]["overhead"]) == ({"requests": {"cpu": "2"}}, {"cpu": "1"})
    assert kept["spec"]["containers"][0]["livenessProbe"] == {"httpGet": {"port": 8080}}


def test_a_pod_of_the_gateways_namespace_stays_whole_for_a_daemonset_may_be_derived_from_it() -> None:
    kept = seen("Pod", pod(HOME))

    assert kept["spec"] == pod(HOME)["spec"]
    assert "managedFields" not in kept["metadata"]


def test_a_node_is_kept_without_its_images() -> None:
    condition = {"type": "Ready", "status": "True", "message": "kubelet is posting ready status"}
    status: Manifest = {"images": [{"sizeBytes": 1}], "conditions": [condition], "allocatable": {"cpu": "4"}}
    kept = seen("Node", {"metadata": {"name": "n-1"}, "status": status})

    assert kept["status"] == {"allocatable": {"cpu": "4"}, "conditions": [{"type": "Ready", "status": "True"}]}


@pytest.mark.parametrize(("kind", "whole"), [("VirtualService", False), ("ScaledObject", True)])
def test_settings_lose_their_status_unless_the_plan_stores_them(kind: str, whole: bool) -> None:
    meta: Manifest = {"name": "a", "namespace": HOME, "annotations": {LAST_APPLIED: "{}", "team": "web"}}
    kept = seen(kind, {"metadata": meta, "spec": {"b": 1}, "status": {"c": 2}}, "x.example/v1", optional=True)

    assert kept["spec"] == {"b": 1}
    assert ("status" in kept) is whole
    assert (LAST_APPLIED in kept["metadata"]["annotations"]) is whole
    assert kept["metadata"]["annotations"]["team"] == "web"


def test_a_cilium_policy_keeps_its_several_rules() -> None:
    meta: Manifest = {"name": "p", "namespace": HOME}

    kept = seen("CiliumNetworkPolicy", {"metadata": meta, "specs": [{"ingress": []}]}, "cilium.io/v2", optional=True)

    assert kept["specs"] == [{"ingress": []}]


def test_an_ingress_keeps_its_class_and_what_it_can_be_asked_for_and_nobody_behind_it() -> None:
    behind: Manifest = {"service": {"name": "shop", "port": {"number": 80}}}
    path: Manifest = {"path": "/cart", "pathType": "Prefix", "backend": behind}
    spec: Manifest = {"ingressClassName": "istio", "rules": [{"host": "a", "http": {"paths": [path]}}]}

    kept = seen("Ingress", {"metadata": {"name": "i", "namespace": HOME}, "spec": spec}, "networking.k8s.io/v1")

    assert kept["spec"] == {
        "ingressClassName": "istio",
        "rules": [{"host": "a", "http": {"paths": [{"path": "/cart"}]}}],
    }


def test_a_route_keeps_what_its_gateways_say_of_it_and_nothing_more() -> None:
    condition: Manifest = {"type": "Accepted", "status": "True", "reason": "Accepted", "message": "long"}
    said: Manifest = {"parentRef": {"name": "edge"}, "controllerName": "c", "conditions": [condition]}
    route: Manifest = {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "shop", "namespace": "shop", "uid": "u"},
        "spec": {"parentRefs": [{"name": "edge"}]},
        "status": {"parents": [said]},
    }

    kept = slim_route(route, "shop")

    short = {"type": "Accepted", "status": "True", "reason": "Accepted"}
    assert kept["status"] == {"parents": [{"parentRef": {"name": "edge"}, "conditions": [short]}]}
    assert kept["metadata"] == {"name": "shop", "namespace": "shop"}
