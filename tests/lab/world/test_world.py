"""A whole lab: what it holds when it is up, and that nothing of it is left when it is not, however it ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from migrator.lab.demo.processes import descendants, envoys_of
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cloud import Cloud
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import ADMIN_TOKEN, GATEWAY_NAMESPACE, Layout, Scenario
from migrator.lab.ground.manifests import SELECTOR
from migrator.lab.ground.nets import borrowed_net
from migrator.lab.process import NotReady, ready_line, spawn, stop
from migrator.lab.world import lifecycle, view
from migrator.lab.world.record import Record

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(120)]


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
    return happened()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def vip_answers(record: Record) -> bool:
    try:
        return httpx.get(f"{record.addresses['vip']}/", timeout=2, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def cluster(world: Record) -> Iterator[Cluster]:
    with kubeconfig.connect(Path(world.kubeconfig)) as http:
        yield Cluster(http)


def test_every_part_serves_and_the_vip_spreads_new_connections_over_all_old_gateways(world: Record) -> None:
    answers = [httpx.get(f"{world.addresses['vip']}/", trust_env=False) for _ in range(12)]

    assert {part.state for part in world.parts} == {"serving"}
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["x-gateway"] for answer in answers}) == 3


def test_the_old_gateways_are_registered_by_address_at_the_weight_of_the_scenario(world: Record) -> None:
    weights = Cloud(Layout(world.net).balancer).weights()

    assert sorted(weights.values()) == [100, 100, 100]
    assert {at.port for at in weights} == {8080}


def test_the_nodes_are_ready_and_labelled_for_gateways(cluster: Cluster) -> None:
    labels = [node["metadata"]["labels"]["node-role"] for node in cluster.nodes()]

    assert labels == ["gateway"] * 5


def test_the_live_service_would_catch_every_pod_with_the_old_labels(cluster: Cluster) -> None:
    service = cluster.get(f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/services/istio-ingressgateway")

    assert service["spec"]["selector"] == SELECTOR
    assert len(cluster.ready_pods(GATEWAY_NAMESPACE, SELECTOR)) == 3


def test_a_second_lab_in_the_same_directory_is_refused(world: Record) -> None:
    with pytest.raises(lifecycle.AlreadyUp, match="migrator lab down"):
        lifecycle.up(Scenario(net="auto"), Path(world.kubeconfig).parent)


def test_a_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    record = lifecycle.up(Scenario(net="auto", delay=0.0), tmp_path)
    family = descendants(record.supervisor.pid)
    os.kill(record.supervisor.pid, signal.SIGKILL)

    assert len(family) > len(record.parts) + 3  # agents and Envoys of three pods are among them
    assert within(5, lambda: not any(alive(pid) for pid in family))
    assert view.phase(record) == "killed"
    assert lifecycle.down(tmp_path) == lifecycle.Ending(0, 0)


def test_a_killed_part_takes_its_children_along_and_the_others_go_on(tmp_path: Path) -> None:
    with lifecycle.running(Scenario(net="auto", delay=0.0), tmp_path) as record:
        node = next(part for part in record.parts if part.name == "node")
        pods = descendants(node.process.pid)
        os.kill(node.process.pid, signal.SIGKILL)
        ended = within(5, lambda: not any(alive(pid) for pid in pods))
        reported = within(5, lambda: state_of("node", tmp_path) == "ended")
        others = {part.name: part.state for part in read(tmp_path).parts if part.name != "node"}

    assert pods
    assert ended
    assert reported
    assert set(others.values()) == {"serving"}


def test_down_stops_a_lab_that_outlives_its_starter(tmp_path: Path) -> None:
    record = lifecycle.up(Scenario(net="auto", parts=("app", "balancer")), tmp_path)
    family = [record.supervisor.pid, *descendants(record.supervisor.pid)]
    ending = lifecycle.down(tmp_path)

    assert ending == lifecycle.Ending(told=3, killed=0)
    assert not any(alive(pid) for pid in family)
    assert read(tmp_path).phase == "down"


def test_a_lab_that_cannot_start_says_which_part_failed_and_leaves_nothing(tmp_path: Path) -> None:
    with borrowed_net() as net, pytest.raises(NotReady, match=rf"{net} is in use by another lab"):
        lifecycle.up(Scenario(net=net, parts=("app",)), tmp_path)


def test_the_lab_joins_somebody_elses_api_server(tmp_path: Path) -> None:
    """Their API server and controllers are none of ours: node agent, balancer and config server come to them."""
    with borrowed_net() as theirs:
        layout, config = Layout(theirs), tmp_path / "theirs"
        kubeconfig.write(config, layout)
        at = ["--host", layout.api.host, "--port", str(layout.api.port), "--token", ADMIN_TOKEN]
        server = spawn([sys.executable, "-m", "migrator.lab.kube", *at])
        controllers = None
        try:
            ready_line(server, 20)
            controllers = spawn([sys.executable, "-m", "migrator.lab.controllers", "--kubeconfig", str(config)])
            ready_line(controllers, 20)
            with lifecycle.running(Scenario(net="auto", strangers=config), tmp_path / "ours") as record:
                served = vip_answers(record)
                names = {part.name for part in record.parts}
        finally:
            for each in (controllers, server):
                if each is not None:
                    stop(each)

    assert served
    assert names - {"prometheus"} == {"app", "balancer", "istiod", "node"}  # Prometheus is there where it is installed
    assert record.net != theirs


def test_the_command_line_brings_a_lab_up_shows_it_and_takes_it_down(tmp_path: Path) -> None:
    def lab(*words: str) -> subprocess.CompletedProcess[str]:
        code = "from migrator.cli.commands.lab import lab; lab(prog_name='migrator lab')"
        argv = [sys.executable, "-c", code, *words, "--dir", str(tmp_path)]
        return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)

    up = lab("up", "--net", "auto", "--parts", "app,balancer", "--output", "json")
    status = lab("status")
    down = lab("down")
    after = lab("status", "--output", "json")

    assert json.loads(up.stdout)["phase"] == "up"
    assert (status.returncode, "balancer        serving" in status.stdout) == (0, True)
    assert "3 processes ended, 0 had to be killed" in down.stdout
    assert (after.returncode, json.loads(after.stdout)["phase"]) == (1, "down")


def test_envoys_are_found_by_the_address_of_their_pod(world: Record) -> None:
    layout = Layout(world.net)
    old = [at.host for at in Cloud(layout.balancer).weights()]

    assert len(envoys_of(world.supervisor.pid, (old[0],))) == 1
    assert envoys_of(world.supervisor.pid, (layout.node(1),)) == []


def read(folder: Path) -> Record:
    found = lifecycle.status(folder)
    assert found is not None
    return found


def state_of(name: str, folder: Path) -> str:
    return next(part.state for part in read(folder).parts if part.name == name)
