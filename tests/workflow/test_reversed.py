"""A plan back from the end of a completed run: the same turns with the roles swapped, whichever write a process dies at."""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.manifests import Manifest, labels, mapping
from migrator.domain.model.manifests import text as field
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import DrainSpec, OnTimeout, Spec, Strategy
from migrator.domain.planning.reverse import reversed_spec
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY
from tests.fakes.gateways import FakeGateways
from tests.fakes.harness import Edge, Harness, Killed, soaked
from tests.fakes.objects import OLD_PORT
from tests.fakes.upheaval import end, failing_as_they_end, once
from tests.fakes.world import DAEMONSET, DEPLOYMENT, NEW_PORT, SCALER, SERVICE, SPEC, FakeWorld, on, quick
from tests.words import text, texts
from tests.workflow.conftest import Make

RARE = ("note", "verdict", "ruled", "passed")
SHORT = quick(
    on(replace(SPEC, traffic=replace(SPEC.traffic, soak=2.0), drain=DrainSpec(20.0, OnTimeout.CUT)), "l-1"), 1.0
)
AT_ONCE = replace(SHORT, strategy=Strategy.BLUE_GREEN)
FORWARD = (
    "Preflight", "Guard", "Deploy", "AwaitReady", "VerifyConfig", "Attach new", "Shift 100 %", "Keep", "Drain old",
    "Gate", "Detach old", "Retire", "Restore companions", "Confirm new",
)  # fmt: skip
BACK = (
    "Tell old to stay", "Attach old", "Restore old", "Drain new", "Detach new", "Remove new", "Undo guard", "Confirm old",
)  # fmt: skip
NODE_PORT = 30080
SEED = int(os.environ.get("KILL_SEED", "20260101"))
"""Draws the edges that are tried outside the matrix; a failure prints it."""
SOME_OR_ALL = [
    pytest.param(3, id="three edges"),
    pytest.param(sys.maxsize, id="every edge", marks=pytest.mark.matrix),
]


def there(folder: Path, spec: Spec = AT_ONCE, node_port: int = 0) -> tuple[FakeWorld, Spec, dict[str, Manifest]]:
    """Take a small world forward; give it, the spec of the way back, and what stood there in the beginning."""
    world = FakeWorld(listeners=("l-1",), nodes=2, replicas=2, node_port=node_port)
    before = {ref.kind: found for ref in (DEPLOYMENT, SERVICE, SCALER) if (found := world.cluster.get(ref)) is not None}
    harness = Harness(folder, world, spec)
    assert harness.process().state is State.COMPLETED
    world.gateways = FakeGateways(world.clock)  # a pod that comes back under its old name is another process
    world.shares.clear()
    return world, reversed_spec(harness.plan, harness.run.id), before


def climbs(world: FakeWorld) -> list[float]:
    """Give the returning side's share over time."""
    return [100.0 - share for share in world.shares]


def assert_all_is_as_it_was(
    harness: Harness, before: dict[str, Manifest], said: str = "", port: int = OLD_PORT
) -> None:
    world = harness.world
    assert world.balancer.harm == [], said
    assert climbs(world) == sorted(climbs(world)), said
    assert {backend.port for backend in world.weights} == {port}, said
    assert all(world.weights.values()), said
    assert world.cluster.get(DAEMONSET) is None, said
    services = [ref for ref in world.cluster.objects if ref.kind == "Service"]
    assert services == [SERVICE], said
    for ref in (SERVICE, SCALER):
        assert mapping(world.cluster.get(ref), "spec") == mapping(before[ref.kind], "spec"), said
    returned = world.cluster.get(DEPLOYMENT) or {}
    assert mapping(returned, "spec") == mapping(before["Deployment"], "spec"), said
    for ref in (DEPLOYMENT, SCALER):
        found = world.cluster.get(ref)
        assert MANAGED_BY not in labels(found, "metadata", "labels"), said
        assert DIGEST not in labels(found, "metadata", "annotations"), said
    with harness.store() as store:
        assert store.verify_chain(harness.run.id) is None, said
        assert store.open_write(harness.run.id) is None, said


def test_a_completed_run_is_taken_back_share_by_share_to_what_stood_there_before(make: Make, memory: Path) -> None:
    world, spec, before = there(memory, SHORT)
    harness = make(world, spec)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert {10, 50, 90, 100} <= {round(share) for share in climbs(world)}
    assert_all_is_as_it_was(harness, before)


