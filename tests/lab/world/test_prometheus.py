"""The lab's Prometheus scrapes what the pods declare, by the names that its questions will use."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from migrator.lab.ground.layout import USUAL_PARTS, Scenario
from migrator.lab.world import lifecycle
from migrator.lab.world.prometheus import configuration, recording, targets
from migrator.lab.world.seed import wait_for


def pod(owner: str, name: str, **status: str) -> dict[str, Any]:
    ports = [{"name": "http2", "containerPort": 8080}, {"name": "http-envoy-prom", "containerPort": 15090}]
    owners = [{"kind": owner, "name": name}]
    meta = {"name": f"{name}-x7k2p", "namespace": "edge", "ownerReferences": owners}
    return {"metadata": meta, "spec": {"containers": [{"ports": ports}]}, "status": status}


def test_files_are_named_from_the_root_wherever_the_lab_was_started() -> None:
    made = configuration(Path("build/lab/prometheus"))

    [discovery] = made["scrape_configs"][0]["file_sd_configs"]
    assert all(Path(name).is_absolute() for name in (*made["rule_files"], *discovery["files"]))


@pytest.mark.parametrize(
    ("owner", "name", "workload"),
    [
        pytest.param("ReplicaSet", "gw-68fc969bd6", "gw", id="a Deployment's pod"),
        pytest.param("DaemonSet", "gw-ds", "gw-ds", id="a DaemonSet's pod"),
    ],
)
def test_a_target_is_named_after_its_workload(owner: str, name: str, workload: str) -> None:
    [target] = targets([pod(owner, name, podIP="127.77.11.2")])

    assert target["targets"] == ["127.77.11.2:15090"]
    own = {"namespace": "edge", "pod": f"{name}-x7k2p", "workload": workload}
    assert target["labels"] == {**own, "__metrics_path__": "/stats/prometheus"}


def test_a_pod_without_an_address_or_the_port_is_no_target() -> None:
    plain = {"metadata": {"name": "a", "namespace": "b"}, "spec": {"containers": [{}]}, "status": {"podIP": "1.2.3.4"}}

    assert targets([pod("DaemonSet", "gw"), plain]) == []


def test_istios_counter_leaves_out_what_the_gateway_answered_to_its_own_operators() -> None:
    [rule] = recording()["groups"][0]["rules"]

    assert rule["record"] == "istio_requests_total"
    assert 'envoy_http_conn_manager_prefix!~"admin|agent|stats"' in rule["expr"]


@pytest.mark.lab
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("prometheus") is None, reason="needs a prometheus on PATH")
def test_a_real_prometheus_counts_what_the_clients_asked(tmp_path: Path) -> None:
    scenario = Scenario(net="auto", delay=0.0, mix="small", parts=(*USUAL_PARTS, "load"))
    with lifecycle.running(scenario, tmp_path) as record:
        url = f"{record.addresses['prometheus']}/api/v1/query"

        def counted() -> bool:
            query = {"query": 'sum(increase(istio_requests_total{response_code="200"}[10s]))'}
            result = httpx.get(url, params=query, trust_env=False).json()["data"]["result"]
            return bool(result) and float(result[0]["value"][1]) > 50

        wait_for(counted, 30.0, "answers counted by Prometheus")

        assert counted()
