"""A run in which both sides need the same ports of the same nodes: they change hands one after another, and back."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from migrator.domain.messages.findings import Waiver
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest, ObjectRef, dig, mapping
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import Acknowledged, DrainSpec, OnTimeout, Strategy
from migrator.domain.sides.turns.barring import bar_of
from tests.fakes.harness import Harness, Killed
from tests.fakes.upheaval import settled
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SPEC, FakeWorld, on, quick
from tests.words import text
from tests.workflow.conftest import Make

HERE = on(quick(replace(SPEC, strategy=Strategy.IN_PLACE, drain=DrainSpec(20.0, OnTimeout.CUT))), "l-1")


class InPlaceWorld(FakeWorld):
    """A world in which an old pod holds the new side's port on every node. `harm` tells of pods that ended with weight, and
    of new ones that came to a node that had some: nobody had proved them."""

    def __init__(self, nodes: int = 3) -> None:
        super().__init__(listeners=("l-1",), host_port=NEW_PORT, nodes=nodes, replicas=nodes)
        self.harm: list[str] = []
        self._known: set[str] = set()
        self.clock.passing.append(self._watch)

    def _watch(self, _seconds: float) -> None:
        for ref, pod in self.cluster.objects.items():
            if ref.kind == "Pod" and dig(pod, "metadata", "deletionTimestamp"):
                at = dig(pod, "status", "hostIP")
                heavy = [b for b, entry in self.balancer.rows.items() if entry.weight and b.address == at]
                self.harm += [ref.name for _ in heavy if not self._serves_elsewise(str(at), ref.name)]
        came = {pod.ref.uid: pod.host_ip for pod in self.cluster.workload(DAEMONSET).live if pod.ref.node}
        fresh = [uid for uid in came if uid not in self._known]
        self._known.update(came)
        weighted = {backend.address for backend, entry in self.balancer.rows.items() if entry.weight}
        self.harm += [f"unproved {uid}" for uid in fresh if came[uid] in weighted]

    def _serves_elsewise(self, at: str, name: str) -> bool:
        pods = (p for ref, p in self.cluster.objects.items() if ref.kind == "Pod" and ref.name != name)
        return any(dig(pod, "status", "hostIP") == at for pod in pods)


def replicas(world: FakeWorld) -> object:
    """Give how many pods the old Deployment wants."""
    return dig(world.cluster.get(DEPLOYMENT), "spec", "replicas")


def scaler(world: FakeWorld) -> Manifest:
    """Give what the old side's HPA is set to."""
    return mapping(world.cluster.get(SCALER) or {}, "spec")


def assert_moved(world: InPlaceWorld) -> None:
    assert world.cluster.get(DEPLOYMENT) is None
    assert {pod.ref.node for pod in world.cluster.workload(DAEMONSET).live} == {"node-0", "node-1", "node-2"}
    assert world.weights == world.originals
    assert (world.harm, world.balancer.harm) == ([], [])


def assert_as_before(world: InPlaceWorld, before: Manifest) -> None:
    assert world.cluster.get(DAEMONSET) is None
    assert {pod.ref.node for pod in world.cluster.workload(DEPLOYMENT).live} == {"node-0", "node-1", "node-2"}
    assert not any(pod.deletion_cost for pod in world.cluster.workload(DEPLOYMENT).live)
    assert (world.weights, replicas(world), scaler(world)) == (world.originals, 3, before)
    assert (world.harm, world.balancer.harm) == ([], [])


def going_back(harness: Harness, step: str) -> None:
    """Drive to a step and turn back there."""
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == step)
    harness.ask(RequestKind.ROLLBACK)


def test_every_node_changes_hands_and_none_of_them_ends_with_weight(make: Make) -> None:
    world = InPlaceWorld()
    harness = make(world, HERE)

    run = harness.process()

    assert run.state is State.COMPLETED, (run.why, harness.words()[-5:])
    assert [text(step.title) for step in harness.plan.steps] == [
        *("Preflight", "Guard", "Deploy", "Swap node-0", "Swap node-1", "Swap node-2", "Gate", "Retire", "Confirm new"),
    ]
    assert_moved(world)


