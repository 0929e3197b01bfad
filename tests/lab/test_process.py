"""Processes of the lab end with whoever started them, and say in time that they serve, or why not."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from migrator.lab.process import NotReady, ready_line, spawn, stop

pytestmark = pytest.mark.lab

_SAY_READY = """print('{"ready": true, "part": "x"}', flush=True); """
_SLEEP = "import time; time.sleep(60)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def gone(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    return happened()


def pids_of_killed(program: str) -> list[int]:
    """Start a program, and kill it once it has printed the processes that it started; give these."""
    parent = subprocess.Popen(python(program), stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    return pids


def test_a_child_and_its_child_die_when_their_parent_is_killed() -> None:
    inner = f"from migrator.lab.process import spawn\np = spawn({python(_SLEEP)!r})\nprint(p.pid, flush=True)\n{_SLEEP}"
    outer = (
        "from migrator.lab.process import spawn\n"
        f"p = spawn({python(inner)!r})\n"
        f"print(p.pid, p.stdout.readline().decode().strip(), flush=True)\n{_SLEEP}"
    )
    pids = pids_of_killed(outer)

    assert len(pids) == 2
    assert within(3, lambda: all(gone(pid) for pid in pids))


def test_a_program_with_processes_of_its_own_is_asked_to_end_them_when_its_parent_is_killed() -> None:
    own = f"import subprocess, sys; p = subprocess.Popen({python(_SLEEP)!r})"
    ends = "import signal; signal.signal(signal.SIGTERM, lambda *_: (p.kill(), sys.exit(0)))"
    inner = f"{own}\n{ends}\nprint(p.pid, flush=True)\n{_SLEEP}"
    outer = (
        "import signal\nfrom migrator.lab.process import spawn\n"
        f"p = spawn({python(inner)!r}, orphaned=signal.SIGTERM)\n"
        f"print(p.pid, p.stdout.readline().decode().strip(), flush=True)\n{_SLEEP}"
    )
    pids = pids_of_killed(outer)

    assert len(pids) == 2
    assert within(10, lambda: all(gone(pid) for pid in pids))


def test_the_ready_line_is_given_as_a_value() -> None:
    child = spawn(python(_SAY_READY + _SLEEP))

    assert ready_line(child, 10) == {"ready": True, "part": "x"}
    assert stop(child) == -signal.SIGTERM


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param("raise SystemExit(3)", "exit code 3", id="it ends"),
        pytest.param("print('hello', flush=True); " + _SLEEP, "no JSON", id="it says something else"),
        pytest.param("print('{}', flush=True); " + _SLEEP, "does not say ready", id="it says it is not ready"),
        pytest.param(_SLEEP, "not ready after 0.5 s", id="it says nothing"),
    ],
)
def test_a_part_that_is_not_ready_says_why(code: str, reason: str) -> None:
    child = spawn(python(code))

    with pytest.raises(NotReady, match=reason):
        ready_line(child, 0.5 if code == _SLEEP else 10)
    stop(child)


def test_a_program_that_does_not_exist_is_reported() -> None:
    child = spawn(["no-such-program"], stderr=subprocess.DEVNULL)

    with pytest.raises(NotReady, match="exit code 127"):
        ready_line(child, 10)
    assert stop(child) == 127


def test_stop_kills_what_ignores_the_request_together_with_its_session() -> None:
    stubborn = (
        "import os, signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"p = subprocess.Popen({python(_SLEEP)!r})\n"
        f'print(\'{{"ready": true, "child": %d}}\' % p.pid, flush=True)\n{_SLEEP}'
    )
    child = spawn(python(stubborn))
    inner = ready_line(child, 10)["child"]

    assert stop(child, 0.2) == -signal.SIGKILL
    assert within(3, lambda: gone(inner))


def test_a_started_process_leads_a_session_of_its_own() -> None:
    child = spawn(python(_SAY_READY + _SLEEP))
    ready_line(child, 10)

    assert os.getsid(child.pid) == child.pid
    stop(child)
