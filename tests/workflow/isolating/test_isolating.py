"""A pod is set apart from its workload and put back, on a fake world and a real store: no harm, whatever dies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.isolating.beginning import Wanted, give_up, left
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import codes
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Manifest, ObjectRef, items, labels, mapping, text
from migrator.domain.model.runs import State
from migrator.domain.model.spec import DrainSpec, OnTimeout
from migrator.domain.steps.isolating.mark import MARK
from tests.fakes.apart import Apart
from tests.fakes.harness import Edge, Killed
from tests.fakes.objects import NAMESPACE
from tests.fakes.standing import daemon_set
from tests.fakes.world import DAEMONSET, NEW_PORT, SPEC, FakeWorld, on, quick

Make = Callable[[], Apart]
QUICK = quick(on(replace(SPEC, drain=DrainSpec(20.0, OnTimeout.CUT)), "l-1"))


@pytest.fixture
def deployment(memory: Path) -> Apart:
    world = FakeWorld(listeners=("l-1",), replicas=3)
    world.clock.advance(30.0)
    return Apart(memory, world, QUICK)


@pytest.fixture
def daemons(memory: Path) -> Apart:
    """A DaemonSet that serves alone, on three nodes."""
    return serving_alone(memory, daemon_set())


@pytest.fixture
def beside(memory: Path) -> Apart:
    """The same in a network of the pods' own: two pods may run beside each other on a node."""
    return serving_alone(memory, daemon_set(host=False))


def serving_alone(memory: Path, made: Manifest) -> Apart:
    """Give a world in which a DaemonSet serves alone."""
    world = FakeWorld(listeners=("l-1",), replicas=0)
    world.cluster.add(made)
    world.clock.advance(30.0)
    world.balancer.rows.clear()
    for pod in world.cluster.workload(DAEMONSET).pods:
        world.balancer.add(Backend("l-1", pod.ref.ip, NEW_PORT), 100)
    return Apart(memory, world, QUICK)


def there(made: Apart, name: str) -> Manifest:
    found = made.pod(name)
    assert found is not None
    return found


def test_a_deployments_pod_is_set_apart_another_takes_its_place_and_weight(deployment: Apart) -> None:
    a = deployment
    name = a.olds()[0]
    ip = text(there(a, name), "status", "podIP")

    run = a.isolate(name)

    pod = there(a, name)
    assert run.state is State.COMPLETED, run.why
    assert not items(pod, "metadata", "ownerReferences")
    assert labels(pod, "metadata", "labels")[MARK] == "true"
    assert a.at(ip) == [0]
    assert len(a.olds()) == 3
    assert sorted(entry.weight for entry in a.world.balancer.rows.values()) == [0, 100, 100, 100]
    assert not a.world.balancer.harm


def test_a_deployments_pod_comes_back_and_the_one_that_made_room_goes(deployment: Apart) -> None:
    a = deployment
    before, name = set(a.olds()), a.olds()[0]
    was = there(a, name)
    a.isolate(name)
    came = set(a.olds()) - before

    run = a.release(name)

    a.world.clock.advance(5.0)
    pod = there(a, name)
    assert run.state is State.COMPLETED, run.why
    assert set(a.olds()) == before
    assert not came & set(a.olds())
    assert labels(pod, "metadata", "labels") == labels(was, "metadata", "labels")
    assert MARK not in mapping(pod, "metadata", "annotations")
    assert [entry.weight for entry in a.world.balancer.rows.values()] == [100, 100, 100]
    assert not a.world.balancer.harm


def test_a_pod_that_is_deleted_leaves_nothing_on_the_balancer(deployment: Apart) -> None:
    a = deployment
    name = a.olds()[0]
    a.isolate(name)

    run = a.release(name, end=True)

    assert run.state is State.COMPLETED, run.why
    assert a.pod(name) is None
    assert [entry.weight for entry in a.world.balancer.rows.values()] == [100, 100, 100]
    assert not a.world.balancer.harm


def test_a_daemonsets_node_stays_at_0_while_its_pod_is_apart_and_the_other_waits(daemons: Apart) -> None:
    a = daemons
    name = next(iter(a.daemons()))

    run = a.isolate(name)

    assert run.state is State.COMPLETED, run.why
    assert a.at("10.1.0.1") == [0]
    assert sorted(a.daemons().values()) == [False, True, True]
    assert not a.world.balancer.harm


