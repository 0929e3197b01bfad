"""A harness for whole runs: a fake world, a real store on a file, processes that can die."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from migrator.domain.model.spec import Spec
from migrator.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.harness import Harness
from tests.fakes.world import FakeWorld

Make = Callable[..., Harness]


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty store to copy: one migration for all tests."""
    file = tmp_path_factory.mktemp("blank") / "blank.db"
    Store.open(file, FakeClock()).close()
    return file


@pytest.fixture
def memory() -> Iterator[Path]:
    """Give a folder in memory, where there is one: a killed process loses nothing there, and a commit waits for no disk.

    That a commit waits for the disk elsewhere is `tests/store/test_database.py`'s.
    """
    room = Path("/dev/shm")
    with TemporaryDirectory(dir=room if room.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def make(memory: Path, blank: Path) -> Make:
    """Give a maker of harnesses, each with a store of its own."""
    made: list[Harness] = []

    def harness(world: FakeWorld | None = None, spec: Spec | None = None, **named: Any) -> Harness:
        folder = memory / f"{len(made)}"
        folder.mkdir()
        shutil.copy(blank, folder / "store.db")
        made.append(Harness(folder, world, spec, **named))
        return made[-1]

    return harness
