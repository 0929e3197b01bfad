"""A lab with ingress-nginx and Contour, as processes: both answer alike, and the Envoys take no orders from the network."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import NGINX_TO_CONTOUR, Layout, Scenario
from migrator.lab.nginx import program
from migrator.lab.starts.start import STARTS
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record
from migrator.lab.world.seed import wait_for

START = STARTS[NGINX_TO_CONTOUR]
PARTS = ("api", "app", "balancer", "controllers", "istiod", "node")
pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    scenario = Scenario(net="auto", way=NGINX_TO_CONTOUR, nodes=1, replicas=1, parts=PARTS)
    with lifecycle.running(scenario, tmp_path_factory.mktemp("lab")) as record:
        yield record


@pytest.fixture
def cluster(lab: Record) -> Iterator[Cluster]:
    with kubeconfig.connect(Path(lab.kubeconfig)) as http:
        yield Cluster(http)


def asked(address: str, path: str = "/", host: str = "", port: int = 8080, method: str = "GET") -> httpx.Response:
    headers = {"host": host} if host else {}
    return httpx.request(method, f"http://{address}:{port}{path}", headers=headers, timeout=5, trust_env=False)


def test_both_sides_answer_alike_and_contour_on_its_node(lab: Record, cluster: Cluster) -> None:
    [old] = [pod["status"]["podIP"] for pod in cluster.ready_pods(START.namespace, START.serving)]
    new = Layout(lab.net).node(1)
    questions = [("/", ""), ("/api/x", "shop.lab.example"), ("/healthz", "shop.lab.example")]

    assert asked(Layout(lab.net).vip.host).headers["x-gateway"] == f"{old}:8080"
    assert asked(new).headers["x-gateway"] == f"{new}:8080"
    for path, host in questions:
        assert [asked(address, path, host).status_code for address in (old, new)] == [200, 200]


def test_its_port_for_people_answers_reads_and_takes_no_order(lab: Record) -> None:
    node = Layout(lab.net).node(1)
    dump = asked(node, "/config_dump", port=9001).json()
    names = [row["name"] for part in dump["configs"] for row in part.get("dynamic_listeners", ())]

    assert asked(node, "/healthcheck/fail", port=9001, method="POST").status_code == 404
    assert asked(node, "/stats", port=9001, method="POST").status_code == 404
    assert asked(node, "/server_info", port=9001).json()["node"]["cluster"] == START.namespace
    assert sorted(names) == ["envoy-admin", "ingress_http", "stats-health"]


def test_a_pod_that_ends_turns_its_readiness_and_serves_on_while_a_client_is_connected(
    lab: Record, cluster: Cluster
) -> None:
    node = Layout(lab.net).node(1)
    [pod] = cluster.ready_pods(START.namespace, START.standing)
    with httpx.Client(base_url=f"http://{node}:8080", timeout=5, trust_env=False) as kept:
        kept.get("/")
        cluster.delete(f"/api/v1/namespaces/{START.namespace}/pods/{pod['metadata']['name']}")
        wait_for(lambda: asked(node, "/ready", port=8002).status_code == 503, 20.0, "a readiness that turned")
        served = kept.get("/")

    assert served.status_code == 200
    assert served.headers["connection"] == "close"
