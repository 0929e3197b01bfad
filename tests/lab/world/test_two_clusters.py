"""A lab with two clusters: each has an API server, an istiod and nodes of its own; app, balancer and clients are one."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from migrator.lab.ground import kubeconfig, manifests
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, TWO_CLUSTERS, Scenario
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(120)]

SCENARIO = Scenario(
    net="auto",
    nodes=1,
    replicas=1,
    parts=("api", "app", "controllers", "istiod", "node"),
    way=TWO_CLUSTERS,
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with lifecycle.running(SCENARIO, tmp_path_factory.mktemp("two-clusters")) as record:
        yield record


@pytest.fixture(scope="module")
def second(lab: Record) -> Iterator[Cluster]:
    with kubeconfig.connect(Path(lab.kubeconfig).with_name("kubeconfig-2")) as http:
        yield Cluster(http)


def test_the_kubeconfig_names_both_clusters_and_leads_to_the_first(lab: Record) -> None:
    content = yaml.safe_load(Path(lab.kubeconfig).read_text())

    assert [row["name"] for row in content["contexts"]] == ["lab", "lab-2"]
    assert content["current-context"] == "lab"


def test_the_second_cluster_has_nodes_of_its_own_and_no_gateway(lab: Record, second: Cluster) -> None:
    addresses = [node["status"]["addresses"][0]["address"] for node in second.nodes()]

    assert addresses == [f"{lab.net}.2.1"]
    assert second.get("/api/v1/pods")["items"] == []
    assert second.get(f"/apis/networking.istio.io/v1/namespaces/{GATEWAY_NAMESPACE}/gateways")["items"]


def test_a_gateway_of_the_second_cluster_is_run_and_configured_there(lab: Record, second: Cluster) -> None:
    second.create(manifests.gateway_deployment(SCENARIO))
    deadline = time.monotonic() + 60
    while not (pods := second.ready_pods(GATEWAY_NAMESPACE, manifests.SELECTOR)) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert [pod["status"]["podIP"].startswith(f"{lab.net}.111.") for pod in pods] == [True]
