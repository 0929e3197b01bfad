"""Run in a directory that others write to: nothing of it is run, and no link in it is followed."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.cli.carrying import resuming
from migrator.cli.diagnostics import log_file, log_to
from migrator.lab.node.containers.images import program

TRAP = "open('sprung', 'w').close()\n"
NAMES = ("click", "json", "httpx", "yaml", "rich", "sqlalchemy", "migrator")


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """Give a directory whose files are called as our libraries are."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(TRAP)
    return tmp_path


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield root
    for handler in root.handlers[:]:
        if handler not in before:
            root.removeHandler(handler)
            handler.close()


def test_what_carries_a_run_on_by_itself_takes_no_library_from_where_it_is_started(trapped: Path) -> None:
    command = resuming(trapped / "no" / "store", 7)
    ended = subprocess.run(command, cwd=trapped, capture_output=True, check=False)

    assert ended.returncode == 2, ended.stderr.decode()
    assert not (trapped / "sprung").exists()


def test_every_python_that_is_started_is_told_so() -> None:
    sources = [*Path("migrator").rglob("*.py")]
    bare = [str(file) for file in sources if 'sys.executable, "-m"' in file.read_text(encoding="utf-8")]

    assert bare == []
    assert program("lab/httpd", (), ())[1] == "-P"


def test_a_log_is_appended_to_a_file_of_ours_alone(tmp_path: Path, root: logging.Logger) -> None:
    file = log_file(tmp_path / "store.db", 7)
    for _ in range(2):
        log_to(file)
    logging.getLogger("migrator.x").warning("said")

    assert "said" in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_log_that_is_a_link_is_not_written_and_the_run_goes_on(tmp_path: Path, root: logging.Logger) -> None:
    prey, file = tmp_path / "prey", log_file(tmp_path / "store.db", 7)
    prey.write_text("kept")
    file.symlink_to(prey)
    log_to(file)
    logging.getLogger("migrator.x").warning("said")

    assert prey.read_text() == "kept"
    assert os.path.islink(file)
