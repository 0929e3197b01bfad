"""A door of the lab: what goes through is passed on unchanged, and each fault does what its name says, over real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from migrator.lab import certificates
from migrator.lab.faults.orders import BadOrder, Faults
from tests.adapters.served import Asked, Reply, Served, serving
from tests.adapters.terminator import terminating
from tests.lab.faults.doors import door

SOUND = b'{"items": ["' + b"x" * 4000 + b'"]}'


def reply(asked: Asked) -> Reply:
    return Reply(200, SOUND, {"X-Method": asked.method, "X-Path": asked.path, "X-Body": asked.body.decode()})


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(reply) as made:
        yield made


@pytest.fixture(scope="module")
def opened(served: Served) -> Iterator[tuple[Faults, int]]:
    with door(served.port) as made:
        yield made


@pytest.fixture
def faults(opened: tuple[Faults, int], served: Served) -> Faults:
    opened[0].clear()
    served.asked.clear()
    return opened[0]


@pytest.fixture
def client(opened: tuple[Faults, int]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{opened[1]}", timeout=20, trust_env=False) as made:
        yield made


def order(faults: Faults, kind: str, **more: Any) -> None:
    faults.order({"target": "api", "kind": kind, **more})


def test_what_passes_is_passed_on_as_it_came_on_one_connection(faults: Faults, client: httpx.Client) -> None:
    bodies = (
        ("GET", None, ""),
        ("POST", b"a=b", "a=b"),
        ("PATCH", iter([b"in ", b"chunks"]), "in chunks"),
        ("DELETE", None, ""),
    )
    for method, content, body in bodies:
        found = client.request(method, "/a?b=c", content=content)

        told = (found.headers["X-Method"], found.headers["X-Path"], found.headers["X-Body"])
        assert (found.content, *told) == (SOUND, method, "/a?b=c", body)
    assert faults.shown["faults"] == []


@pytest.mark.parametrize(
    ("kind", "error", "obeyed"),
    [
        pytest.param("reset", httpx.ReadError, False, id="a reset before anything is done"),
        pytest.param("lost", httpx.ReadError, True, id="a reset after all is done"),
        pytest.param("half-open", httpx.ReadTimeout, False, id="taken, and never answered"),
        pytest.param("cut", httpx.ReadError, True, id="a reset in the middle of an answer"),
        pytest.param("dribble", httpx.ReadTimeout, True, id="a byte now and then"),
    ],
)
def test_a_fault_does_what_its_name_says_and_only_as_often_as_asked(
    faults: Faults, client: httpx.Client, served: Served, kind: str, error: type[Exception], obeyed: bool
) -> None:
    order(faults, kind, count=1)
    with pytest.raises(error):
        client.post("/", timeout=0.5 if error is httpx.ReadTimeout else 20)

    until = time.monotonic() + 10.0
    while obeyed and not served.asked and time.monotonic() < until:
        time.sleep(0.02)
    assert bool(served.asked) is obeyed
    assert client.get("/").content == SOUND
    assert faults.shown["faults"] == []


def test_an_error_a_page_a_redirect_and_a_flood_are_the_doors_own_answers(
    faults: Faults, client: httpx.Client, served: Served
) -> None:
    for kind in ("status", "page", "redirect"):
        order(faults, kind, count=1, **({"status": 429} if kind == "status" else {}))
    order(faults, "flood", count=1)
    busy, page, moved = (client.get("/") for _ in range(3))
    size = 0
    with client.stream("GET", "/") as flood:
        for part in flood.iter_raw():
            size += len(part)
            if size > 1 << 20:
                break

    assert (busy.status_code, busy.json()["reason"], busy.headers["Retry-After"]) == (429, "TooManyRequests", "1")
    assert page.text.startswith("<!DOCTYPE html")
    assert moved.headers["Location"] == "http://192.0.2.1/"
    assert size > 1 << 20
    assert served.asked == []


def test_a_late_request_is_delivered_when_its_sender_has_gone(
    faults: Faults, client: httpx.Client, served: Served
) -> None:
    order(faults, "late", seconds=1.5, writes=True)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/write", content=b"late", timeout=0.2)

    assert client.get("/read").is_success  # a read is no write
    assert [asked.path for asked in served.asked] == ["/read"]
    deadline = time.monotonic() + 10.0
    while len(served.asked) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [(asked.path, asked.body) for asked in served.asked][1:] == [("/write", b"late")]


def test_latency_comes_before_and_a_share_of_all_is_drawn(faults: Faults, client: httpx.Client) -> None:
    order(faults, "latency", seconds=0.1, count=1)
    began = time.monotonic()
    assert client.get("/").is_success
    assert time.monotonic() - began >= 0.1

    order(faults, "status", share=0.5)
    codes = [client.get("/").status_code for _ in range(24)]
    assert 2 < codes.count(503) < 22  # drawn by a seed


@pytest.mark.parametrize(
    ("scope", "request_", "struck"),
    [
        pytest.param({"path": "/api/v1/pods"}, ("GET", "/api/v1/pods/a", {}), True, id="a path"),
        pytest.param({"path": "/api/v1/pods"}, ("GET", "/api/v1/nodes", {}), False, id="another path"),
        pytest.param({"method": "patch"}, ("PATCH", "/", {}), True, id="a method"),
        pytest.param({"method": "patch"}, ("GET", "/", {}), False, id="another method"),
        pytest.param({"path": "Modify"}, ("POST", "/", {"X-TC-Action": "ModifyTargetWeight"}), True, id="Tencent's"),
        pytest.param({"path": "Add"}, ("POST", "/?Action=AddServers", {}), True, id="Aliyun's action"),
        pytest.param({"writes": True}, ("POST", "/", {"X-TC-Action": "DescribeTargets"}), False, id="a cloud's read"),
        pytest.param({"writes": True}, ("POST", "/", {}), True, id="a write"),
        pytest.param({"target": "gateways"}, ("GET", "/api/v1/namespaces/a/pods/b/portforward", {}), True, id="tunnel"),
        pytest.param({"target": "gateways"}, ("GET", "/api/v1/namespaces/a/pods/b", {}), False, id="no tunnel"),
    ],
)
def test_a_fault_strikes_what_its_order_says(
    faults: Faults, client: httpx.Client, scope: dict[str, Any], request_: tuple[str, str, Any], struck: bool
) -> None:
    faults.order({"target": "api", "kind": "status"} | scope)
    method, path, headers = request_

    assert (client.request(method, path, headers=headers).status_code == 503) is struck


@pytest.mark.parametrize(
    "body",
    [
        {"target": "moon", "kind": "reset"},
        {"target": "api", "kind": "explode"},
        {"target": "api", "kind": "status", "status": 200},
        {"target": "api", "kind": "reset", "share": 2},
        {"target": "api", "kind": "reset", "seconds": "1"},
        {"target": "api", "kind": "reset", "colour": "red"},
    ],
    ids=str,
)
def test_an_order_that_cannot_be_carried_out_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(BadOrder):
        Faults({"api": True}).order(body)


def test_faults_are_taken_back_by_target_or_all_and_nothing_is_said_where_no_http_is_spoken() -> None:
    faults = Faults({"api": True, "balancer": False})
    for target in ("api", "balancer", "gateways"):
        faults.order({"target": target, "kind": "reset"})
    with pytest.raises(BadOrder):
        faults.order({"target": "balancer", "kind": "page"})
    faults.clear("api")
    assert [row["target"] for row in faults.shown["faults"]] == ["balancer", "gateways"]
    faults.clear()
    assert faults.shown["faults"] == []


def test_a_door_before_an_api_server_speaks_tls_on_both_sides(served: Served, tmp_path: Path) -> None:
    """Its own certificate towards clients, the client's towards what is behind; a fault comes under TLS, too."""
    own = tmp_path / "own"
    certificates.make(own, "127.0.0.1", ("server",))
    with terminating(tmp_path / "theirs", ("127.0.0.1", served.port)) as front:
        known = {"ca": str(front.ca), "cert": str(front.cert), "key": str(front.key)}
        serve = {"cert": str(own / "server.pem"), "key": str(own / "server.key")}
        with door(int(front.url.rpartition(":")[2]), tls=known, serve=serve) as (faults, port):
            trusting = ssl.create_default_context(cafile=own / "ca.pem")
            with httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=trusting, trust_env=False) as client:
                assert client.get("/").content == SOUND
                order(faults, "flood", count=1)
                with client.stream("GET", "/") as flood:
                    assert len(next(flood.iter_bytes(1 << 20))) == 1 << 20
                assert client.get("/").content == SOUND  # whoever leaves a flood ends it: the door serves others
                order(faults, "reset")
                with pytest.raises(httpx.TransportError):  # OpenSSL takes some resets for an end
                    client.get("/")


def test_a_door_before_what_speaks_lines_passes_them_on_and_resets_them() -> None:
    def answer() -> None:
        for _ in range(2):
            link, _ = listening.accept()
            with link:
                if said := link.recv(100):
                    link.sendall(said.upper())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5.0)
        thread = threading.Thread(target=answer)
        thread.start()
        with door(listening.getsockname()[1], "balancer", http=False) as (faults, port):
            with socket.create_connection(("127.0.0.1", port), timeout=5.0) as asking:
                asking.sendall(b"show info\n")
                assert asking.recv(100) == b"SHOW INFO\n"
                assert asking.recv(100) == b""
            faults.order({"target": "balancer", "kind": "lost"})
            with socket.create_connection(("127.0.0.1", port), timeout=5.0) as asking:
                asking.sendall(b"set weight\n")
                with pytest.raises(ConnectionResetError):
                    asking.recv(100)
        thread.join(10.0)
