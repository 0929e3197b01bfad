"""A harness for whole runs: a fake world, a real store on a file, processes that can die."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pytest

from migrator.domain.model.spec import Spec
from migrator.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.harness import Harness
from tests.fakes.world import FakeWorld

Make = Callable[..., Harness]
ROOM = Path("/dev/shm")


class Beginnings:
    """Runs that were brought somewhere once. Each test goes on from a twin of its own: the way there is the same for all."""

    def __init__(self, folder: Path, blank: Path) -> None:
        self._folder, self._blank = folder, blank
        self._there: dict[Hashable, Harness] = {}

    def at(self, bring: Callable[[Harness], None], world: Callable[[], FakeWorld], spec: Spec) -> Harness:
        """Give a run of `spec` in such a world, as `bring` leaves it."""
        place = (bring, world, spec)
        if place not in self._there:
            folder = Path(mkdtemp(dir=self._folder))
            shutil.copy(self._blank, folder / "store.db")
            harness = Harness(folder, world(), spec)
            bring(harness)
            self._there[place] = harness
        return self._there[place].twin(Path(mkdtemp(dir=self._folder)))


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
    with TemporaryDirectory(dir=ROOM if ROOM.is_dir() else None) as folder:
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


@pytest.fixture(scope="module")
def beginnings(blank: Path) -> Iterator[Beginnings]:
    """Give the beginnings that the tests of a module share."""
    with TemporaryDirectory(dir=ROOM if ROOM.is_dir() else None) as folder:
        yield Beginnings(Path(folder), blank)
