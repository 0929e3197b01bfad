"""What migrations from one cluster to another share: one lab with two clusters per test process."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import DOORS, GATEWAY_NAMESPACE, TWO_CLUSTERS, Scenario
from migrator.lab.world import lifecycle
from migrator.lab.world.record import Record
from tests.scenarios.clusters.ground import TwoClusters, two_clusters
from tests.scenarios.ground import PARTS, clear

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """A lab with two clusters and doors before both, whose own gateway is gone."""
    folder: Path = tmp_path_factory.mktemp("lab-two")
    scenario = Scenario(net="auto", way=TWO_CLUSTERS, parts=(*PARTS, DOORS))
    with lifecycle.running(scenario, folder) as record:
        for name in ("kubeconfig", "kubeconfig-2"):
            with kubeconfig.connect(folder / name) as http:
                clear(Cluster(http), GATEWAY_NAMESPACE, record)
        yield record


@pytest.fixture
def stage(lab: Record, tmp_path: Path) -> Iterator[TwoClusters]:
    """A gateway as a Deployment in one cluster, and a second cluster without it, behind a balancer of its own."""
    with two_clusters(lab, tmp_path, next(_NUMBERS)) as found:
        yield found