@pytest.mark.parametrize("step", ["Guard", "Deploy", "Swap node-0", "Swap node-1", "Swap node-2", "Gate"])
def test_a_rollback_from_anywhere_gives_the_old_pods_their_nodes_back(make: Make, step: str) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    harness = make(world, HERE)
    going_back(harness, step)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, (run.why, harness.words()[-5:])
    assert_as_before(world, before)


def test_a_node_that_is_gone_for_good_costs_the_deployment_no_replica(make: Make) -> None:
    world = InPlaceWorld()
    harness = make(world, HERE)
    going_back(harness, "Swap node-2")
    gone = [ref for ref, thing in world.cluster.objects.items() if dig(thing, "spec", "nodeName") == "node-0"]
    for ref in (*gone, ObjectRef("v1", "Node", "", "node-0")):
        world.cluster.objects.pop(ref)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, (run.why, harness.words()[-5:])
    assert {pod.ref.node for pod in world.cluster.workload(DEPLOYMENT).live} == {"node-1", "node-2"}
    assert replicas(world) == 3
    assert (world.harm, world.balancer.harm) == ([], [])


def test_a_new_side_that_is_worse_gives_its_nodes_back(make: Make) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    world.traffic.bad[Side.NEW] = 0.3
    harness = make(world, HERE)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, (run.why, harness.words()[-5:])
    assert "judge.abort" in str(run.why)
    assert_as_before(world, before)


@pytest.mark.parametrize("most", [17, 26, 33])
def test_a_move_that_is_killed_again_and_again_gets_there_all_the_same(make: Make, most: int) -> None:
    world = InPlaceWorld()
    harness = make(world, HERE)

    for life in range(400):
        try:
            run = harness.process(dies_after=most + life % 3)
            break
        except Killed:
            continue

    assert run.state is State.COMPLETED, (run.why, harness.words()[-5:])
    assert_moved(world)


ALONE = replace(HERE, acknowledge=Acknowledged.LOSES_REQUESTS)


def test_the_last_weight_of_a_listener_is_taken_only_where_that_is_acknowledged(make: Make) -> None:
    world = InPlaceWorld(nodes=1)
    harness = make(world, ALONE)

    run = harness.process()

    assert run.state is State.COMPLETED, (run.why, harness.words()[-5:])
    emptied = [event for event in harness.events() if "swap.empty" in str(event.data)]
    assert len(emptied) == 1
    assert world.weights == world.originals
    assert world.harm == []


def test_one_node_alone_goes_back_the_same_way(make: Make) -> None:
    world = InPlaceWorld(nodes=1)
    harness = make(world, ALONE)
    going_back(harness, "Gate")

    run = harness.process()

    assert run.state is State.ROLLED_BACK, (run.why, harness.words()[-5:])
    assert (world.weights, replicas(world)) == (world.originals, 1)
    assert world.harm == []


def test_without_the_acknowledgement_the_one_node_stays_as_it_is(make: Make) -> None:
    world = InPlaceWorld(nodes=1)
    harness = make(world, replace(HERE, waivers=(*HERE.waivers, Waiver("in-place.loses-requests", "I dare"))))

    run = harness.process(leaves=lambda progress: progress.words.code == "renew.last-one")

    assert "renew.last-one" in " ".join(harness.words()), harness.words()[-5:]
    assert world.weights == world.originals
    assert run.state is State.RUNNING


def heavy(world: FakeWorld, node: str) -> bool:
    """Say whether a node has weight."""
    at = next(host.address for host in world.cluster.hosts(()) if host.name == node)
    return any(weight for backend, weight in world.weights.items() if backend.address == at)


def old_pod(world: FakeWorld, node: str) -> ObjectRef:
    """Give the old pod of a node."""
    pod = next(pod for pod in world.cluster.workload(DEPLOYMENT).live if pod.ref.node == node)
    return ObjectRef("v1", "Pod", pod.ref.namespace, pod.ref.name)


