"""Somebody else's program: what it is given and prints, and an end in time, also where it prints without end."""

from __future__ import annotations

import subprocess
import sys

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
