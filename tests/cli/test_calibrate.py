"""`migrator calibrate` before a balancer whose delay is known: it measures that, moves no real user, gives all back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.site import Named, plan_file, weights
from tests.cli.world import Terminal
from tests.lab.clouds.world import Balancer, Process, until
from tests.words import text

pytestmark = pytest.mark.lab
DELAY, JITTER = 0.8, 0.1
LIMIT = 40.0  # what a measurement that sees nothing waits; a machine under load is late by far less
PACE = {"task_s": 0.2, "propagation_s": DELAY, "jitter_s": JITTER}
CHECKED = {"kind": "http", "port": 0, "path": "/healthz", "interval_s": 0.2, "timeout_s": 0.5, "rise": 2, "fall": 2}


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    """A process of balancers."""
    found = Process()
    yield found
    found.close()


@pytest.fixture
def named() -> Iterator[Callable[..., Named]]:
    """Start backends that name themselves."""
    started: list[Named] = []

    def start(name: str, sick: Path | None = None) -> Named:
        started.append(Named(name, sick))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def keys(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The terminal with the credentials of the balancer's cloud."""
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", "lab-id")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", "lab-key")
    return terminal


def site(process: Process, *rows: list[dict[str, object]]) -> Balancer:
    made = process.balancer(*({"targets": each} for each in rows), health=CHECKED, timings=PACE)
    until(lambda: _healthy(made), 10)
    return made


def _healthy(balancer: Balancer) -> bool:
    view = balancer.process.admin("GET", f"/balancers/{balancer.id}")
    return all(row["health"] == "alive" for each in view["listeners"] for row in each["targets"])


def own(balancer: Balancer, *backends: Named) -> list[str]:
    flags = [word for backend in backends for word in ("--backend", backend.text)]
    return ["--listener", f"lbl-2:{balancer.ports[1]}", *flags]


def test_the_delay_of_a_balancer_is_measured_on_a_listener_of_its_own(
    keys: Terminal, process: Process, named: Callable[..., Named]
) -> None:
    user, a, b = named("user"), named("a"), named("b")
    balancer = site(process, [user.target(10)], [a.target(10), b.target(0)])
    file = plan_file(keys, process, balancer)
    done = keys.call(
        "calibrate", file, *own(balancer, a, b), "--rounds", "3", "--within", "40s", "--yes", "--output", "json"
    )

    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["calibration"]
    assert found["kept"]
    assert [each["to"] for each in found["changes"]] == ["weight", "zero"] * 3
    assert DELAY - JITTER - 0.1 <= found["zeroed_p50"] < LIMIT / 2
    assert DELAY - JITTER - 0.1 <= found["raised_p50"] < LIMIT / 2
    assert all(0.15 <= each["shown"] < LIMIT / 2 for each in found["changes"])
    assert found["unanswered"] == 0
    assert weights(balancer, "lbl-2") == {a.text: 10, b.text: 0}
    assert balancer.stats("lbl-1")["accepted"] == 0


@pytest.mark.slow
def test_the_next_look_reckons_with_what_was_measured(
    keys: Terminal, process: Process, named: Callable[..., Named]
) -> None:
    from migrator.adapters.balancers.calibrated import identity
    from migrator.adapters.planfile.read import read_file
    from migrator.app.wiring import open_store, wire

    a, b = named("a"), named("b")
    balancer = site(process, [a.target(10)], [a.target(10), b.target(10)])
    spec = read_file(plan_file(keys, process, balancer))
    assert wire(spec).readers.balancer.capabilities().settle == 2.0
    done = keys.call("calibrate", str(keys.folder / "plan.yaml"), *own(balancer, a, b), "--rounds", "3", "--yes")

    assert done.exit_code == 0, done.output
    with open_store(str(keys.store)) as store:
        kept = store.calibration(identity(spec.balancer))
        reader = wire(spec, store).readers.balancer
        assert kept is not None
        assert f"Plans reckon with {kept.settle:g} s" in done.output
        assert DELAY <= reader.capabilities().settle == kept.settle != 2.0
        assert "measured on" in next(text(f.evidence) for f in reader.findings() if f.code == "balancer.settle")


