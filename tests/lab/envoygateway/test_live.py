"""A lab with Envoy Gateway, as processes: both Gateways' Envoys serve the same, and the workload cannot be taken away."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import ENVOY_GATEWAY, Layout, Scenario
from migrator.lab.starts.start import STARTS
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record
from migrator.lab.world.seed import wait_for

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]
START = STARTS[ENVOY_GATEWAY]
PARTS = ("api", "app", "balancer", "controllers", "istiod", "node")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    scenario = Scenario(net="auto", way=ENVOY_GATEWAY, nodes=2, replicas=1, parts=PARTS)
    with lifecycle.running(scenario, tmp_path_factory.mktemp("lab")) as record:
        yield record


@pytest.fixture
def cluster(lab: Record) -> Iterator[Cluster]:
    with kubeconfig.connect(Path(lab.kubeconfig)) as http:
        yield Cluster(http)


def asked(address: str, host: str = "", path: str = "/", port: int = 8080) -> httpx.Response:
    headers = {"host": host} if host else {}
    return httpx.get(f"http://{address}:{port}{path}", headers=headers, timeout=5, trust_env=False)


def addresses(cluster: Cluster, labels: dict[str, str]) -> list[str]:
    return sorted(pod["status"]["podIP"] for pod in cluster.ready_pods(START.namespace, labels))


def test_both_sides_answer_alike_and_the_new_one_on_its_nodes(lab: Record, cluster: Cluster) -> None:
    [old], new = addresses(cluster, START.serving), addresses(cluster, START.standing)
    questions = [{}, {"host": "shop.lab.example", "path": "/api/x"}, {"host": "shop.lab.example", "path": "/healthz"}]

    assert new == [Layout(lab.net).node(1), Layout(lab.net).node(2)]
    assert asked(Layout(lab.net).vip.host).headers["x-gateway"] == f"{old}:8080"
    for question in questions:
        answers = {asked(address, **question).status_code for address in (old, *new)}
        assert answers == {200}


def test_an_envoy_says_by_which_gateway_it_calls_its_cluster_and_turns_its_readiness(cluster: Cluster) -> None:
    [old] = addresses(cluster, START.serving)
    node = asked(old, path="/server_info", port=19000).json()["node"]
    httpx.post(f"http://{old}:19000/healthcheck/fail", timeout=5, trust_env=False)
    failed = asked(old, path="/ready", port=19003).status_code
    httpx.post(f"http://{old}:19000/healthcheck/ok", timeout=5, trust_env=False)

    assert node["cluster"] == "edge/public"
    assert (failed, asked(old, path="/ready", port=19003).status_code) == (503, 200)


def test_a_deployment_that_somebody_deletes_comes_back_with_other_pods(cluster: Cluster) -> None:
    wait_for(lambda: bool(addresses(cluster, START.serving)), 30.0, "a ready old pod")
    before = addresses(cluster, START.serving)
    path = f"/apis/apps/v1/namespaces/{START.namespace}/deployments"
    [deployment] = cluster.get(path)["items"]
    cluster.delete(f"{path}/{deployment['metadata']['name']}")
    wait_for(lambda: not set(before) & set(addresses(cluster, START.serving)), 30.0, "the end of the pods before")
    wait_for(lambda: bool(addresses(cluster, START.serving)), 30.0, "pods in their place")

    [again] = cluster.get(path)["items"]
    assert again["metadata"]["uid"] != deployment["metadata"]["uid"]
