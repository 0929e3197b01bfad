"""What whole migrations share: one lab per test process, and for each test a ground and an operator of its own."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, Scenario
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record
from tests.scenarios.ground import PARTS, Ground, clear, ground
from tests.scenarios.operator import Operator

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """A lab whose own gateway is gone: Istio's Gateways reach into every namespace, and idle Envoys cost time."""
    folder: Path = tmp_path_factory.mktemp("lab")
    with lifecycle.running(Scenario(net="auto", parts=PARTS), folder) as record:
        with kubeconfig.connect(Path(record.kubeconfig)) as http:
            clear(Cluster(http), GATEWAY_NAMESPACE, record)
        yield record


@pytest.fixture
def stage(lab: Record, tmp_path: Path) -> Iterator[Ground]:
    """A gateway as a Deployment behind a balancer of its own."""
    with ground(lab, tmp_path, next(_NUMBERS)) as found:
        yield found


@pytest.fixture
def operator(stage: Ground, tmp_path: Path) -> Iterator[Operator]:
    """Somebody with a store, the command line, and no run yet. Whatever was started ends with the test."""
    found = Operator(stage, tmp_path / "migrator.db")
    yield found
    found.close()


@pytest.fixture
def others(stage: Ground, tmp_path: Path) -> Iterator[Callable[[str], Operator]]:
    """Give operators with a store and logs of their own, each by its name; whatever they started ends with the test."""
    made: list[Operator] = []

    def other(name: str) -> Operator:
        made.append(Operator(stage, tmp_path / f"{name}.db"))
        return made[-1]

    yield other
    for each in made:
        each.close()
