"""Real gateways whose Gateway has the port that the old pods listen on: hosts keep its name when the listening port moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from migrator.adapters.cluster import connect
from migrator.adapters.gateways import gateways
from migrator.app.inspect.parity import Pods, beside
from migrator.domain.model.actions import ApplyObject, PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.observation.parity import Compared
from tests.adapters import lab
from tests.adapters.ground import NEW, World, daemon_set, plan_spec, pods_of, service
from tests.words import texts

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module", name="world")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with lab.running(tmp_path_factory.mktemp("lab"), nodes=2, replicas=1, gateway_port=8080) as record:
        spec = lab.cluster_spec(record)
        cluster = connect(spec)
        lab.until(lambda: cluster.reader.workload(lab.OLD).ready == 1)
        reader, writer = gateways(plan_spec(spec), cluster.ports)
        world = World(record, cluster, reader, writer, pods_of(cluster, lab.OLD))
        cluster.writer.apply(ApplyObject(service(8080)))
        cluster.writer.apply(ApplyObject(daemon_set(world)))
        lab.until(lambda: cluster.reader.workload(NEW).ready == 2, 60.0)
        yield world


@pytest.fixture(name="new")
def _new(world: World) -> tuple[PodRef, ...]:
    found = pods_of(world.cluster, NEW)
    lab.until(lambda: not any(world.reader.parity(pod, Side.NEW).unready for pod in found))
    return found


def test_a_host_named_by_the_gateways_port_is_no_difference_when_the_listening_port_moves(
    world: World, new: tuple[PodRef, ...]
) -> None:
    reference = world.reader.reference(world.old[0], Side.OLD)
    answers = [found for _, found in world.reader.compare(reference, [(pod, Side.NEW) for pod in new])]

    assert [texts(found.differences) for found in answers if isinstance(found, Compared)] == [[], []]
    assert {"listener/0.0.0.0_18080", "route/http.18080"} <= {name for name, _ in reference.parity.units}


def test_two_living_pods_are_compared_without_a_run_and_say_themselves_which_port_is_which(
    world: World, new: tuple[PodRef, ...]
) -> None:
    pods = Pods(lab.cluster_spec(world.record), 15000)
    names = tuple(f"{pod.namespace}/{pod.name}" for pod in (world.old[0], new[0]))
    found = beside((names[0], names[1]), pods.dump(names[0]), pods.dump(names[1]), None, ())

    assert texts(found.lines) == []
    assert (found.alike, dict(found.ports)) == (True, {8080: 18080})