@pytest.mark.parametrize("step", ["AwaitReady", "Shift 100 %", "Detach old"])
def test_a_plan_back_can_itself_be_rolled_back_at_every_step_until_the_end(make: Make, memory: Path, step: str) -> None:
    world, spec, _ = there(memory)
    weights, found = world.weights, [world.cluster.get(ref) for ref in (DAEMONSET, SERVICE)]
    harness = make(world, spec)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == step)
    harness.ask(RequestKind.ROLLBACK)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert_the_daemonset_serves(harness, weights, found)


def assert_the_daemonset_serves(
    harness: Harness, weights: object, found: list[Manifest | None], said: str = ""
) -> None:
    world = harness.world
    assert world.balancer.harm == [], said
    assert world.weights == weights, said
    assert world.cluster.get(DEPLOYMENT) is None, said
    assert world.cluster.get(SCALER) is None, said
    now = [world.cluster.get(ref) for ref in (DAEMONSET, SERVICE)]
    assert [mapping(each, "spec") for each in now] == [mapping(each, "spec") for each in found], said


def test_it_can_be_rolled_back_while_the_services_lead_to_the_returning_pods_and_the_daemonset_stands(
    make: Make, memory: Path
) -> None:
    world, spec, _ = there(memory)
    weights, found = world.weights, [world.cluster.get(ref) for ref in (DAEMONSET, SERVICE)]
    harness = make(world, spec)
    harness.process(leaves=lambda progress: progress.words.code == "retire.repoint")
    harness.ask(RequestKind.ROLLBACK)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert text(harness.progress[-1].titles[0]) == "Point back"
    assert_the_daemonset_serves(harness, weights, found)


def test_node_ports_lead_to_the_returning_pods_before_they_are_given_weight(make: Make, memory: Path) -> None:
    world, spec, before = there(memory, SHORT, NODE_PORT)
    harness = make(world, spec)

    run = harness.process()

    assert run.state is State.COMPLETED, harness.words()[-5:]
    assert {10, 50, 90, 100} <= {round(share) for share in climbs(world)}
    titles = texts(harness.progress[-1].titles)
    assert titles.index("AwaitReady") < titles.index("Lead") < titles.index("Attach new")
    assert_all_is_as_it_was(harness, before, port=NODE_PORT)


@pytest.mark.parametrize("step", ["Lead", "Keep"])
def test_node_ports_lead_back_when_it_is_rolled_back(make: Make, memory: Path, step: str) -> None:
    world, spec, _ = there(memory, AT_ONCE, NODE_PORT)
    weights, found = world.weights, [world.cluster.get(ref) for ref in (DAEMONSET, SERVICE)]
    harness = make(world, spec)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == step)
    harness.ask(RequestKind.ROLLBACK)

    run = harness.process()

    assert run.state is State.ROLLED_BACK, harness.words()[-5:]
    assert_the_daemonset_serves(harness, weights, found)


def climbing(make: Make, memory: Path) -> tuple[Harness, object]:
    """Give a run back that a process has left at 50 %, and the weights from before it."""
    world, spec, _ = there(memory, SHORT)
    weights = world.weights
    harness = make(world, spec)
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Shift 90 %")
    return harness, weights


def test_the_successor_of_a_pod_that_was_registered_takes_its_place_and_the_lost_one_leaves_no_row_behind(
    make: Make, memory: Path
) -> None:
    harness, _ = climbing(make, memory)
    cluster = harness.world.cluster
    lost = next(ref for ref in cluster.objects if ref.kind == "Pod" and ref.name.startswith("gw-abc"))
    gone = field(cluster.objects[lost], "status", "podIP")
    cluster.lose(lost)
    cluster.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "taken", "namespace": lost.namespace}})

    run = harness.process()

    living = {
        field(pod, "status", "podIP") for ref, pod in cluster.objects.items() if ref.name.startswith("gw-abc")
    } - {""}
    assert run.state is State.COMPLETED
    assert {backend.address for backend in harness.world.weights} == living
    assert gone not in living
    assert len(set(harness.world.weights.values())) == 1
    assert not harness.world.balancer.harm


def test_returning_pods_that_somebody_restarts_one_after_the_other_do_not_turn_the_run_back(
    make: Make, memory: Path
) -> None:
    """The balancer calls a pod sick in the moment in which it begins to end: before the write that takes its weight."""
    world, spec, _ = there(memory, SHORT)
    harness = make(failing_as_they_end(world), spec)
    restarts = [once(f"Shift {share} %", lambda: end(world, 1), lambda p: soaked(p, 0.5)) for share in (50, 90)]

    run = harness.process(leaves=lambda progress: any([restart(progress) for restart in restarts]))

    assert run.state is State.COMPLETED, harness.words()[-20:]
    assert world.balancer.harm == []


