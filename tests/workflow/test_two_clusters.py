"""Two clusters behind a balancer of several listeners, with rows that belong to neither side: both sides move, those stay."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from migrator.domain.messages.findings import Severity, Waiver
from migrator.domain.model.balancer import Backend
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import DrainSpec, OnTimeout, Spec
from migrator.workflow.progress import Progress
from tests.fakes.harness import Harness
from tests.fakes.two_worlds import TwoWorlds, two
from tests.fakes.world import DAEMONSET, DEPLOYMENT, LISTENERS, NEW_PORT
from tests.words import text

ELSEWHERE = Backend(LISTENERS[0], "172.16.0.9", 80)
BESIDE_OLD = Backend(LISTENERS[0], "10.1.0.1", NEW_PORT)
"""A node of the first cluster, at the port that the new gateways have on their nodes in the other."""
BESIDE_NEW = Backend(LISTENERS[1], "10.2.0.1", 30080)
"""A node of the other cluster, at a port of somebody else's."""
STRANGERS = {ELSEWHERE: 50, BESIDE_OLD: 100, BESIDE_NEW: 10}


def waiving(spec: Spec) -> Spec:
    named = Waiver("balancer.foreign-backend", "another gateway's, which is moved after this one")
    return replace(spec, waivers=(*spec.waivers, named), drain=DrainSpec(20.0, OnTimeout.CUT))


def shared() -> TwoWorlds:
    """Give a world whose balancer leads to others, too."""
    world = TwoWorlds()
    for backend, weight in STRANGERS.items():
        world.balancer.add(backend, weight)
    return world


def at_half(progress: Progress) -> bool:
    return text(progress.titles[progress.run.cursor]) == "Shift 50 %" and "soak" in progress.words.code


def strangers(world: TwoWorlds) -> dict[Backend, int]:
    return {backend: weight for backend, weight in world.weights.items() if backend in STRANGERS}


def test_every_listener_is_led_into_the_other_cluster(tmp_path: Path) -> None:
    harness = Harness(tmp_path, TwoWorlds(), two())
    assert harness.process().state is State.COMPLETED

    rows = harness.world.weights
    assert {backend.listener for backend in rows} == set(LISTENERS)
    assert {backend.address.rpartition(".")[0] for backend in rows} == {"10.2.0"}
    assert {backend.port for backend in rows} == {NEW_PORT}
    assert harness.world.balancer.harm == []


def test_rows_of_neither_side_block_until_they_are_named() -> None:
    found = [row for row in shared().checks(two()) if row.code == "balancer.foreign-backend"]

    assert {row.severity for row in found} == {Severity.BLOCK}
    assert {row.subject for row in found} == {str(backend) for backend in STRANGERS}


def test_rows_of_neither_side_keep_their_weight_and_the_old_side_goes(tmp_path: Path) -> None:
    world = shared()
    harness = Harness(tmp_path, world, waiving(two()))

    assert harness.process().state is State.COMPLETED
    assert strangers(world) == STRANGERS
    assert world.balancer.harm == []
    assert world.cluster.get(DEPLOYMENT) is None
    assert world.other.get(DAEMONSET) is not None


def test_a_run_beside_rows_of_others_that_is_killed_again_and_again_goes_back_whole(tmp_path: Path) -> None:
    world = shared()
    before = dict(world.weights)
    harness = Harness(tmp_path, world, waiving(two()))
    harness.process(leaves=at_half)
    half = dict(world.weights)
    harness.ask(RequestKind.ROLLBACK)

    harness.many_lives(random.Random(7), 60)

    assert {backend: half[backend] for backend in STRANGERS} == STRANGERS
    assert world.weights == before
    assert world.balancer.harm == []
    assert world.other.get(DAEMONSET) is None


def test_a_row_that_somebody_adds_at_a_node_of_the_other_cluster_holds_the_run(tmp_path: Path) -> None:
    harness = Harness(tmp_path, TwoWorlds(), two())
    harness.process(leaves=at_half)
    harness.world.balancer.hand(BESIDE_NEW, 10)
    turns = [60]

    def over(_progress: Progress) -> bool:
        turns[0] -= 1
        return not turns[0]

    harness.process(leaves=over)

    assert harness.run.state is State.RUNNING
    assert any("foreign" in words for words in harness.words()[-20:]), harness.words()[-20:]
    harness.world.balancer.hand(BESIDE_NEW, None)
    assert harness.process().state is State.COMPLETED
