"""What a run does about foreign hands, bad answers, sick backends, too little to judge by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Capabilities, Side
from migrator.domain.model.runs import Heading, RequestKind, State
from migrator.domain.model.spec import NoDataSpec
from tests.fakes.harness import Harness
from tests.fakes.world import DEPLOYMENT, NEW_PORT, FakeWorld
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, resting, small

SILENT = Unreachable(verbatim("no answer within 5 s"))


def climbing(make: Make, world: FakeWorld | None = None, title: str = "Shift 50 %") -> Harness:
    """Give a harness whose run has reached a step."""
    harness = make(world or small(), AUTO)
    harness.process(leaves=at(title))
    return harness


def nobody_was_hurt(harness: Harness) -> bool:
    return harness.world.balancer.harm == []


def world_shares_never_fell(harness: Harness) -> bool:
    return harness.world.shares == sorted(harness.world.shares) and nobody_was_hurt(harness)


# --- other people's hands -----------------------------------------------------------------------------------------


def test_a_weight_that_nobody_intended_halts_and_is_not_fought(make: Make) -> None:
    harness = climbing(make)
    backend = next(b for b in harness.world.weights if b.port != NEW_PORT)
    harness.world.balancer.hand(backend, 3)

    run = harness.process(leaves=resting(State.HALTED))

    assert "drift.changed weight=3" in str(run.why)
    assert harness.world.weights[backend] == 3


def test_a_halted_run_reports_a_foreign_hand_and_does_not_turn_back_by_itself(make: Make) -> None:
    harness = climbing(make)
    backend = next(b for b in harness.world.weights if b.port == NEW_PORT)
    harness.world.balancer.hand(backend, 77)
    harness.process(leaves=resting(State.HALTED))
    harness.world.traffic.bad[Side.NEW] = 0.5

    run = harness.process(leaves=after(60))

    assert run.state is State.HALTED
    assert "drift.seen" in harness.words()[-1]


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

    assert "drift.gone" in str(harness.process(leaves=resting(State.HALTED)).why)


# --- bad news -----------------------------------------------------------------------------------------------------


def test_bad_answers_of_the_new_side_turn_the_run_back(make: Make) -> None:
    harness = climbing(make)
    harness.world.traffic.bad[Side.NEW] = 0.3

    assert harness.process().state is State.ROLLED_BACK
    assert harness.world.weights == harness.world.originals
    assert nobody_was_hurt(harness)


def test_a_new_side_that_answers_404_to_everything_turns_the_run_back(make: Make) -> None:
    harness = climbing(make)
    harness.world.traffic.not_found[Side.NEW] = 1.0

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert "judge.collapse" in str(run.why)
    assert nobody_was_hurt(harness)


def test_a_new_side_that_only_gets_the_scanners_is_held_and_not_turned_back(make: Make) -> None:
    """Every new connection is a scanner's, on both sides; every client of the house stays on old connections."""
    harness = climbing(make)
    world = harness.world
    world.traffic.not_found.update({Side.NEW: 1.0, Side.OLD: 1.0})
    pooled = [pod.ref.name for pod in world.cluster.workload(DEPLOYMENT).pods]

    def served(seconds: float) -> None:
        for name in pooled:
            world.gateways.process(name).requests += round(2000 * seconds)

    world.clock.passing.append(served)
    run = harness.process(leaves=after(60))

    assert run.heading is Heading.FORWARD
    assert world.share == 50.0
    assert any("judge.collapse-unsure" in words for words in harness.words())


def test_answers_that_are_bad_on_both_sides_alike_hold_the_run_and_turn_nothing(make: Make) -> None:
    harness = climbing(make)
    harness.world.traffic.bad.update({Side.NEW: 0.3, Side.OLD: 0.3})

    run = harness.process(leaves=after(80))

    assert run.state is State.RUNNING
    assert harness.world.share < 51
    assert "judge.shared" in harness.words()[-1]


def test_two_refusals_at_the_balancer_turn_the_run_back(make: Make) -> None:
    """And while they go on, the new side is not taken apart until a person says so, or they are over."""
    harness = climbing(make)
    harness.world.traffic.refused = True

    asking = harness.process(leaves=lambda progress: progress.run.state is State.WAITING)

    assert asking.heading is Heading.BACK
    assert "back.ask-to-remove" in str(asking.why)
    assert harness.world.weights.keys() > harness.world.originals.keys()

    harness.world.traffic.refused = False
    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert "ask.withdrawn" in " ".join(harness.words())


def test_a_weighted_new_backend_that_turns_sick_turns_the_run_back(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.trouble.sick.add("10.1.0.1")

    run = harness.process()

    assert run.state is State.ROLLED_BACK
    assert "backend.unhealthy" in str(run.why)


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
    assert "drain.ask" in str(run.why), "nobody can count what is left on the new side, so a person is asked"
    assert any("judge.no-data" in str(progress.run.why) for progress in harness.progress)


def test_too_few_requests_extend_the_soak_and_then_a_person_is_asked(make: Make) -> None:
    spec = replace(AUTO, traffic=replace(AUTO.traffic, min_requests=100_000, max_soak=6.0))
    harness = make(small(), spec)

    run = harness.process(leaves=resting(State.WAITING))
    assert "soak.ask" in str(run.why)
    assert any("soak.extended" in words for words in harness.words())
    harness.ask(RequestKind.APPROVE)

    run = harness.process(leaves=resting(State.WAITING))
    assert "share=50" in str(run.why)
