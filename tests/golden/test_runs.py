"""A run that commit 0730ce6 left at any step, or was killed in, is gone on with: to its end, and back to where it began."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from migrator.app.plan.planfiles import read
from migrator.domain.model.balancer import Side
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.store import Store
from tests.fakes.follower import Follower
from tests.fakes.rebuilt import Resumed, of_plan
from tests.golden.saved import FROM_THE_LAB, Left, left, plan_files
from tests.words import text
from tests.workflow.test_requests import at, resting

ENDS = {state.value for state in (State.COMPLETED, State.ROLLED_BACK, State.CANCELLED)}
MOST_ANSWERS = 6


class ResumedFollower(Resumed, Follower):
    """The next processes of a run that looks after nodes."""


def cases(follow: bool = False) -> list[Any]:
    """Return the runs that have not ended; those that were killed inside a step, and most plans back, are slow together."""
    chosen = [each for each in left() if each.name.startswith("follow") is follow and each.state not in ENDS]
    slow = {
        each.name
        for each in chosen
        if "-in-" in each.name or (each.name.startswith("rev") and "shift" not in each.name)
    }
    return [pytest.param(each, id=each.name, marks=[pytest.mark.slow] * (each.name in slow)) for each in chosen]


def resumed(saved: Left, folder: Path) -> Resumed:
    """Return the run in the world that its store tells of."""
    saved.put(folder)
    harness = Resumed(folder, saved.run, saved.written)
    harness.world.traffic.stuck = {Side(side) for side in saved.world.get("stuck", ())}
    assert harness.world.balancer.harm == []
    return harness


def to_its_end(harness: Resumed) -> State:
    """Let processes carry the run out; a person says yes to what it asks, and go on where it rests."""
    rests = (State.WAITING, State.PAUSED, State.HALTED)
    for _ in range(MOST_ANSWERS):
        run = harness.process(leaves=lambda progress: progress.run.state in rests)
        if run.ended:
            break
        harness.ask(RequestKind.APPROVE if run.state is State.WAITING else RequestKind.RESUME)
    return harness.run.state


def assert_whole(harness: Resumed) -> None:
    assert harness.world.balancer.harm == []
    with harness.store() as store:
        assert store.verify_chain(harness.run.id) is None
        assert store.open_write(harness.run.id) is None


def assert_new_side_serves(harness: Resumed) -> None:
    old = {row.backend for row in harness.plan.seen.old}
    assert harness.world.weights
    assert all(weight and backend not in old for backend, weight in harness.world.weights.items())
    assert harness.world.cluster.get(source_ref(harness.spec)) is None
    assert harness.world.cluster.get(target_ref(harness.spec)) is not None
    assert_whole(harness)


def assert_old_side_serves(harness: Resumed) -> None:
    assert harness.world.weights == {row.backend: row.weight for row in harness.plan.seen.old}
    assert harness.world.cluster.get(source_ref(harness.spec)) is not None
    assert harness.world.cluster.get(target_ref(harness.spec)) is None
    assert_whole(harness)


def goes_back(harness: Resumed) -> bool:
    """Return whether the run has turned back, or is about to: somebody asked for it."""
    with harness.store() as store:
        asked = any(request.kind is RequestKind.ROLLBACK for request in store.pending(harness.run.id))
    return asked or harness.run.heading is Heading.BACK


@pytest.mark.parametrize("saved", cases())
def test_a_stored_run_goes_on_to_its_end(memory: Path, saved: Left) -> None:
    harness = resumed(saved, memory)
    back = goes_back(harness)

    state = to_its_end(harness)

    assert state is (State.ROLLED_BACK if back else State.COMPLETED), harness.words()[-5:]
    assert_old_side_serves(harness) if back else assert_new_side_serves(harness)


@pytest.mark.parametrize("saved", cases())
def test_a_stored_run_goes_back_to_where_it_began_until_the_old_side_is_gone(memory: Path, saved: Left) -> None:
    harness = resumed(saved, memory)
    too_late = harness.world.cluster.get(source_ref(harness.spec)) is None
    harness.ask(RequestKind.ROLLBACK)

    state = to_its_end(harness)

    assert state is (State.COMPLETED if too_late else State.ROLLED_BACK), harness.words()[-5:]
    assert_new_side_serves(harness) if too_late else assert_old_side_serves(harness)


def test_a_run_left_at_a_drain_that_a_person_has_consented_to_cut_is_not_asked_again(memory: Path) -> None:
    saved = next(each for each in left() if each.name == "rest-drain-approved")
    harness = resumed(saved, memory)

    run = harness.process(leaves=resting(State.WAITING))

    assert (
        text(harness.progress[-1].titles[run.cursor]) == "Gate"
    )  # it asks for the gate's yes, and after it never again
    harness.ask(RequestKind.APPROVE)
    assert harness.process().state is State.COMPLETED


@pytest.mark.parametrize("back", [False, True], ids=["to its end", "back"])
def test_the_run_that_was_killed_in_the_lab_goes_on(memory: Path, back: bool) -> None:
    harness = resumed(FROM_THE_LAB, memory)
    if back:
        harness.ask(RequestKind.ROLLBACK)

    state = to_its_end(harness)

    assert state is (State.ROLLED_BACK if back else State.COMPLETED), harness.words()[-5:]
    assert_old_side_serves(harness) if back else assert_new_side_serves(harness)


OTHERS = {"reversed", "follower", "gateway-nginx", "gateway-none"}
"""Plan files that begin at the end of another run, which only a store tells of, or that name no judge: preflight blocks."""
FIRST = sorted(plan_files().keys() - OTHERS)


@pytest.mark.parametrize("back", [False, True], ids=["to its end", "back"])
@pytest.mark.parametrize("name", FIRST)
def test_a_saved_plan_file_is_run(memory: Path, name: str, back: bool) -> None:
    (memory / "plan.json").write_bytes(plan_files()[name])
    plan = read(str(memory / "plan.json"))
    with Store.open(memory / "store.db", of_plan(plan).clock) as store:
        run = store.create_run(plan)
    harness = Resumed(memory, run.id, written=False)
    if back:
        harness.process(leaves=at("Keep"))
        harness.ask(RequestKind.ROLLBACK)

    state = to_its_end(harness)

    assert state is (State.ROLLED_BACK if back else State.COMPLETED), harness.words()[-5:]
    assert_old_side_serves(harness) if back else assert_new_side_serves(harness)


@pytest.mark.parametrize("saved", cases(follow=True))
def test_a_stored_run_that_looks_after_nodes_goes_on_with_it(memory: Path, saved: Left) -> None:
    saved.put(memory)
    follower = ResumedFollower(memory, saved.run, saved.written)
    cluster, leaving = follower.world.cluster, saved.world.get("leaving", [])
    for name, address in [] if leaving else saved.world.get("nodes", [["node-9", "10.1.0.9"]]):
        cluster.add_node(name, address, role="gateway")
    for name in leaving:
        follower.node(name, unschedulable=True, taints=["ToBeDeletedByClusterAutoscaler"])

    follower.turns(
        lambda: not follower.at("10.1.0.2") if leaving else follower.at("10.1.0.9") == follower.at("10.1.0.1")
    )

    assert all(follower.weights().values())
    assert len(follower.weights()) == (1 if leaving else 3)
    assert follower.world.balancer.harm == []
