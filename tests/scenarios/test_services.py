"""What Guard does to Services holds with nobody there: kill -9 at a half, the old gateways restarted, and nobody comes."""

from __future__ import annotations

import time
from dataclasses import replace

import httpx
import pytest

from migrator.lab.ground.cluster import is_ready
from migrator.lab.ground.layout import Address
from tests.scenarios.ground import Ground, Json, balancer, eventually, stays
from tests.scenarios.operator import SHORT, Operator

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(900)]

NAME = "istio-ingressgateway"
SERVICE = f"v1/services/{NAME}"
MERGED = {"Content-Type": "application/merge-patch+json"}
ENDS, FINISHES = 90.0, 300.0
ALONE = 3.0
"""Seconds that a dead old backend may get requests for, after its pod ended: the balancer's own health check."""

AT_HALF = {**SHORT, "traffic_soak": "8s", "traffic_shares": [50, 100]}
APART = {"app": "istio-ingressgateway-ds"}
"""Labels that keep the new pods out of the old Service: nothing is narrowed."""
NARROWED = {"version": "v2"}
"""Labels that leave the new pods in it, so that Guard narrows it by the `version` of the old template."""

CHOICES = [pytest.param(APART, id="kept apart"), pytest.param(NARROWED, id="narrowed")]


@pytest.fixture
def versioned(stage: Ground) -> Ground:
    """A stage whose old template has a `version`, by which its Service can be narrowed."""
    patch = {"spec": {"template": {"metadata": {"labels": {"version": "v1"}}}}}
    stage.cluster.http.patch(stage._url(f"apps/v1/deployments/{NAME}"), json=patch, headers=MERGED).raise_for_status()
    eventually("old pods with a version", lambda: has_settled(stage, "version", "v1"), ENDS)
    old = tuple(Address(pod["status"]["podIP"], 8080) for pod in old_pods(stage))
    stage.admin.delete(f"/balancers/{stage.balancer}").raise_for_status()
    stage.admin.post("/balancers", json=balancer(stage.balancer, stage.vip, old)).raise_for_status()
    return replace(stage, old=old)


def old_pods(stage: Ground) -> list[Json]:
    """Give the old Deployment's pods, ending ones too."""
    found = stage.cluster.get(f"/api/v1/namespaces/{stage.namespace}/pods")["items"]
    return [pod for pod in found if pod["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"]


def has_settled(stage: Ground, label: str, value: str) -> bool:
    """Say whether three old pods are there, all of them Ready and with this label."""
    pods = old_pods(stage)
    return len(pods) == 3 and all(is_ready(pod) and pod["metadata"]["labels"].get(label) == value for pod in pods)


def have_restarted(stage: Ground, before: set[str]) -> bool:
    """Say whether all old pods are Ready successors of those before."""
    pods = old_pods(stage)
    now = {pod["metadata"]["uid"] for pod in pods}
    return len(now) == len(before) and not now & before and all(map(is_ready, pods))


def led_to(stage: Ground, service: str) -> set[str]:
    """Give the addresses that a Service leads to."""
    root = f"/apis/discovery.k8s.io/v1/namespaces/{stage.namespace}/endpointslices"
    wanted = {"labelSelector": f"kubernetes.io/service-name={service}"}
    slices = stage.cluster.http.get(root, params=wanted).raise_for_status().json()["items"]
    ready = [row for each in slices for row in each.get("endpoints") or [] if row["conditions"].get("ready")]
    return {address for row in ready for address in row["addresses"]}


def listening(stage: Ground) -> set[str]:
    """Give the old pods whose listener answers a client's request."""
    found = set()
    for pod in old_pods(stage):
        url, host = f"http://{pod['status']['podIP']}:8080/", {"Host": "shop.lab.example"}
        if httpx.get(url, headers=host, timeout=5, trust_env=False).status_code == httpx.codes.OK:
            found.add(pod["status"]["podIP"])
    return found


def as_it_is(stage: Ground) -> Json:
    """Give what of the Service a run may change."""
    service = stage.get(SERVICE)
    return {"spec": service["spec"], "annotations": service["metadata"].get("annotations")}


def harmed(summary: Json, began: float, ended: float) -> tuple[int, int]:
    """Give how many requests were lost or bad between two moments of the wall clock, and how many besides."""
    counts = [(row["t"], row["lost"] + row["bad"]) for row in summary["per_second"]]
    within = sum(count for t, count in counts if int(began) <= t <= ended)
    return within, sum(count for _, count in counts) - within


@pytest.mark.parametrize("labels", CHOICES)
def test_with_nobody_there_every_service_leads_to_the_restarted_pods_and_each_of_them_listens(
    versioned: Ground, operator: Operator, labels: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    stage = versioned
    operator.plan(**AT_HALF, target_labels=labels)
    before = {pod["metadata"]["uid"] for pod in old_pods(stage)}
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        operator.kill(running)
        began = time.time()
        stage.cluster.restart(stage.namespace, NAME)
        eventually("restarted old pods", lambda: have_restarted(stage, before), ENDS)
        old = {pod["status"]["podIP"] for pod in old_pods(stage)}
        ended = time.time() + ALONE
        eventually("endpoints of the old Service", lambda: led_to(stage, NAME) == old, 10.0)
        eventually("listeners of all old pods", lambda: listening(stage) == old, 10.0)
        seen = stays(lambda: (led_to(stage, NAME) == old, listening(stage) == old), 2.0)
        code = operator.ends(operator.begin("resume"), FINISHES)
        summary = load.end()
    within, besides = harmed(summary, began, ended)
    with capsys.disabled():
        print(f"\n  {labels}: {within} of {summary['totals']['sent']} lost while nobody was there, {besides} besides")

    assert seen == {(True, True)}
    assert code == 0, operator.said()[-3000:]
    assert besides == 0, summary["marks"]
    assert led_to(stage, NAME) == set(stage.nodes)
    assert stage.get(SERVICE)["metadata"].get("annotations") is None


@pytest.mark.parametrize("labels", CHOICES)
def test_a_rollback_leaves_the_services_exactly_as_they_were_there_and_back_and_there_again(
    versioned: Ground, operator: Operator, labels: dict[str, str]
) -> None:
    stage = versioned
    was = as_it_is(stage)
    operator.plan(**AT_HALF, target_labels=labels)
    with stage.clients() as load:
        running = operator.run()
        operator.await_("half of the traffic", lambda eye: eye.soaks("Shift 50 %"))
        during = as_it_is(stage)
        assert operator.call("rollback").returncode == 0
        back = operator.ends(running, FINISHES)
        after = as_it_is(stage)
        operator.plan(**AT_HALF, target_labels=labels)
        there = operator.ends(operator.run(), FINISHES)
        summary = load.end()

    assert (during != was) is (labels is NARROWED)
    assert (back, there) == (4, 0), operator.said()[-3000:]
    assert after == was
    assert led_to(stage, NAME) == set(stage.nodes)
    assert (summary["totals"]["lost"], summary["totals"]["bad"]) == (0, 0), summary["marks"]
