"""What a run does when somebody does not answer: it waits, looks, and the way back goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Refused
from migrator.domain.model.balancer import Capabilities
from migrator.domain.model.runs import RequestKind, State
from migrator.domain.model.spec import NoDataSpec
from tests.fakes.balancer import lost_answer
from tests.fakes.harness import Harness, soaked
from tests.fakes.world import NEW_PORT, FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, resting, small
from tests.workflow.test_trouble import SILENT, climbing, nobody_was_hurt, world_shares_never_fell


def test_a_silent_cluster_stops_advances_and_nothing_else(make: Make) -> None:
    harness = climbing(make)
    harness.process(leaves=after(3))
    share = harness.world.share
    harness.world.cluster.orders.fail("workload", SILENT, times=-1)

    run = harness.process(leaves=after(40))

    assert (run.state, harness.world.share) == (State.RUNNING, share)
    assert "look.silent" in harness.words()[-1]


def test_a_rollback_restores_the_weights_while_the_cluster_is_silent(make: Make) -> None:
    harness = climbing(make)
    harness.ask(RequestKind.ROLLBACK)
    turned = []

    def silent_from_now(progress: object) -> bool:
        if not turned:
            turned.append(progress)
            for call in ("workload", "get", "list_objects"):
                harness.world.cluster.orders.fail(call, SILENT, times=-1)
        return harness.world.share == 0 and len(harness.progress) > 200

    harness.process(leaves=silent_from_now)
    assert harness.world.share == 0
    harness.world.cluster.orders.forgive()

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals


@pytest.mark.parametrize("call", ["set_weights", "register", "deregister", "apply", "patch", "delete", "tell"])
@pytest.mark.parametrize("effect", [True, False], ids=["after its effect", "before it"])
def test_a_write_whose_answer_is_lost_is_looked_at_and_done_once_more_at_most(
    make: Make, call: str, effect: bool
) -> None:
    harness = make(small(), AUTO)
    for fake in (harness.world.balancer, harness.world.cluster, harness.world.gateways):
        fake.orders.fail(call, lost_answer(), times=2, after=effect)

    assert harness.process().state is State.COMPLETED
    assert nobody_was_hurt(harness)


def test_a_balancer_that_is_silent_is_waited_for(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("targets", SILENT, times=20)

    assert harness.process().state is State.COMPLETED


def test_a_job_that_failed_half_way_is_done_again(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.trouble.rows = 1

    assert harness.process().state is State.COMPLETED
    assert world_shares_never_fell(harness)


def test_jobs_that_take_long_are_polled_and_forgotten_ones_looked_at(make: Make) -> None:
    world = small()
    world.balancer.takes = 4.0
    harness = make(world, AUTO)
    harness.process(leaves=at("Shift 50 %"))
    world.balancer.forget_jobs()

    assert harness.process().state is State.COMPLETED
    assert world_shares_never_fell(harness)


def test_a_poll_without_an_answer_is_asked_again(make: Make) -> None:
    world = small()
    world.balancer.takes = 2.0
    world.balancer.orders.fail("poll", SILENT, times=3)

    assert make(world, AUTO).process().state is State.COMPLETED


@pytest.mark.parametrize("batch", [1, 3], ids=["one row at a time", "three rows at a time"])
def test_small_batches_of_one_listener_get_there_and_never_fall(make: Make, batch: int) -> None:
    world = FakeWorld(Capabilities(batch=batch, several_listeners=False), 2, 2, weight=10)
    harness = make(world, replace(AUTO, balancer=replace(AUTO.balancer, listeners=world_listeners())))

    assert harness.process().state is State.COMPLETED
    assert world_shares_never_fell(harness)


def world_listeners() -> tuple[object, ...]:
    from tests.fakes.world import SPEC

    return SPEC.balancer.listeners


def test_a_reader_that_hangs_or_breaks_is_no_data_and_no_pass(make: Make) -> None:
    """Its last verdict was good; it must not stay good while nobody counts any more."""
    spec = replace(AUTO, judge=replace(AUTO.judge, no_data=NoDataSpec(rollback_after=15.0)))
    harness = make(small(), spec)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    harness.world.gateways.orders.fail("readings", SILENT, times=-1)

    run = harness.process(leaves=lambda _progress: harness.world.share == 0)

    assert run.state in (State.RUNNING, State.WAITING)
    assert "judge.no-data" in str(run.why)


def cluster_is_gone(harness: Harness, error: Exception) -> None:
    for call in ("workload", "get", "list_objects", "patch", "apply", "delete"):
        harness.world.cluster.orders.fail(call, error, times=-1)
    addresses = {f"at {backend.address}" for backend in harness.world.weights}
    for name in addresses:  # gateways are read through the cluster
        harness.world.gateways.process(name).silent = str(error)


@pytest.mark.parametrize("error", [SILENT, Refused("the token has expired")], ids=["silent", "refusing"])
def test_a_process_that_never_saw_the_cluster_takes_the_weights_back_all_the_same(make: Make, error: Exception) -> None:
    """At night the API server is gone, the old process too; the balancer still answers, and that is what counts."""
    harness = climbing(make, title="Keep")
    cluster_is_gone(harness, error)
    harness.ask(RequestKind.ROLLBACK)

    harness.process(leaves=lambda _progress: harness.world.share == 0)
    assert {b: w for b, w in harness.world.weights.items() if b.port != NEW_PORT} == harness.world.originals
    harness.process(leaves=resting(State.WAITING))
    assert "drain.ask" in str(harness.run.why), "connections that nobody can count are unknown, never 0"
    harness.world.cluster.orders.forgive()
    harness.ask(RequestKind.APPROVE)

    assert harness.process().state is State.ROLLED_BACK
    assert nobody_was_hurt(harness)


def test_a_cluster_that_refuses_a_run_heading_forward_halts_it(make: Make) -> None:
    harness = climbing(make)
    cluster_is_gone(harness, Refused("the token has expired"))

    assert "the token has expired" in str(harness.process(leaves=resting(State.HALTED)).why)


def test_nothing_advances_in_a_process_that_never_saw_the_cluster(make: Make) -> None:
    harness = climbing(make)
    share = harness.world.share
    cluster_is_gone(harness, SILENT)

    run = harness.process(leaves=after(30))

    assert (run.state, harness.world.share) == (State.RUNNING, share)
