"""Ctrl-C and SIGTERM leave a run, whatever the process is waiting for, and the last line says so."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

STUCK = """
import sys, time
from migrator.cli.leaving import Leaving

def last_words():
    print("nobody watches", flush=True)
    return 3

with Leaving(last_words) as leaving:
    print("there", flush=True)
    {what}
print("left by itself", flush=True)
sys.exit(5)
"""
PATIENCE = 30.0
"""Seconds until a process that was told to leave counts as stuck for good; every way of being stuck lasts far longer."""

WAYS = {
    "stuck in a sleep": "time.sleep(3600)",
    "stuck in a lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "stuck in C": "import sqlite3; sqlite3.connect(':memory:').execute("
    "'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000000) SELECT sum(i) FROM n')",
}


def left(what: str, number: signal.Signals) -> tuple[int, str]:
    """Run a process that does `what`, send it a signal; give its exit code and its last line."""
    code = STUCK.format(what=what)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        process.send_signal(number)
        try:
            out, _ = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        return process.returncode, out.strip()


@pytest.mark.parametrize("what", [pytest.param(code, id=name) for name, code in WAYS.items()])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stuck_process_says_its_last_words_and_is_gone(what: str, number: signal.Signals) -> None:
    assert left(what, number) == (3, "nobody watches")


def test_a_process_that_leaves_by_itself_is_not_interrupted() -> None:
    found = left("while not leaving.asked(): time.sleep(0.01)", signal.SIGTERM)

    assert found == (5, "left by itself")