@pytest.mark.slow
def test_without_a_listener_of_its_own_one_unit_of_an_idle_backend_is_all_that_moves(
    keys: Terminal, process: Process, named: Callable[..., Named], api: str
) -> None:
    user, idle = named("user"), named("idle")
    balancer = site(process, [user.target(9), idle.target(0)], [])
    file = plan_file(keys, process, balancer)
    _with_api(file, api)
    done = keys.call(
        "calibrate", file, "--rounds", "1", "--rate", "100", "--within", "40s", "--yes", "--output", "json"
    )

    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["calibration"]
    assert found["way"] == "one-unit"
    assert DELAY - JITTER - 0.1 <= found["zeroed_p50"] < LIMIT / 2
    assert weights(balancer, "lbl-1") == {user.text: 9, idle.text: 0}
    assert {row["weight"] for event in balancer.log("call") for row in _written(event)} <= {0, 1}
    assert "10.00 % of the new connections of real users" in done.stderr


def test_health_is_timed_when_a_backend_can_be_told_to_fail(
    keys: Terminal, process: Process, named: Callable[..., Named]
) -> None:
    sick = keys.folder / "sick"
    a, b = named("a", sick), named("b")
    balancer = site(process, [b.target(10)], [a.target(10), b.target(10)])
    file = plan_file(keys, process, balancer)
    words = ["--rounds", "1", "--fail", f"touch {sick}", "--heal", f"rm {sick}", "--yes", "--output", "json"]
    done = keys.call("calibrate", file, *own(balancer, a, b), *words)

    assert done.exit_code == 0, done.output
    health = json.loads(done.stdout)["calibration"]["health"]
    assert 0.1 <= health["noticed"] < LIMIT / 2
    assert health["avoided"] < LIMIT / 2
    assert 0.1 <= health["forgiven"] < LIMIT / 2
    assert not sick.exists()
    assert weights(balancer, "lbl-2") == {a.text: 10, b.text: 10}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_calibration_that_is_told_to_leave_restores_the_weights(
    keys: Terminal, process: Process, named: Callable[..., Named], number: signal.Signals
) -> None:
    a, b = named("a"), named("b")
    balancer = site(process, [a.target(10)], [a.target(10), b.target(0)])
    file = plan_file(keys, process, balancer)
    popen = _process(keys, file, *own(balancer, a, b))
    until(lambda: weights(balancer, "lbl-2")[b.text] == 10, 20)
    popen.send_signal(number)
    out, err = popen.communicate(timeout=60)

    assert popen.returncode == 1, err
    assert b"Not measured" in out
    assert weights(balancer, "lbl-2") == {a.text: 10, b.text: 0}


@pytest.mark.slow
def test_the_weights_that_a_killed_calibration_left_are_restored_by_the_next(
    keys: Terminal, process: Process, named: Callable[..., Named]
) -> None:
    a, b = named("a"), named("b")
    balancer = site(process, [a.target(10)], [a.target(10), b.target(0)])
    file = plan_file(keys, process, balancer)
    popen = _process(keys, file, *own(balancer, a, b))
    until(lambda: weights(balancer, "lbl-2")[a.text] == 0, 20)
    popen.kill()
    popen.communicate(timeout=10)
    until(lambda: not balancer.process.admin("GET", f"/balancers/{balancer.id}")["busy"])
    done = keys.call("calibrate", file, *own(balancer, a, b), "--rounds", "1", "--yes")

    assert done.exit_code == 0, done.output
    assert f"lbl-2/{a.text} = 10, lbl-2/{b.text} = 0" in done.output
    assert weights(balancer, "lbl-2") == {a.text: 10, b.text: 0}


@pytest.mark.slow
def test_somebody_elses_hand_is_left_alone(keys: Terminal, process: Process, named: Callable[..., Named]) -> None:
    a, b = named("a"), named("b")
    balancer = site(process, [a.target(10)], [a.target(10), b.target(0)])
    file = plan_file(keys, process, balancer)
    popen = _process(keys, file, *own(balancer, a, b))
    until(lambda: weights(balancer, "lbl-2")[b.text] == 10, 20)
    balancer.faults(outside={"weights": {f"lbl-2/{b.text}": 77}})
    _, err = popen.communicate(timeout=60)

    assert popen.returncode == 1
    assert b"Somebody else set the weight of" in err
    assert b"Set them by hand" in err
    assert weights(balancer, "lbl-2")[b.text] == 77


