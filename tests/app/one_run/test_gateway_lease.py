"""One run per gateway: beside another of its store or of any, no run begins; what has begun may always go on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrator.app.one_run.gateway_lease import CALIBRATING, identity, require_alone, require_free, take
from migrator.app.run.execution import execute
from migrator.app.wiring import Wired
from migrator.domain.messages.errors import LeaseHeld, Unreachable, UsageError
from migrator.domain.messages.message import verbatim
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.model.runs import Run, State
from migrator.domain.planning.plan import Plan
from migrator.store import Store
from tests.app.world import HOLDER, stored
from tests.fakes.clock import FakeClock
from tests.fakes.cluster import FakeCluster
from tests.store.world import make_plan
from tests.words import refused, text

OTHER = "bob@elsewhere run 7 store 0badcafe"
NOBODY: Any = None


def created(store: Store, state: State = State.PLANNED, plan: Plan | None = None) -> Run:
    """Give a run in this state, carried out by nobody."""
    run = store.create_run(plan or make_plan())
    return run if state is State.PLANNED else put(store, run, state)


def put(store: Store, run: Run, state: State) -> Run:
    lease = store.acquire(run.id, HOLDER)
    moved = store.journal(run.id, lease).move(run, state=state)
    lease.release()
    return moved


def left_behind(holder: str) -> FakeCluster:
    """Give a cluster whose Lease still names this holder, long after it ran out."""
    cluster = FakeCluster(FakeClock())
    cluster.acquire(holder, 30)
    cluster.clock.advance(3600.0)
    return cluster


def holder_of(cluster: FakeCluster) -> str:
    return cluster._lease[0]


def test_a_second_run_of_the_same_gateway_is_told_which_run_moves_it_and_where_that_is(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        first = created(store, State.RUNNING)
        lease = store.acquire(first.id, HOLDER)
        with refused(UsageError, "lease.moves-now", run=first.id, by=HOLDER) as told:
            require_alone(store, make_plan())
        lease.release()

    assert told.value.exit_code == 2


def test_a_run_that_was_left_half_way_keeps_another_from_beginning_and_names_both_remedies(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        first = created(store, State.PAUSED)
        with refused(LeaseHeld, "lease.left-half-way", run=first.id) as told:
            require_alone(store, make_plan())

    assert f"`migrator resume {first.id}`" in text(told.value.message)
    assert f"`migrator rollback {first.id}`" in text(told.value.message)


@pytest.mark.parametrize("state", [State.PLANNED, State.COMPLETED, State.ROLLED_BACK, State.CANCELLED])
def test_a_run_that_never_began_or_has_ended_keeps_nobody_off(tmp_path: Path, state: State) -> None:
    with stored(tmp_path) as (store, _):
        created(store, state)

        require_alone(store, make_plan())


def test_a_run_of_another_gateway_keeps_nobody_off(tmp_path: Path) -> None:
    plan = make_plan()
    with stored(tmp_path) as (store, _):
        created(store, State.RUNNING, replace(plan, seen=replace(plan.seen, source_uid="another")))

        require_alone(store, make_plan())


def test_a_run_does_not_begin_where_another_stores_run_was_left_half_way(tmp_path: Path) -> None:
    """The Lease has run out, so nobody renews it; that it still names a run says that this run never ended."""
    cluster = left_behind(OTHER)
    with stored(tmp_path) as (store, _):
        run = created(store)
        with pytest.raises(LeaseHeld):
            execute(store, run, store.plan(run.plan_id), Wired(NOBODY, NOBODY, cluster), NOBODY, lambda: True)

        assert store.run(run.id).state is State.CANCELLED
    assert holder_of(cluster) == OTHER


class Leased:
    """A cluster whose only object is the gateway's Lease, long run out."""

    def __init__(self, by: str = OTHER) -> None:
        self._by = by

    def get(self, ref: ObjectRef) -> Manifest:
        assert (ref.kind, ref.name) == ("Lease", "migrator-gw")
        spec: Json = {
            "holderIdentity": self._by,
            "renewTime": "2026-01-01T00:00:00.000000Z",
            "leaseDurationSeconds": 30,
        }
        return {"spec": spec}


def test_before_a_world_that_has_moved_is_told_whose_doing_that_is(tmp_path: Path) -> None:
    cluster: Any = Leased()
    with stored(tmp_path) as (store, _), refused(LeaseHeld, "lease.of-other-store") as told:
        require_free(store, make_plan().spec, cluster)

    assert OTHER in text(told.value.message)
    assert "`kubectl -n istio-gateways delete lease migrator-gw`" in text(told.value.message)


def test_the_command_that_frees_the_gateway_names_the_plans_cluster(tmp_path: Path) -> None:
    cluster: Any = Leased()
    spec = make_plan().spec
    named = replace(spec, cluster=replace(spec.cluster, context="prod"))
    with stored(tmp_path) as (store, _), refused(LeaseHeld, "lease.of-other-store", context="prod"):
        require_free(store, named, cluster)


