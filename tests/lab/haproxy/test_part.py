"""The part around a real HAProxy: it forwards, counts, and neither outlives the other."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from migrator.lab.haproxy import program, runtime
from migrator.lab.process import NotReady, ready_line, spawn, stop
from tests.lab.test_process import gone, within

pytestmark = [pytest.mark.lab, pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")]


@dataclass
class Here:
    """A part that serves: its process, what it said, and its net."""

    popen: "subprocess.Popen[bytes]"
    ready: dict[str, Any]
    net: str

    @property
    def where(self) -> tuple[str, int]:
        return f"{self.net}.0.5", 8080

    def stats(self) -> Any:
        url = f"http://{self.net}.0.5:8081/stats"
        answer = httpx.get(url, params={"balancer": "lb"}, timeout=5, trust_env=False)
        return answer.raise_for_status().json()["balancers"]["lb"]["listeners"]["web"]

    def dial(self) -> bytes:
        with socket.create_connection((f"{self.net}.0.9", 8080), 5) as link:
            return link.recv(10)


def start(net: str, folder: Path) -> "subprocess.Popen[bytes]":
    health = {"kind": "tcp", "interval_s": 0.1, "rise": 1, "fall": 1}
    balancer = {"id": "lb", "vip": f"{net}.0.9", "listeners": [{"id": "web", "port": 8080}], "health": health}
    file = folder / "balancer.json"
    file.write_text(json.dumps({"balancers": [balancer], "credentials": {}}))
    return spawn([sys.executable, "-m", "migrator.lab.haproxy", "--net", net, "--config", str(file)])


@pytest.fixture
def here(net: str, tmp_path: Path) -> Iterator[Here]:
    popen = start(net, tmp_path)
    try:
        yield Here(popen, ready_line(popen, 20), net)
    finally:
        stop(popen)


@contextmanager
def answering(text: bytes) -> Iterator[tuple[str, int]]:
    """A server that says `text` to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                with link:
                    link.sendall(text)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_connections_go_to_who_was_added_and_are_counted(here: Here) -> None:
    with answering(b"hello") as (host, port):
        runtime.add(here.where, "web", [(host, port)], 10, "check inter 100ms fall 1 rise 1")
        assert within(5, lambda: here.dial() == b"hello")
        before = here.stats()["targets"][f"{host}:{port}"]["connections"]
        said = [here.dial() for _ in range(20)]
        row = here.stats()["targets"][f"{host}:{port}"]

    assert said == [b"hello"] * 20
    assert row["connections"] - before == 20
    assert (row["effective_weight"], row["health"]) == (10, "alive")


def test_a_command_that_haproxy_refuses_is_told(here: Here) -> None:
    runtime.add(here.where, "web", [("127.0.0.1", 1)], 10, "")

    with pytest.raises(runtime.Denied, match="Already exists"):
        runtime.add(here.where, "web", [("127.0.0.1", 1)], 10, "")
    with pytest.raises(runtime.Denied, match="No such"):
        runtime.add(here.where, "nobody", [("127.0.0.1", 1)], 10, "")


def test_haproxy_ends_with_its_part(here: Here) -> None:
    stop(here.popen)

    assert within(3, lambda: gone(here.ready["haproxy"]))


def test_haproxy_dies_with_a_part_that_is_killed(here: Here) -> None:
    here.popen.kill()

    assert within(3, lambda: gone(here.ready["haproxy"]))


def test_a_part_whose_haproxy_died_ends_and_says_so(here: Here) -> None:
    os.kill(here.ready["haproxy"], signal.SIGKILL)

    assert within(5, lambda: here.popen.poll() is not None)
    assert here.popen.returncode == 1


def test_a_taken_port_is_no_success(net: str, tmp_path: Path) -> None:
    with socket.create_server((f"{net}.0.9", 8080)):
        popen = start(net, tmp_path)
        with pytest.raises(NotReady, match="exit code 1"):
            ready_line(popen, 20)
        stop(popen)