def test_a_calibration_changes_no_weight_before_somebody_says_yes(
    keys: Terminal, process: Process, named: Callable[..., Named]
) -> None:
    a, b = named("a"), named("b")
    balancer = site(process, [a.target(10)], [a.target(10), b.target(0)])
    file = plan_file(keys, process, balancer)
    before = len(balancer.log("call"))
    done = keys.call("calibrate", file, *own(balancer, a, b))

    assert done.exit_code == 1
    assert "restored whatever happens" in done.output
    assert [row for event in balancer.log("call")[before:] for row in _written(event)] == []


def test_an_unsafe_calibration_is_refused(keys: Terminal, process: Process, named: Callable[..., Named]) -> None:
    a, b, c = named("a"), named("b"), named("a")
    balancer = site(process, [a.target(10), b.target(10)], [a.target(10), b.target(0), c.target(0)])
    file = plan_file(keys, process, balancer)
    plans = ["--listener", f"lbl-1:{balancer.ports[0]}", "--backend", a.text, "--backend", b.text]
    two = ["--listener", f"lbl-2:{balancer.ports[1]}"]

    assert "real users come in there" in keys.refused("calibrate", file, *plans, "--yes", code=2)
    assert "have no idle backend" in keys.refused("calibrate", file, "--yes", code=2)
    assert "Two --backend" in keys.refused("calibrate", file, *two, "--backend", a.text, "--yes", code=2)
    assert "cannot be recognized by its answers" in keys.refused(
        "calibrate", file, *own(balancer, a, c), "--yes", code=2
    )
    assert "Others have weight" in keys.refused("calibrate", file, *own(balancer, b, c), "--yes", code=2)
    assert "--listener ID:PORT" in keys.refused("calibrate", file, "--listener", "x", "--backend", "y", code=2)
    assert "--within" in keys.refused("calibrate", file, "--within", "60", code=2)
    assert "goes with" in keys.refused("calibrate", file, "--fail", "true", code=2)


def _written(event: dict[str, object]) -> list[dict[str, object]]:
    rows = event.get("rows")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _process(terminal: Terminal, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "MIGRATOR_STORE": str(terminal.store)}
    argv = [sys.executable, "-m", "migrator", "calibrate", *words, "--rounds", "50", "--yes"]
    return subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture
def api(net: str) -> Iterator[str]:
    """An API server for the Lease."""
    from migrator.lab.ground.layout import ADMIN_TOKEN
    from migrator.lab.process import ready_line, spawn, stop

    argv = [sys.executable, "-m", "migrator.lab.kube", "--host", f"{net}.0.1", "--port", "6443", "--token", ADMIN_TOKEN]
    popen = spawn(argv)
    ready_line(popen, 20)
    url, token = f"http://{net}.0.1:6443", {"Authorization": f"Bearer {ADMIN_TOKEN}"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "istio-gateways"}}
    with httpx.Client(base_url=url, headers=token, trust_env=False) as client:
        client.post("/api/v1/namespaces", json=namespace).raise_for_status()
    yield url
    stop(popen)


@pytest.fixture
def net() -> Iterator[str]:
    """A loopback prefix of this test's own."""
    from migrator.lab.ground.nets import borrowed_net

    with borrowed_net() as claimed:
        yield claimed


def _with_api(file: str, api: str) -> None:
    import yaml

    from migrator.lab.ground.layout import ADMIN_TOKEN

    path = Path(yaml.safe_load(Path(file).read_text())["spec"]["cluster"]["kubeconfig"])
    content = yaml.safe_load(path.read_text())
    content["clusters"][0]["cluster"]["server"] = api
    content["users"][0]["user"]["token"] = ADMIN_TOKEN
    path.write_text(yaml.safe_dump(content))