@pytest.mark.parametrize("state", [State.RUNNING, State.PAUSED, State.HALTED])
def test_a_run_that_goes_on_takes_a_lease_that_has_run_out(tmp_path: Path, state: State) -> None:
    cluster = left_behind(OTHER)
    with stored(tmp_path) as (store, _), ExitStack() as stack:
        run = created(store, state)

        assert take(cluster, store, run, stack)

        assert holder_of(cluster) == identity(store, run)


def test_what_an_ended_run_of_this_store_or_a_calibration_left_behind_keeps_nobody_off(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        ended = created(store, State.COMPLETED)
        for holder in (identity(store, ended), f"ann@ops pid 9{CALIBRATING}"):
            cluster, run = left_behind(holder), created(store)
            with ExitStack() as stack:
                take(cluster, store, run, stack)

                assert holder_of(cluster) == identity(store, run)


@pytest.mark.parametrize("state", [State.COMPLETED, State.ROLLED_BACK, State.CANCELLED])
def test_the_end_of_a_run_frees_the_lease(tmp_path: Path, state: State) -> None:
    cluster = FakeCluster(FakeClock())
    with stored(tmp_path) as (store, _):
        run = created(store)
        with ExitStack() as stack:
            take(cluster, store, run, stack)
            put(store, run, state)

    assert holder_of(cluster) == ""


def test_a_run_that_is_left_goes_on_being_named_but_holds_nobody_up_for_long(tmp_path: Path) -> None:
    cluster = FakeCluster(FakeClock())
    with stored(tmp_path) as (store, _):
        run = created(store, State.PAUSED)
        with ExitStack() as stack:
            take(cluster, store, run, stack)
        assert holder_of(cluster) == identity(store, run)
        cluster.clock.advance(1.1)

        cluster.acquire("the same run, carried on by a colleague", 30)


def test_an_api_server_that_does_not_answer_keeps_a_run_from_beginning_but_not_from_going_on(tmp_path: Path) -> None:
    cluster = FakeCluster(FakeClock())
    with stored(tmp_path) as (store, _), ExitStack() as stack:
        cluster.orders.fail("acquire", Unreachable(verbatim("silent")), times=2)
        assert not take(cluster, store, created(store, State.RUNNING), stack)
        with refused(Unreachable, "run.not-begun"):
            take(cluster, store, created(store), stack)


def test_a_lease_that_cannot_be_given_back_stops_nothing(tmp_path: Path) -> None:
    cluster = FakeCluster(FakeClock())
    with stored(tmp_path) as (store, _):
        run = created(store)
        with ExitStack() as stack:
            take(cluster, store, run, stack)
            cluster.orders.fail("release", Unreachable(verbatim("silent")))

        assert holder_of(cluster) == identity(store, run)


@pytest.mark.parametrize(
    ("way", "doing"),
    [("restart", "restarts its pods"), ("isolate", "sets a pod of it apart"), ("release", "puts a pod back")],
)
def test_a_run_of_this_store_that_moves_nothing_is_named_with_what_it_does_and_its_lease_is_left_alone(
    tmp_path: Path, way: str, doing: str
) -> None:
    other = replace(make_plan("b2"), way=way, seen=replace(make_plan().seen, source_uid="of the DaemonSet"))
    with stored(tmp_path) as (store, _):
        run = created(store, State.RUNNING, other)
        process, cluster = store.acquire(run.id, HOLDER), left_behind(identity(store, run))
        plan = make_plan()
        reader: Any = Leased(identity(store, run))
        with refused(LeaseHeld, "lease.gateway-taken", run=run.id, by=HOLDER) as told:
            require_alone(store, plan)
        with refused(LeaseHeld, "lease.gateway-taken", run=run.id, by=HOLDER):
            require_free(store, plan.spec, reader)
        cluster.acquire(identity(store, run), 30)
        with ExitStack() as stack, refused(LeaseHeld, "lease.gateway-taken", run=run.id):
            take(cluster, store, created(store, plan=plan), stack)
        process.release()

    assert doing in text(told.value.message)
    assert f"`migrator status {run.id} --watch`" in text(told.value.message)
    assert "Stop" not in text(told.value.message)


def test_a_restart_that_was_left_names_both_remedies(tmp_path: Path) -> None:
    with stored(tmp_path) as (store, _):
        run = created(store, State.PAUSED, replace(make_plan("b2"), way="restart"))
        with refused(LeaseHeld, "lease.gateway-taken", run=run.id) as told:
            require_alone(store, make_plan())

    assert f"`migrator resume {run.id}`" in text(told.value.message)
    assert f"`migrator rollback {run.id}`" in text(told.value.message)
