"""What a kubelet is answered beside a gateway: the hook when the gateway may end, the probe when it has come."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from migrator.app.farewell.staying import Staying
from migrator.app.farewell.words import ByFollower
from migrator.cli.serving.waiting import Waiting, waiting
from migrator.domain.farewell import Terms
from migrator.domain.messages.errors import UsageError
from tests.cli.serving.world import get
from tests.fakes.clock import FakeClock
from tests.words import refused

WITHIN = 30.0


def staying() -> Staying:
    return Staying(ByFollower(lambda: True), Terms(WITHIN, 0.0), FakeClock(), lambda: True, lambda _: None)


@pytest.fixture
def served() -> Iterator[tuple[Waiting, Staying]]:
    life = staying()
    server = Waiting("127.0.0.1", 0, life, WITHIN)
    server.start()
    yield server, life
    server.close()


def test_the_hook_is_answered_when_the_gateway_may_end(served: tuple[Waiting, Staying]) -> None:
    server, life = served
    life.leaving.set()
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(get(server, "/leave").status))
    asking.start()
    asking.join(0.2)
    waits = asking.is_alive()
    life.over.set()
    asking.join(WITHIN)

    assert waits
    assert answers == [200]


def test_the_probe_says_whether_the_gateway_has_come(served: tuple[Waiting, Staying]) -> None:
    server, life = served
    before = get(server, "/ready").status
    life.ready.set()

    assert (before, get(server, "/ready").status, get(server, "/other").status) == (503, 200, 404)


def test_a_port_that_is_taken_is_said(served: tuple[Waiting, Staying]) -> None:
    with refused(UsageError, "serve.not-bound"), waiting("127.0.0.1", served[0].server_port, staying(), WITHIN):
        raise AssertionError("it is taken")


def test_the_process_ends_by_itself_once_the_pod_was_told_to() -> None:
    argv = [sys.executable, "-P", "-m", "migrator", "farewell", "--listen", "127.0.0.1:0", "--within", "0"]
    process = subprocess.Popen(
        [*argv, "--address", "10.0.0.1", "--follower", "http://127.0.0.1:9"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, rest = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "farewell.begins" in said
    assert "farewell.over" in rest


def test_a_process_with_two_words_or_none_is_refused() -> None:
    argv = [sys.executable, "-P", "-m", "migrator", "farewell", "--within", "5", "--address", "10.0.0.1"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
