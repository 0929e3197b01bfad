"""The lab's own API, and the process around it."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.lab.process import ready_line, spawn, stop
from tests.lab.clouds.world import Process

pytestmark = pytest.mark.lab


def test_a_balancer_comes_and_goes_without_a_restart(process: Process) -> None:
    balancer = process.balancer()
    assert balancer.cloud.call("DescribeLoadBalancers", LoadBalancerIds=[balancer.id]).TotalCount == 1

    process.admin("DELETE", f"/balancers/{balancer.id}")

    assert balancer.cloud.call("DescribeLoadBalancers", LoadBalancerIds=[balancer.id]).TotalCount == 0
    assert balancer.cloud.refused("DescribeTargets") == "InvalidParameter.LBIdNotFound"
    with pytest.raises(ConnectionRefusedError):
        balancer.connect()


def test_a_taken_port_or_id_is_refused_and_leaves_nothing_behind(process: Process) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        rows = [{"id": "lbl-1", "port": 0}, {"id": "lbl-2", "port": taken.getsockname()[1]}]
        body = {"id": "lb-x", "vip": "127.0.0.1", "listeners": rows}
        status, _ = process.refused("POST", "/balancers", body)
    balancer = process.balancer()
    again, text = process.refused("POST", "/balancers", body | {"id": balancer.id})

    assert status == 409
    assert (again, text) == (400, f"balancer {balancer.id} exists already")
    assert process.refused("GET", "/balancers/lb-x") == (404, "no balancer lb-x")


@pytest.mark.parametrize(
    ("method", "path", "body", "text"),
    [
        ("POST", "/balancers", {"id": "lb-y", "vip": "127.0.0.1"}, "$: 'listeners' is missing"),
        ("POST", "/balancers", {"id": "lb-y", "vip": "127.0.0.1", "listeners": []}, "balancer lb-y needs listeners"),
        ("POST", "/faults", {"balancer": "lb-lab", "throtle_s": 1}, "$: unknown key 'throtle_s'"),
        ("POST", "/faults", {"balancer": "lb-lab", "health": {"a:1": "ill"}}, "$.health: alive, dead, none is needed"),
        ("POST", "/faults", [], "$: an object is needed"),
        ("GET", "/log?after=x", None, "after: a number is needed"),
    ],
)
def test_a_wrong_request_is_refused_by_name(process: Process, method: str, path: str, body: object, text: str) -> None:
    status, said = process.refused(method, path, body)

    assert status == 400
    assert said.startswith(text)


def test_balancers_of_a_file_are_there_at_the_start_and_sigterm_ends_all(tmp_path: Path) -> None:
    config = tmp_path / "balancers.json"
    spec = {"id": "lb-file", "vip": "127.0.0.1", "listeners": [{"id": "lbl", "port": 0}]}
    config.write_text(json.dumps({"balancers": [spec], "credentials": {"me": "key"}}))
    ports = ["--control", "127.0.0.1:0", "--admin", "127.0.0.1:0"]

    popen = spawn([sys.executable, "-m", "migrator.lab.clouds", *ports, "--config", str(config)])
    ready = ready_line(popen, 15)
    os.kill(popen.pid, signal.SIGTERM)

    assert [each["id"] for each in ready["balancers"]] == ["lb-file"]
    assert popen.wait(2) == 0
    stop(popen)


def test_a_wrong_file_is_refused_with_one_line(tmp_path: Path) -> None:
    config = tmp_path / "balancers.json"
    config.write_text('{"balancers": [{"id": "lb"}]}')

    done = subprocess.run(
        [sys.executable, "-m", "migrator.lab.clouds", "--config", str(config)], capture_output=True, timeout=20
    )

    assert (done.returncode, done.stderr) == (1, b"balancer: $.balancers[0]: 'vip' is missing\n")
