"""Fixtures: one balancer process for all tests, and servers that end with their test."""

from collections.abc import Callable, Iterator

import pytest

from tests.lab.clouds.world import Process, Server


@pytest.fixture(scope="session")
def process() -> Iterator[Process]:
    """A balancer process with its ports free; each test creates balancers of its own in it."""
    found = Process()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _hang_up(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "process" in request.fixturenames:
        request.getfixturevalue("process").hang_up()


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    """Start named servers."""
    started: list[Server] = []

    def start(name: str, **options: bool) -> Server:
        started.append(Server(name, **options))
        return started[-1]

    yield start
    for each in started:
        each.close()
