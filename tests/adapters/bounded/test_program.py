"""Somebody else's program: what it is given and prints, and an end in time, also where it prints without end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.adapters.bounded import program
from migrator.adapters.bounded.program import ended

PYTHON = (sys.executable, "-I", "-S", "-c")
PATIENT = 60.0


def test_a_program_is_given_all_of_its_input_and_says_how_it_ended() -> None:
    text = "0123456789" * 50_000
    copies = "import sys; sys.stdout.write(sys.stdin.read()); sys.stderr.write('so'); sys.exit(3)"

    found = ended((*PYTHON, copies), PATIENT, text)

    assert (found.code, found.out.decode() == text, found.err) == (3, True, b"so")


def test_a_program_that_reads_nothing_of_its_input_still_ends() -> None:
    found = ended((*PYTHON, "import os; os.close(0); print('done')"), PATIENT, "x" * 500_000)

    assert (found.code, found.out) == (0, b"done\n")


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LARGEST", 1000)

    found = ended((*PYTHON, "import os; [os.write(fd, b'x' * 9999) for fd in (1, 2) for _ in range(50)]"), PATIENT)

    assert (found.code, len(found.out), len(found.err)) == (0, 1000, 1000)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("import time; time.sleep(600)", id="says nothing"),
        pytest.param("import os\nwhile True: os.write(1, b'x' * 9999)", id="prints without end"),
        pytest.param("import os, time; os.close(1); os.close(2); time.sleep(600)", id="has closed its pipes"),
        pytest.param("import os, time; os.fork() or time.sleep(600)", id="its child holds the pipes open"),
    ],
)
def test_a_program_that_does_not_end_is_ended_with_its_children(script: str) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        ended((*PYTHON, script), 0.3)


def test_a_program_is_ended_when_the_process_leaves_that_waits_for_it(tmp_path: Path) -> None:
    """It is in a session of its own, so what ends us does not reach it."""
    leaving = (
        "import sys, threading; from migrator.adapters.bounded import program;"
        "threading.Thread(target=program.ended, args=((sys.executable, '-c', sys.argv[1]), 600), daemon=True).start();"
        "sys.stdin.readline()"
    )
    mark = tmp_path / "begun"
    told = f"import os, pathlib, time; pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", leaving, told], stdin=subprocess.PIPE) as process:
        until(lambda: mark.exists() and mark.read_text() != "")
        process.communicate(b"\n", timeout=PATIENT)

    until(lambda: is_gone(int(mark.read_text())))


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENT
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
