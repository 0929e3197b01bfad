"""Which run is followed, when it is refused, and what a follower keeps off and lets begin."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.inspect.status import listed, status, where
from migrator.app.one_run.gateway_lease import identity, over_ended, require_alone, take
from migrator.app.one_run.in_progress import require_none_in_progress
from migrator.app.plan.access import needs
from migrator.app.run.control import ask
from migrator.app.run.following import begin, chosen, end, follower_of, require_only_one
from migrator.app.run.picking import pick
from migrator.domain.messages.errors import LeaseHeld, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.runs import RequestKind, Run, State
from migrator.domain.model.spec import After
from migrator.domain.turn.journeys import FOLLOW, FORWARD
from migrator.store import Store
from tests.fakes.follower import AT_ONCE, Follower
from tests.fakes.harness import Harness
from tests.fakes.raising import raising
from tests.fakes.world import DAEMONSET
from tests.words import refused

HOLDER = "ann@ops pid 1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Follower:
    """Give a completed run (1) and its follower (2), which nobody carries out."""
    return Follower(tmp_path_factory.mktemp("follower"))


@pytest.fixture
def folder(made: Follower, tmp_path: Path) -> Path:
    """Give a copy of their store, to change."""
    (tmp_path / "store.db").write_bytes(made._file.read_bytes())
    return tmp_path


def opened(folder: Path, made: Follower) -> Store:
    return Store.open(folder / "store.db", made.world.clock)


def state(store: Store, run: int, state: State) -> Run:
    lease = store.acquire(run, HOLDER)
    moved = store.journal(run, lease).move(store.run(run), state=state)
    lease.release()
    return moved


@pytest.mark.parametrize("named", [None, "1", "2", "edge"], ids=["nobody", "the run", "its follower", "its name"])
def test_the_completed_run_is_found_whoever_is_named(made: Follower, named: str | None) -> None:
    with made.store() as store:
        assert chosen(store, named).id == 1


def test_a_follower_that_has_begun_goes_on_and_is_not_begun_again(made: Follower) -> None:
    with made.store() as store:
        found = follower_of(store, store.run(1))

    assert found is not None
    assert (found.id, found.name) == (2, "edge-nodes")
    assert made.plan.journey() is FOLLOW
    assert made.plan.meant == made.plan.seen.new_now


@pytest.mark.parametrize(
    ("after", "ends", "said"),
    [
        pytest.param(After.MANUAL, True, say("follow.not-ours", run=1, name="edge", after=After.MANUAL), id="people"),
        pytest.param(None, True, say("follow.not-ours", run=1, name="edge", after=None), id="nobody said"),
        pytest.param(
            After.MIGRATOR, False, say("follow.still-going", run=1, name="edge", state=State.RUNNING), id="still going"
        ),
    ],
)
def test_a_run_that_has_not_completed_or_is_somebody_elses_is_not_followed(
    tmp_path: Path, after: After | None, ends: bool, said: Message
) -> None:
    spec = replace(AT_ONCE, after=after, waivers=(*AT_ONCE.waivers,))
    harness = Harness(tmp_path, spec=spec)
    with harness.store() as store:
        state(store, 1, State.RUNNING)
        if ends:
            state(store, 1, State.COMPLETED)

        with refused(UsageError, said.code, **dict(said.values)):
            chosen(store, "1")
        with refused(UsageError, "follow.none-completed"):
            chosen(store, None)
        assert follower_of(store, store.run(1)) is None


def test_a_run_that_went_back_has_no_nodes_to_look_after(tmp_path: Path) -> None:
    harness = Harness(tmp_path, spec=replace(AT_ONCE, after=After.MIGRATOR))
    with harness.store() as store:
        state(store, 1, State.CANCELLED)

        with refused(UsageError, "follow.never-took-over", run=1):
            chosen(store, "1")


def test_what_people_removed_since_is_nobodys_to_miss(folder: Path, made: Follower) -> None:
    gone = next(iter(b for b in made.world.balancer.rows if b.address == "10.1.0.2"))
    entry = made.world.balancer.rows.pop(gone)
    try:
        with opened(folder, made) as store:
            _, plan = begin(store, store.run(1), made.world.readers)
    finally:
        made.world.balancer.rows[gone] = entry

    assert gone not in {row.backend for row in plan.seen.new_now}
    assert gone in plan.seen.new


@pytest.mark.parametrize(("weight", "taken"), [(100, True), (37, False)], ids=["as its peers", "another weight"])
def test_what_people_added_since_with_its_peers_weight_is_taken_over(
    folder: Path, made: Follower, weight: int, taken: bool
) -> None:
    world = made.world
    peer = next(backend for backend in world.balancer.rows if backend.address == "10.1.0.2")
    added = replace(peer, address="10.1.0.8")
    world.cluster.add_node("node-8", "10.1.0.8", role="gateway")
    world.balancer.hand(added, weight)
    try:
        with opened(folder, made) as store:
            _, plan = begin(store, store.run(1), world.readers)
    finally:
        world.balancer.hand(added, None)

    assert (added in {row.backend for row in plan.seen.new_now}) is taken


def test_without_the_daemonset_or_with_a_clouds_controller_nothing_begins(folder: Path, made: Follower) -> None:
    world = made.world
    with opened(folder, made) as store:
        runs = len(store.runs())
        found = world.cluster.objects[DAEMONSET]
        world.cluster.lose(DAEMONSET)
        with refused(UsageError, "follow.target-gone", run=1):
            begin(store, store.run(1), world.readers)
        world.cluster.add(found)
        world.cluster.objects[DAEMONSET] = raising(found)
        with refused(UsageError, "follow.raises-itself", container="off"):
            begin(store, store.run(1), world.readers)
        world.cluster.objects[DAEMONSET] = found
        caps, world.balancer.caps = world.balancer.caps, replace(world.balancer.caps, controlled=True)
        with refused(UsageError, "follow.controlled"):
            begin(store, store.run(1), world.readers)
        world.balancer.caps = caps

        assert len(store.runs()) == runs


def test_another_run_of_the_gateway_keeps_a_follower_off(folder: Path, made: Follower) -> None:
    with opened(folder, made) as store:
        other = store.create_run(replace(store.plan(store.run(1).plan_id), id="0" * 12, digest="0" * 64))
        follower = store.run(2)
        require_only_one(store, follower, made.plan)
        state(store, other.id, State.RUNNING)

        with refused(LeaseHeld, "lease.gateway-taken", run=other.id, name="edge", state=State.RUNNING):
            require_only_one(store, follower, made.plan)


def test_a_follower_that_runs_keeps_plans_and_runs_off_and_one_that_was_left_does_not(
    folder: Path, made: Follower
) -> None:
    with opened(folder, made) as store:
        fresh = replace(store.plan(store.run(1).plan_id), id="1" * 12, digest="1" * 64)
        state(store, 2, State.RUNNING)
        require_none_in_progress(fresh.spec, store)
        require_alone(store, fresh)
        lease = store.acquire(2, HOLDER)

        with refused(UsageError, "run.follows-gateway", run=2, by=HOLDER):
            require_none_in_progress(fresh.spec, store)
        with refused(LeaseHeld, "run.follows-gateway", run=2):
            require_alone(store, fresh)
        lease.release()


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param(State.PLANNED, State.CANCELLED, id="never begun"),
        pytest.param(State.RUNNING, State.COMPLETED, id="left while running"),
        pytest.param(State.PAUSED, State.COMPLETED, id="left while paused"),
        pytest.param(State.WAITING, State.COMPLETED, id="left while it asks"),
    ],
)
def test_a_follower_is_ended_for_good_and_a_later_one_begins_anew(
    folder: Path, made: Follower, was: State, becomes: State
) -> None:
    with opened(folder, made) as store:
        if was is not State.PLANNED:
            state(store, 2, State.RUNNING)
            state(store, 2, was)

        assert end(store, store.run(2)).state is becomes
        assert follower_of(store, store.run(1)) is None
        assert chosen(store, "2").id == chosen(store, None).id == 1
        assert begin(store, store.run(1), made.world.readers)[0].id == 3


def test_the_clusters_lease_of_a_follower_names_nobody_half_way(folder: Path, made: Follower) -> None:
    from contextlib import ExitStack

    from tests.fakes.clock import FakeClock
    from tests.fakes.cluster import FakeCluster

    cluster = FakeCluster(FakeClock())
    with opened(folder, made) as store:
        run = state(store, 2, State.RUNNING)
        with ExitStack() as stack:
            take(cluster, store, run, stack)
            assert cluster._lease[0] == identity(store, run)

        assert cluster._lease[0] == ""
        assert over_ended(store)("bob@elsewhere run 9 store 0badcafe nodes")
        assert not over_ended(store)("bob@elsewhere run 9 store 0badcafe")


def test_a_follower_is_asked_to_pause_but_never_to_go_back(folder: Path, made: Follower) -> None:
    with opened(folder, made) as store:
        with refused(UsageError, "request.no-way-back", run=2):
            ask(store, "2", RequestKind.ROLLBACK)

        assert ask(store, "2", RequestKind.PAUSE).run.id == 2
        assert [request.kind for request in store.pending(2)] == [RequestKind.PAUSE]


def test_a_migration_is_meant_before_a_follower_when_nobody_is_named(folder: Path, made: Follower) -> None:
    with opened(folder, made) as store:
        assert pick(store, None).id == 2
        other = store.create_run(replace(store.plan(store.run(1).plan_id), id="2" * 12, digest="2" * 64))
        newer = begin(store, store.run(1), made.world.readers)[0]

        assert newer.id > other.id
        assert pick(store, None).id == other.id


def test_the_roles_that_rbac_prints_hold_all_that_a_follower_asks() -> None:
    spec = replace(AT_ONCE, after=After.MIGRATOR)
    home = spec.cluster.namespace

    assert {
        ("get", "apps/v1", "DaemonSet", home),
        ("get", "apps/v1", "Deployment", home),
        ("list", "v1", "Pod", home),
        ("list", "v1", "Event", home),
        ("list", "v1", "Node", ""),
        ("create", "v1", "pods/portforward", home),
        *((verb, "coordination.k8s.io/v1", "Lease", home) for verb in ("get", "create", "update", "delete")),
    } <= set(needs(spec, False))


def test_a_completed_run_says_that_it_is_to_be_followed_and_its_follower_that_it_lasts(made: Follower) -> None:
    with made.store() as store:
        ended, follower = where(store, store.run(1)), where(store, store.run(2))

        assert (ended.to_follow, ended.journey) == (True, FORWARD)
        assert (follower.to_follow, follower.journey) == (False, FOLLOW)
        assert status(store, store.run(2)).journey is FOLLOW
        assert [each.watched for each in listed(store)] == [False, True]
