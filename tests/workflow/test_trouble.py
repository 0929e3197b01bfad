"""What a run does when the world misbehaves: foreign hands, silence, refusals, sick backends, bad answers, no answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.errors import LeaseLost, Refused, Unreachable
from migrator.domain.pools import Capabilities, Side
from migrator.domain.runs import RequestKind, State
from migrator.domain.spec import NoDataSpec
from tests.fakes.balancer import lost_answer
from tests.fakes.harness import Harness
from tests.fakes.world import DAEMONSET, NEW, NEW_PORT, FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, resting, small

SILENT = Unreachable("no answer within 5 s")


def climbing(make: Make, world: FakeWorld | None = None, title: str = "Shift 50 %") -> Harness:
    """Give a harness whose run has reached a step."""
    harness = make(world or small(), AUTO)
    harness.process(leaves=at(title))
    return harness


def nobody_was_hurt(harness: Harness) -> bool:
    return harness.world.balancer.harm == []


# --- other people's hands -----------------------------------------------------------------------------------------


def test_a_weight_that_nobody_intended_halts_and_is_not_fought(make: Make) -> None:
    harness = climbing(make)
    backend = next(b for b in harness.world.weights if b.port != NEW_PORT)
    harness.world.balancer.hand(backend, 3)

    run = harness.process(leaves=resting(State.HALTED))

    assert "has weight 3" in run.why
    assert harness.world.weights[backend] == 3


def test_a_halted_run_reports_a_foreign_hand_and_does_not_turn_back_by_itself(make: Make) -> None:
    harness = climbing(make)
    backend = next(b for b in harness.world.weights if b.port == NEW_PORT)
    harness.world.balancer.hand(backend, 77)
    harness.process(leaves=resting(State.HALTED))
    harness.world.traffic.bad[Side.NEW] = 0.5

    run = harness.process(leaves=after(60))

    assert run.state is State.HALTED
    assert "somebody else's hand" in harness.words()[-1]


def test_a_resume_after_the_foreign_hand_went_away_gets_to_the_end(make: Make) -> None:
    harness = climbing(make)
    backend = next(b for b in harness.world.weights if b.port != NEW_PORT)
    harness.world.balancer.hand(backend, 3)
    harness.process(leaves=resting(State.HALTED))
    harness.world.balancer.hand(backend, 100)

    harness.ask(RequestKind.RESUME)

    assert harness.process().state is State.COMPLETED


def test_a_backend_that_somebody_took_away_halts(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.hand(next(b for b in harness.world.weights if b.port != NEW_PORT), None)

    assert "is gone from the balancer" in harness.process(leaves=resting(State.HALTED)).why


# --- bad news -----------------------------------------------------------------------------------------------------


def test_bad_answers_of_the_new_side_turn_the_run_back(make: Make) -> None:
    harness = climbing(make)
    harness.world.traffic.bad[Side.NEW] = 0.3

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals
    assert nobody_was_hurt(harness)


def test_answers_that_are_bad_on_both_sides_alike_hold_the_run_and_turn_nothing(make: Make) -> None:
    harness = climbing(make)
    harness.world.traffic.bad.update({Side.NEW: 0.3, Side.OLD: 0.3})

    run = harness.process(leaves=after(80))

    assert run.state is State.RUNNING
    assert harness.world.share < 51
    assert "both sides are bad alike" in harness.words()[-1]


def test_two_refusals_at_the_balancer_turn_the_run_back(make: Make) -> None:
    harness = climbing(make)
    harness.world.traffic.refused = True

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert "not answered" in run.why


def test_a_weighted_new_backend_that_turns_sick_turns_the_run_back(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.trouble.sick.add("10.1.0.1")

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert "unhealthy" in run.why


@pytest.mark.parametrize("takes", [0.0, 3.0], ids=["at once", "by a job"])
def test_where_nothing_is_seen_of_weight_0_the_first_share_must_turn_healthy(make: Make, takes: float) -> None:
    world = FakeWorld(Capabilities(health_at_zero=False), 2, 2, ("l-1",))
    world.balancer.takes = takes

    assert make(world, AUTO).process().state is State.COMPLETED


def test_no_data_holds_and_then_turns_back(make: Make) -> None:
    spec = replace(AUTO, judge=replace(AUTO.judge, no_data=NoDataSpec(rollback_after=15.0)))
    harness = make(small(), spec)
    harness.process(leaves=at("Shift 50 %"))
    for pod in harness.world.news():
        harness.world.gateways.process(pod).silent = "timed out"

    run = harness.process(leaves=resting(State.WAITING))

    assert harness.world.share == 0
    assert "Cut them?" in run.why, "nobody can count what is left on the new side, so a person is asked"
    assert any("nobody could say" in progress.run.why for progress in harness.progress)


def test_too_few_requests_extend_the_soak_and_then_a_person_is_asked(make: Make) -> None:
    spec = replace(AUTO, traffic=replace(AUTO.traffic, min_requests=100_000, max_soak=6.0))
    harness = make(small(), spec)

    run = harness.process(leaves=resting(State.WAITING))
    assert "too few to judge" in run.why
    assert any("the soak goes on" in words for words in harness.words())
    harness.ask(RequestKind.APPROVE)

    run = harness.process(leaves=resting(State.WAITING))
    assert "50 %" in run.why


# --- silence ------------------------------------------------------------------------------------------------------


def test_a_silent_cluster_stops_advances_and_nothing_else(make: Make) -> None:
    harness = climbing(make)
    harness.process(leaves=after(3))
    share = harness.world.share
    harness.world.cluster.orders.fail("workload", SILENT, times=-1)

    run = harness.process(leaves=after(40))

    assert (run.state, harness.world.share) == (State.RUNNING, share)
    assert "traffic stays as it is" in harness.words()[-1]


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


def world_shares_never_fell(harness: Harness) -> bool:
    return harness.world.shares == sorted(harness.world.shares) and nobody_was_hurt(harness)


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


# --- refusals and defects -----------------------------------------------------------------------------------------


def test_a_refused_write_halts_and_says_what_was_said(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("set_weights", Refused("the listener is locked"))

    run = harness.process(leaves=resting(State.HALTED))

    assert "the listener is locked" in run.why


def test_a_refused_read_halts_too(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("targets", Refused("the key was revoked"))

    assert "the key was revoked" in harness.process(leaves=resting(State.HALTED)).why


def test_a_run_that_halts_before_any_traffic_moved_is_left_at_once(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.world.cluster.orders.fail("apply", Refused("denied by a webhook"))

    run = harness.process()

    assert run.state is State.HALTED


def test_a_world_that_never_answered_is_waited_for(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.world.cluster.orders.fail("workload", SILENT, times=10)

    run = harness.process(leaves=after(5))

    assert run.state is State.RUNNING
    assert "no answer within 5 s" in harness.words()[-1]


def test_writes_that_keep_failing_need_a_person(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("set_weights", lost_answer(), times=200)

    assert "writes of this step failed in a row" in harness.process(leaves=resting(State.HALTED)).why


def test_a_run_in_other_hands_is_let_go(make: Make) -> None:
    harness = climbing(make)

    def taken(_progress: object) -> bool:
        harness.world.clock.passing.clear()
        harness.world.clock.advance(31.0)
        return False

    with pytest.raises((LeaseLost, ValueError)):
        harness.process(leaves=taken)


def test_pods_that_never_get_ready_halt_before_any_traffic_moved(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.world.cluster.trouble(NEW, "CrashLoopBackOff")

    run = harness.process()

    assert run.state is State.HALTED
    assert "will not become Ready" in run.why
    assert harness.world.share == 0


def test_configurations_that_differ_halt_with_the_difference(make: Make) -> None:
    harness = make(small(), AUTO)
    for index in range(2):
        harness.world.gateways.process(f"{NEW}-node-{index}").units = {"listener/0.0.0.0_80": {"port": 81}}

    run = harness.process()

    assert run.state is State.HALTED
    assert "differences to the old side" in run.why


def test_a_gateway_that_restarts_while_it_should_go_is_told_again(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=at("Detach old"))
    pod = harness.world.cluster.workload(harness.world.look().old.ref).live[0]
    harness.world.gateways.restart(pod.ref.name)

    harness.process()

    assert any("restarted old gateways to go again" in words for words in harness.words())


def test_a_way_back_from_pods_that_never_started_needs_nobody_and_no_patience(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.world.cluster.trouble(NEW, "CrashLoopBackOff")
    for index in range(2):
        harness.world.gateways.process(f"{NEW}-node-{index}").silent = "connection refused"
    harness.process()
    harness.ask(RequestKind.ROLLBACK)
    began = harness.world.clock.monotonic()

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert harness.world.clock.monotonic() - began < 15
    assert harness.world.cluster.get(DAEMONSET) is None


@pytest.mark.parametrize("title", ["Drain old", "Detach old"])
def test_a_new_process_counts_connections_before_it_asks_anybody(make: Make, title: str) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=at(title))
    harness.world.clock.advance(3600.0)

    assert harness.process().state is State.COMPLETED


def test_a_new_pod_that_falls_while_shifting_stops_the_next_share(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=lambda progress: "soaking at 10 %, 1" in progress.words)
    harness.world.cluster.trouble(NEW, "OOMKilled")

    run = harness.process(leaves=resting(State.HALTED))

    assert "new gateways are serving" in run.why
    assert harness.world.cluster.get(DAEMONSET) is not None


def test_a_reader_that_hangs_or_breaks_is_no_data_and_no_pass(make: Make) -> None:
    """Its last verdict was good; it must not stay good while nobody counts any more."""
    spec = replace(AUTO, judge=replace(AUTO.judge, no_data=NoDataSpec(rollback_after=15.0)))
    harness = make(small(), spec)
    harness.process(leaves=lambda progress: "soaking at 10 %, 1" in progress.words)
    harness.world.gateways.orders.fail("readings", SILENT, times=-1)

    run = harness.process(leaves=lambda _progress: harness.world.share == 0)

    assert run.state in (State.RUNNING, State.WAITING)
    assert "nobody could say" in run.why