@pytest.mark.parametrize("back", [False, True], ids=["on", "back"])
def test_an_old_pod_that_somebody_deletes_elsewhere_is_replaced_by_an_old_one(make: Make, back: bool) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    harness = make(world, HERE)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Swap node-0")
    world.cluster.lose(old_pod(world, "node-2"))
    settled(world)
    there = [pod.ref.node for pod in world.cluster.workload(DEPLOYMENT).live]
    if back:
        harness.ask(RequestKind.ROLLBACK)

    run = harness.process()

    assert sorted(there) == ["node-0", "node-1", "node-2"]
    assert run.state is (State.ROLLED_BACK if back else State.COMPLETED), (run.why, harness.words()[-5:])
    assert_as_before(world, before) if back else assert_moved(world)


def come_early(world: FakeWorld, node: str) -> None:
    """Take the label off a node, and let the new pod have its ports before another old one does: by two other hands."""
    labels = mapping(world.cluster.objects[ObjectRef("v1", "Node", "", node)], "metadata", "labels")
    del labels[bar_of(DAEMONSET)]
    world.cluster.objects.pop(old_pod(world, node))
    mapping(world.cluster.objects[DEPLOYMENT], "spec")["replicas"] = 2
    settled(world)
    mapping(world.cluster.objects[DEPLOYMENT], "spec")["replicas"] = 3


@pytest.mark.parametrize("back", [False, True], ids=["on", "back"])
def test_nobody_is_sent_to_a_new_pod_that_came_before_its_nodes_turn_until_it_is_proved(make: Make, back: bool) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    harness = make(world, HERE)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Swap node-0")
    come_early(world, "node-2")
    came = {pod.ref.node for pod in world.cluster.workload(DAEMONSET).live}
    world.harm.clear()  # it came to a node with weight by those hands; what the run does then is the question
    if back:
        harness.ask(RequestKind.ROLLBACK)
    seen: list[bool] = []
    run = harness.process(leaves=lambda _progress: bool(seen.append(heavy(world, "node-2"))))

    assert came == {"node-2"}
    assert False in seen[:10]
    assert run.state is (State.ROLLED_BACK if back else State.COMPLETED), (run.why, harness.words()[-5:])
    assert_as_before(world, before) if back else assert_moved(world)


def test_what_scales_the_old_side_is_put_to_rest_again_once_and_then_the_run_holds(make: Make) -> None:
    world = InPlaceWorld()
    before = scaler(world)
    harness = make(world, HERE)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Swap node-1")
    resting = copy.deepcopy(scaler(world))

    def undo() -> None:
        world.cluster.objects[SCALER]["spec"] = copy.deepcopy(before)

    undo()
    harness.process(leaves=lambda _progress: scaler(world) == resting)
    undo()
    harness.process(leaves=lambda progress: progress.words.code == "drift.holds")
    held = harness.words()[-1]
    world.cluster.objects[SCALER]["spec"] = copy.deepcopy(resting)
    run = harness.process()

    assert "guard.undone" in held
    assert run.state is State.COMPLETED, (run.why, harness.words()[-5:])
    assert_moved(world)


def test_a_label_that_somebody_takes_off_a_node_is_put_back_before_anything_comes(make: Make) -> None:
    world = InPlaceWorld()
    harness = make(world, HERE)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Swap node-0")
    labels = mapping(world.cluster.objects[ObjectRef("v1", "Node", "", "node-2")], "metadata", "labels")
    del labels[bar_of(DAEMONSET)]

    left = harness.process(leaves=lambda _progress: bar_of(DAEMONSET) in labels_of_node(world, "node-2"))
    run = harness.process()

    assert left.state is State.RUNNING
    assert run.state is State.COMPLETED, (run.why, harness.words()[-5:])
    assert not any(bar_of(DAEMONSET) in labels_of_node(world, f"node-{number}") for number in range(3))
    assert_moved(world)


def labels_of_node(world: FakeWorld, node: str) -> Manifest:
    """Give a Node's labels as they are now."""
    return mapping(world.cluster.objects[ObjectRef("v1", "Node", "", node)], "metadata", "labels")
