"""Fixtures: one API server and one node agent for all tests of a module."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from migrator.lab.ground.nets import borrowed_net
from tests.lab.node.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An API server with one node."""
    with borrowed_net() as net, closing(World(Path(tmp_path_factory.mktemp("world")), net)) as found:
        found.start_api()
        found.start_node()
        yield found
