"""A follower by its plan file alone: what stands is taken over, and a process that comes later goes on with the same run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.run.following import chosen
from migrator.app.run.standing import begin, left
from migrator.domain.messages.errors import LeaseHeld, UsageError
from migrator.domain.model.runs import State
from migrator.domain.model.spec import After, FollowSpec, Spec
from migrator.store import Store
from tests.fakes.follower import AT_ONCE, Follower
from tests.fakes.raising import raising
from tests.fakes.world import DAEMONSET
from tests.words import refused

FILE = replace(AT_ONCE, after=After.MIGRATOR)
HOLDER = "ann@ops pid 1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Follower:
    """Give a world after its migration."""
    return Follower(tmp_path_factory.mktemp("follower"))


@pytest.fixture
def blank(tmp_path: Path, made: Follower) -> Iterator[Store]:
    """Give a store that knows nothing of that migration."""
    with Store.open(tmp_path / "other.db", made.world.clock) as store:
        yield store


def test_a_gateway_that_stands_is_taken_over_without_the_run_that_brought_it(blank: Store, made: Follower) -> None:
    run, plan = begin(blank, FILE, made.world.readers)

    assert (run.id, run.name, run.state) == (1, "edge-nodes", State.PLANNED)
    assert {f"{row.backend.listener}/{row.backend.address}": row.weight for row in plan.meant} == made.weights()


def test_the_next_process_goes_on_with_the_run_of_the_one_before(blank: Store, made: Follower) -> None:
    first, _ = begin(blank, FILE, made.world.readers)

    assert begin(blank, FILE, made.world.readers)[0].id == first.id
    assert len(blank.runs()) == 1


def test_a_plan_file_that_was_changed_begins_anew_and_ends_what_was(blank: Store, made: Follower) -> None:
    first, _ = begin(blank, FILE, made.world.readers)
    changed: Spec = replace(FILE, follow=FollowSpec(max_zeroed=0.5))

    second, plan = begin(blank, changed, made.world.readers)

    assert second.id != first.id
    assert plan.spec.follow == changed.follow
    assert blank.run(first.id).state is State.CANCELLED
    assert [run.id for run, _ in left(blank, FILE)] == [second.id]


def test_a_plan_file_whose_nodes_are_somebody_elses_is_refused(blank: Store, made: Follower) -> None:
    with refused(UsageError, "follow.file-not-ours", name="edge", after=After.MANUAL):
        begin(blank, replace(FILE, after=After.MANUAL), made.world.readers)


def test_what_is_not_there_or_not_ours_or_not_clear_is_refused_and_nothing_is_stored(
    blank: Store, made: Follower
) -> None:
    world = made.world
    found, rows = world.cluster.objects[DAEMONSET], dict(world.balancer.rows)
    world.cluster.lose(DAEMONSET)
    with refused(UsageError, "follow.file-target-gone"):
        begin(blank, FILE, world.readers)
    world.cluster.objects[DAEMONSET] = raising(found)
    with refused(UsageError, "follow.raises-itself", container="off"):
        begin(blank, FILE, world.readers)
    world.cluster.objects[DAEMONSET] = found
    caps, world.balancer.caps = world.balancer.caps, replace(world.balancer.caps, controlled=True)
    with refused(UsageError, "follow.controlled"):
        begin(blank, FILE, world.readers)
    world.balancer.caps = caps
    world.balancer.rows.clear()
    with refused(UsageError, "follow.no-port"):
        begin(blank, FILE, world.readers)
    world.balancer.rows.update(rows)

    assert len(blank.runs()) == 0


def test_while_another_run_moves_the_gateway_it_waits_for_that(made: Follower, tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(made._file.read_bytes())
    with Store.open(tmp_path / "store.db", made.world.clock) as store:
        lease = store.acquire(2, HOLDER)
        with refused(LeaseHeld, "run.follows-gateway"):
            begin(store, FILE, made.world.readers)
        lease.release()

        run, _ = begin(store, FILE, made.world.readers)
        with refused(UsageError, "follow.of-file", run=run.id):
            chosen(store, str(run.id))
