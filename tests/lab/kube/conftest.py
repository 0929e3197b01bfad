"""Fixtures: one server process for all tests, a namespace for each, servers with options for those that need them."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.lab.kube.world import Server, Space

_NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server without options."""
    found = Server()
    yield found
    found.close()


@pytest.fixture
def space(server: Server) -> Space:
    """An empty namespace."""
    return Space(server, f"t{next(_NUMBERS)}")


@pytest.fixture
def start() -> Iterator[Callable[..., Server]]:
    """Start a server with options; it ends with the test."""
    started: list[Server] = []

    def start_one(*options: str) -> Server:
        started.append(Server(*options))
        return started[-1]

    yield start_one
    for each in started:
        each.close()