@pytest.mark.parametrize("end", [False, True], ids=["put back", "deleted"])
def test_a_daemonsets_node_has_its_weight_again_once_one_of_the_two_is_gone(daemons: Apart, end: bool) -> None:
    a = daemons
    name = next(iter(a.daemons()))
    a.isolate(name)

    run = a.release(name, end)

    assert run.state is State.COMPLETED, run.why
    assert (a.pod(name) is None) is end
    assert list(a.daemons().values()) == [True, True, True]
    assert a.at("10.1.0.1") == [100]
    assert not a.world.balancer.harm


def test_in_a_pod_network_the_other_pod_of_the_node_makes_room(beside: Apart) -> None:
    a = beside
    before = a.daemons()
    name, *others = sorted(before)
    a.isolate(name)
    (came,) = a.daemons().keys() - before.keys()
    a.world.clock.advance(60.0)
    newest = a.world.cluster.objects[ObjectRef("v1", "Pod", NAMESPACE, others[0])]
    mapping(newest, "metadata")["creationTimestamp"] = a.world.clock.now().isoformat()
    a.world.clock.advance(60.0)

    outline = a.begin(name, False)
    run = a.bounded()

    assert (outline.follows.code, outline.follows["pod"]) == ("release.makes-room", came)
    assert run.state is State.COMPLETED, run.why
    assert a.daemons().keys() == {name, *others}
    assert [entry.weight for entry in a.world.balancer.rows.values()] == [100, 100, 100]
    assert not a.world.balancer.harm


@pytest.mark.no_cover  # a whole life for each few calls
@pytest.mark.parametrize("end", [False, True], ids=["put back", "deleted"])
def test_whoever_is_killed_again_and_again_gets_there_all_the_same(deployment: Apart, end: bool) -> None:
    a = deployment
    name = a.olds()[0]
    for wanted in (None, end):
        a.begin(name, wanted)
        for life in range(200):
            try:
                assert a.bounded(dies_after=14 + life % 3).state is State.COMPLETED
                break
            except Killed:
                continue

    a.world.clock.advance(5.0)
    assert (a.pod(name) is None) is end
    assert len(a.olds()) == 3
    assert sorted(entry.weight for entry in a.world.balancer.rows.values()) == [100, 100, 100]
    assert not a.world.balancer.harm


def test_a_pod_is_put_back_from_a_store_that_never_saw_it(deployment: Apart, tmp_path: Path) -> None:
    a = deployment
    name = a.olds()[0]
    a.isolate(name)
    other = Apart(tmp_path, a.world, QUICK)

    assert other.release(name).state is State.COMPLETED


def test_a_second_isolate_of_the_same_pod_is_refused(deployment: Apart) -> None:
    a = deployment
    name = a.olds()[0]
    a.isolate(name)

    with pytest.raises(UsageError) as refused:
        a.begin(name)

    assert refused.value.message.code == "isolate.already"


def test_a_delete_that_was_interrupted_is_not_gone_on_with_by_a_release(deployment: Apart) -> None:
    a = deployment
    name = a.olds()[0]
    a.isolate(name)
    a.begin(name, True)
    with pytest.raises(Killed):
        a.bounded(dies_after=3)
    with a.store() as store:
        (deleting,) = [run for run in store.runs() if not run.ended]
        assert left(store, QUICK, Wanted(name, False)) is None
        assert left(store, QUICK, Wanted(name)) is None
        found = left(store, QUICK, Wanted(name, True))
        assert found is not None
        assert found[0].id == deleting.id

        give_up(store, QUICK, Wanted(name, False))

        assert store.run(deleting.id).ended
        assert left(store, QUICK, Wanted(name, True)) is None

    assert a.release(name).state is State.COMPLETED
    assert a.pod(name) is not None


def test_an_isolate_that_was_left_takes_no_label_once_the_pod_serves_again(deployment: Apart) -> None:
    a = deployment
    name = a.olds()[0]
    was, ip = labels(there(a, name), "metadata", "labels"), text(there(a, name), "status", "podIP")
    a.begin(name)
    with pytest.raises(Killed):
        a.bounded(Edge(f"Let {name} go", "intend", "before"))
    entry = next(entry for backend, entry in a.world.balancer.rows.items() if backend.address == ip)
    entry.weight = entry.steers = 100

    run = a.process(leaves=lambda progress: progress.run.state is State.HALTED)

    assert (run.state, "isolate.has-weight" in codes(run.why)) == (State.HALTED, True)
    assert labels(there(a, name), "metadata", "labels").items() >= was.items()
    with a.store() as store:
        assert left(store, QUICK, Wanted(name)) is None
    assert not a.world.balancer.harm
