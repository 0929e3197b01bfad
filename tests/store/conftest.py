"""A store on a real file, a clock, and a run that somebody holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrator.domain.model.runs import Run
from migrator.domain.planning.plan import Plan
from migrator.store import Journal, Lease, Store
from tests.store.world import FakeClock, make_plan


@pytest.fixture
def clock() -> FakeClock:
    """Give time that stands still."""
    return FakeClock()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty store to copy: one migration for all tests."""
    file = tmp_path_factory.mktemp("blank") / "blank.db"
    Store.open(file, FakeClock()).close()
    return file


@pytest.fixture
def file(tmp_path: Path, blank: Path) -> Path:
    """Give the file of an empty store."""
    return Path(shutil.copy(blank, tmp_path / "store.db"))


@pytest.fixture
def store(file: Path, clock: FakeClock) -> Iterator[Store]:
    """Give an empty store."""
    opened = Store.open(file, clock)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Driven:
    """A run in the hands of this process."""

    plan: Plan
    run: Run
    lease: Lease
    journal: Journal


@pytest.fixture
def driven(store: Store) -> Iterator[Driven]:
    """Give a planned run that this process holds."""
    plan = make_plan()
    run = store.create_run(plan)
    lease = store.acquire(run.id, "ann@ops pid 1")
    yield Driven(plan, run, lease, store.journal(run.id, lease))
    lease.release()
