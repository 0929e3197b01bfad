"""What must answer at once imports little: the seconds are measured by `tests/bench/bench_cli.py`, the modules here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.world import stored, walked

TELL = "import sys; from migrator.cli.main import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
HEAVY = ("sqlalchemy", "yaml", "kubernetes", "httpx", "pydantic", "alembic", "requests")
STYLED = ("rich",)
"""What draws for people. It takes 15 ms, which `status` for people may take."""

OURS = ("migrator.domain.planning.checks", "migrator.domain.planning.derive", "migrator.workflow.drive", "migrator.lab")
LIFE = ("transitions", "migrator.workflow")
"""What knows the moves of a run, 4 ms: `status` says what can be typed, so it asks; nobody else who must be quick does."""


def imported(folder: Path, *words: str) -> set[str]:
    """Give the modules that a command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", TELL, *words],
        env={**os.environ, "MIGRATOR_STORE": str(folder / "migrator.db")},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "kept_out"),
    [
        pytest.param(("--help",), (*HEAVY, *OURS, *STYLED, *LIFE, "migrator.store", "migrator.domain"), id="--help"),
        pytest.param(("status",), (*HEAVY, *OURS), id="status"),
        pytest.param(("status", "--output", "json"), (*HEAVY, *OURS, *STYLED), id="status as JSON"),
        pytest.param(("list", "--output", "json"), (*HEAVY, *OURS, *STYLED, *LIFE), id="list as JSON"),
        pytest.param(("events",), (*HEAVY, *OURS, *STYLED, *LIFE), id="events"),
        pytest.param(("events", "--output", "json"), (*HEAVY, *OURS, *STYLED, *LIFE), id="events as JSON"),
    ],
)
def test_a_quick_command_imports_nothing_heavy(
    tmp_path: Path, words: tuple[str, ...], kept_out: tuple[str, ...]
) -> None:
    with stored(tmp_path) as (store, clock):
        walked(store, clock)

    assert imported(tmp_path, *words) & set(kept_out) == set()
