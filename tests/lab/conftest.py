"""What tests of the lab share: a loopback net of their own, and whole worlds that end with the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.lab.ground.layout import Scenario
from migrator.lab.ground.nets import borrowed_net
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record


@pytest.fixture
def net() -> Iterator[str]:
    """A loopback prefix `127.N` that no other test uses at this time; for single parts."""
    with borrowed_net() as claimed:
        yield claimed


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """A whole lab without load: five nodes, three old gateways behind the VIP."""
    folder: Path = tmp_path_factory.mktemp("lab")
    with lifecycle.running(Scenario(net="auto", delay=0.0), folder) as record:
        yield record
