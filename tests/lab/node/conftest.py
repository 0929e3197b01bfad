"""Fixtures: one API server and one node agent for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.node.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An API server with one node."""
    found = World(Path(tmp_path_factory.mktemp("world")))
    try:
        found.start_api()
        found.start_node()
        yield found
    finally:
        found.close()
