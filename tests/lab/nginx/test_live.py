"""A lab with ingress-nginx, as processes: it serves, counts, and says that it ends before it does."""

from pathlib import Path

import httpx
import pytest

from migrator.adapters.gateways.nginx_counters import counted_by_nginx, pod_of
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import INGRESS_NGINX, Layout, Scenario
from migrator.lab.nginx import program
from migrator.lab.starts.start import STARTS
from migrator.lab.world import lifecycle
from migrator.lab.world.seed import wait_for

START = STARTS[INGRESS_NGINX]
PARTS = ("api", "app", "balancer", "controllers", "istiod", "node")
pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there"),
]


def asked(address: str, path: str, port: int = START.ready[0]) -> httpx.Response:
    return httpx.get(f"http://{address}:{port}{path}", timeout=5, trust_env=False)


def test_an_nginx_serves_counts_and_ends_after_its_health_check_has_turned(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", way=INGRESS_NGINX, nodes=1, replicas=1, parts=PARTS)
    with lifecycle.running(scenario, tmp_path) as lab, kubeconfig.connect(Path(lab.kubeconfig)) as http:
        cluster = Cluster(http)
        [pod] = cluster.ready_pods(START.namespace, START.serving)
        name, address = pod["metadata"]["name"], pod["status"]["podIP"]
        answer = asked(Layout(lab.net).vip.host, "/", 8080)
        wait_for(
            lambda: bool(counted_by_nginx(asked(address, "/metrics").content).requests), 20.0, "a count of answers"
        )
        page = asked(address, "/metrics").content
        cluster.delete(f"/api/v1/namespaces/{START.namespace}/pods/{name}")
        wait_for(lambda: asked(address, "/healthz").status_code == 500, 20.0, "a health check that fails")
        served = asked(address, "/", 8080).status_code

    assert (answer.status_code, answer.headers["x-gateway"]) == (200, f"{address}:8080")
    assert pod_of(page) == name
    assert served == 200, "it accepts while its health check fails"
