"""What keeps others' hands off: each change is absolute, has a reason, and its undo gives back exactly what was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.adapters.balancers import profile_of
from migrator.adapters.balancers.aliyun.cloud import IGNORE_WEIGHTS
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Manifest, dig, holds, labels, merged, selects
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import World, template_labels
from migrator.domain.planning.guards import companion, unguarded
from migrator.domain.planning.proposal import propose
from tests.domain.planning.derive.gateways import NAMESPACE, deployment, spec, world

OLD_LABELS = {"app": "gateway", "version": "v1", "pod-template-hash": "x"}


def pod(number: int, **more: str) -> Manifest:
    return {"metadata": {"name": f"gateway-x-{number}", "namespace": NAMESPACE, "labels": {**OLD_LABELS, **more}}}


def service(name: str = "gateway", annotations: dict[str, str] | None = None, **more: Any) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": NAMESPACE, "uid": name, "annotations": annotations or {}},
        "spec": {"selector": {"app": "gateway"}, "ports": [{"port": 80, "targetPort": 8080}], **more},
    }


def scaler(kind: str, version: str, body: Manifest, **meta: Any) -> Manifest:
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "gateway"}}
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": kind, "namespace": NAMESPACE, "uid": kind, **meta},
        "spec": {**target, **body},
    }


def hpa(body: Manifest, **meta: Any) -> Manifest:
    return scaler("HorizontalPodAutoscaler", "autoscaling/v2", body, **meta)


def keda(body: Manifest, **meta: Any) -> Manifest:
    return scaler("ScaledObject", "keda.sh/v1alpha1", body, **meta)


def seen(*objects: Manifest, source: Manifest | None = None, pods: tuple[Manifest, ...] | None = None) -> World:
    by_kind: dict[str, tuple[Manifest, ...]] = {}
    for found in objects:
        by_kind[str(found["kind"])] = (*by_kind.get(str(found["kind"]), ()), found)
    return world(source, (pod(1), pod(2), pod(3)) if pods is None else pods, objects=by_kind)


def changes(world: World, wanted: Spec) -> tuple[Change, ...]:
    return propose(world, wanted).changes


ALL = [
    pytest.param(service(), id="a Service that would catch the new pods"),
    pytest.param(service(annotations={IGNORE_WEIGHTS: "off"}), id="a Service of ACK"),
    pytest.param(hpa({"minReplicas": 2, "maxReplicas": 9}), id="an HPA"),
    pytest.param(hpa({"maxReplicas": 9}), id="an HPA without a floor"),
    pytest.param(hpa({"minReplicas": 1, "maxReplicas": 2}), id="an HPA with a low ceiling"),
    pytest.param(keda({"minReplicaCount": 1, "idleReplicaCount": 0}), id="a ScaledObject that idles"),
    pytest.param(keda({"maxReplicaCount": 2}), id="a ScaledObject with a low ceiling"),
]


@pytest.mark.parametrize("found", ALL)
def test_the_undo_gives_back_what_was(found):
    for change in changes(seen(found), spec()):
        guarded = merged(found, change.patch)

        assert holds(guarded, change.patch)
        assert not holds(found, change.patch)
        back = merged(guarded, change.undo)
        assert holds(back, change.undo)
        assert without_defaults(back) == without_defaults(found)
        assert change.why


def without_defaults(found: Manifest) -> Manifest:
    """Give the object with the floor that the server sets, and with the empty map that it drops."""
    meta = {"annotations": {}, **found["metadata"]}  # type: ignore[dict-item]
    return {**found, "metadata": meta, "spec": {"minReplicas": 1, **found["spec"]}}  # type: ignore[dict-item]


@pytest.mark.parametrize("found", ALL)
def test_there_is_something_to_do_once_and_nothing_twice(found):
    first = changes(seen(found), spec())
    after = found
    for change in first:
        after = merged(after, change.patch)

    assert first
    assert [change.patch for change in changes(seen(after), spec()) if change.patch] == []


def test_a_service_is_narrowed_by_the_label_that_tells_the_sides_apart():
    (change,) = changes(seen(service()), spec())

    assert change.patch == {"spec": {"selector": {"version": "v1"}}}
    selector = labels(merged(service(), change.patch), "spec", "selector")
    assert selects(selector, OLD_LABELS)
    assert not selects(selector, {"app": "gateway", "version": "v2"})


def test_no_service_is_ever_narrowed_by_a_template_hash():
    source = deployment()
    del source["spec"]["template"]["metadata"]["labels"]["version"]

    assert changes(seen(service(), source=source), spec()) == ()


def test_a_label_that_one_old_pod_lacks_narrows_nothing():
    pods = (pod(1), pod(2, version="v0"))

    assert propose(seen(pods=pods), spec()).services.telling is None
    assert changes(seen(service(), pods=pods), spec()) == ()


def test_nothing_is_done_to_a_service_that_cannot_catch_the_new_pods_until_retire_leads_it_to_them():
    found = service(selector={"app": "gateway", "version": "v1"})

    (change,) = changes(seen(found), spec({8080: 80}))

    assert (change.patch, change.undo) == ({}, {})
    led = merged(found, change.after)
    assert labels(led, "spec", "selector") == {"app": "gateway", "version": "v2"}
    assert dig(led, "spec", "ports", 0, "targetPort") == 80
    assert merged(led, change.back) == found
    assert change.original == change.back


def test_when_the_old_side_is_gone_the_service_leads_to_the_new_ports():
    (change,) = changes(seen(service()), spec({8080: 80}))

    after = merged(merged(service(), change.patch), change.after)
    assert labels(after, "spec", "selector") == {"app": "gateway", "version": "v2"}
    assert dig(after, "spec", "ports", 0, "targetPort") == 80


def test_the_cloud_controller_is_told_before_anything_makes_it_sync():
    found = service(annotations={"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id": "lb-1"})

    first, second = changes(seen(found), spec())

    assert first.patch == {"metadata": {"annotations": {IGNORE_WEIGHTS: "on"}}}
    assert "selector" in second.patch["spec"]
    assert first.after["metadata"]["annotations"][IGNORE_WEIGHTS] == "on"


def test_controllers_that_cannot_be_told_are_named():
    aws = service("a", {"service.beta.kubernetes.io/aws-load-balancer-type": "external"})
    tke = service("t", type="LoadBalancer")
    plain = service("p")

    found = [(s["metadata"]["name"], owner.name) for s, owner in unguarded((aws, tke, plain), seen())]

    assert found == [("a", "AWS"), ("t", "TKE")]


def test_a_controller_that_the_driver_steers_is_nobody_elses_hand():
    live = service(annotations={"service.cloud.tencent.com/direct-access": "true"})
    steered = replace(seen(live), driver=profile_of("tke"))

    assert [owner.name for _, owner in unguarded((live,), seen())] == ["TKE"]
    assert unguarded((live,), steered) == []


def test_kedas_own_hpa_is_left_to_the_scaled_object():
    owned = hpa({"minReplicas": 1, "maxReplicas": 9}, ownerReferences=[{"kind": "ScaledObject", "name": "s"}])

    (change,) = changes(seen(owned, keda({"minReplicaCount": 1})), spec())

    assert change.ref.kind == "ScaledObject"
    assert [found["kind"] for found in propose(seen(owned, keda({})), spec()).companions] == ["ScaledObject"]


@pytest.mark.parametrize(
    ("found", "patch"),
    [
        pytest.param(keda({"minReplicaCount": 1}), {"spec": {"minReplicaCount": 3}}, id="floor"),
        pytest.param(
            keda({"minReplicaCount": 3, "idleReplicaCount": 0}), {"spec": {"idleReplicaCount": None}}, id="idle"
        ),
        pytest.param(
            keda({}, annotations={"autoscaling.keda.sh/paused-replicas": "1"}),
            {"metadata": {"annotations": {"autoscaling.keda.sh/paused-replicas": "3"}}},
            id="paused too low",
        ),
        pytest.param(keda({}, annotations={"autoscaling.keda.sh/paused": "true"}), None, id="paused as it is"),
        pytest.param(keda({"minReplicaCount": 5}), None, id="high enough"),
        pytest.param(hpa({"minReplicas": 3, "maxReplicas": 9}), None, id="an HPA that is high enough"),
    ],
)
def test_no_scaler_may_go_below_todays_replicas(found, patch):
    made = changes(seen(found), spec())

    assert [change.patch for change in made] == ([] if patch is None else [patch])


def test_somebody_elses_scaler_is_left_alone():
    other = hpa({"minReplicas": 1, "maxReplicas": 9})
    other["spec"]["scaleTargetRef"] = {"kind": "Deployment", "name": "another"}

    assert changes(seen(other), spec()) == ()


def test_the_companion_service_is_headless_and_selects_only_the_new_pods():
    wanted = spec({8080: 80})
    having = template_labels(propose(seen(service()), wanted).workload)

    found = companion(wanted, deployment(), (service(),), having)

    assert dig(found, "spec", "clusterIP") == "None"
    assert "type" not in found["spec"]
    assert [(p["port"], p["targetPort"]) for p in found["spec"]["ports"]] == [(80, 80)]
    assert not selects(labels(found, "spec", "selector"), template_labels(deployment()))
