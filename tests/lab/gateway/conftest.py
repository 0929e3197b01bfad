"""Fixtures: an application, a config server, and gateway containers, each stopped after its test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrator.lab.ground.nets import borrowed_net
from migrator.lab.process import stop
from tests.lab.gateway.world import Gateway, Istiod, config, start_app


@pytest.fixture(scope="module")
def prefix() -> Iterator[str]:
    """A loopback prefix with the application running on it."""
    with borrowed_net() as found:
        app = start_app(found)
        yield found
        stop(app)


@pytest.fixture
def istiod(prefix: str) -> Iterator[Istiod]:
    """A config server that sends everything to the application."""
    found = Istiod(prefix)
    found.give(config(prefix))
    yield found
    found.close()


@pytest.fixture
def start(prefix: str, istiod: Istiod, tmp_path: Path) -> Iterator[Callable[..., Gateway]]:
    """Start a gateway with additional environment."""
    started: list[Gateway] = []

    def start_one(**env: str) -> Gateway:
        started.append(Gateway(prefix, istiod, TMPDIR=str(tmp_path), **env))
        return started[-1]

    yield start_one
    for each in started:
        each.close()


@pytest.fixture
def gateway(start: Callable[..., Gateway]) -> Gateway:
    """A gateway that is ready and drains for one second."""
    found = start(DRAIN_SECONDS="1")
    found.until_ready()
    return found