def test_a_process_that_never_saw_the_cluster_takes_the_weights_back_all_the_same(make: Make, memory: Path) -> None:
    harness, weights = climbing(make, memory)
    for call in ("workload", "get", "list_objects", "patch", "apply", "delete"):
        harness.world.cluster.orders.fail(call, Unreachable(verbatim("no answer")), times=-1)
    for backend in harness.world.weights:  # gateways are read through the cluster
        harness.world.gateways.process(f"at {backend.address}").silent = "no answer"
    harness.ask(RequestKind.ROLLBACK)

    harness.process(leaves=lambda _progress: harness.world.share == 100)
    assert {b: w for b, w in harness.world.weights.items() if b.port == NEW_PORT} == weights
    harness.world.cluster.orders.forgive()

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == weights
    assert harness.world.balancer.harm == []


@cache
def edges(back: bool) -> tuple[Edge, ...]:
    """Give the first edge of each call at each step, from one run that nobody kills."""
    with TemporaryDirectory() as folder, TemporaryDirectory() as first:
        world, spec, _ = there(Path(first))
        harness = Harness(Path(folder), world, spec)
        if back:
            going_back(harness)
            harness.edges.clear()
        harness.process()
        return tuple(e for e in harness.edges if e.when == "before" and (e.nth == 1 or e.call not in RARE))


def going_back(harness: Harness) -> None:
    harness.process(leaves=lambda progress: text(progress.titles[progress.run.cursor]) == "Keep")
    harness.ask(RequestKind.ROLLBACK)


def deadly(back: bool, step: str, most: int) -> list[Edge]:
    """Give the edges of a step at which processes die: all of them, or so many of them by the seed."""
    found = [edge for edge in edges(back) if edge.step == step]
    assert found
    return found if len(found) <= most else random.Random(f"{SEED} {step}").sample(found, most)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("most", SOME_OR_ALL)
@pytest.mark.parametrize("step", FORWARD)
def test_the_next_process_finishes_what_a_killed_one_began(make: Make, memory: Path, step: str, most: int) -> None:
    for number, edge in enumerate(deadly(False, step, most)):
        (folder := memory / f"there-{number}").mkdir()
        world, spec, before = there(folder)
        harness = make(world, spec)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)

        run = harness.process()

        assert run.state is State.COMPLETED, f"{edge}: {run.why}"
        assert_all_is_as_it_was(harness, before, f"seed {SEED}, {edge}")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("most", SOME_OR_ALL)
@pytest.mark.parametrize("step", BACK)
def test_a_killed_rollback_of_it_is_finished_by_the_next_process(
    make: Make, memory: Path, step: str, most: int
) -> None:
    for number, edge in enumerate(deadly(True, step, most)):
        (folder := memory / f"there-{number}").mkdir()
        world, spec, _ = there(folder)
        weights, found = world.weights, [world.cluster.get(ref) for ref in (DAEMONSET, SERVICE)]
        harness = make(world, spec)
        going_back(harness)
        with pytest.raises(Killed):
            harness.process(dies_at=edge)

        run = harness.process()

        assert run.state is State.ROLLED_BACK, f"{edge}: {run.why}"
        assert_the_daemonset_serves(harness, weights, found, f"seed {SEED}, {edge}")


@pytest.mark.parametrize("seed", range(2))
def test_a_plan_back_whose_processes_die_again_and_again_gets_there_all_the_same(
    make: Make, memory: Path, seed: int
) -> None:
    chance = random.Random(seed)
    world, spec, before = there(memory)
    harness = make(world, spec)
    harness.many_lives(chance, 40)

    assert harness.run.state is State.COMPLETED
    assert_all_is_as_it_was(harness, before, f"seed {seed}")


def test_the_leaving_side_keeps_its_own_port_and_the_returning_one_gets_the_pods_own(memory: Path) -> None:
    world, spec, _ = there(memory)

    plan = world.plan(spec)

    assert {row.backend.port for row in plan.seen.old} == {NEW_PORT}
    assert (plan.seen.new, plan.seen.nodes) == ((), ())
    assert {(port.listener, port.port) for port in plan.seen.scattered.ports} == {("l-1", OLD_PORT)}
