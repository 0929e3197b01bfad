"""What a run does when somebody says no, or when something will not get better by waiting."""

from __future__ import annotations

import pytest

from migrator.domain.messages.errors import Denied, Gone, LeaseLost, Refused, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.runs import Heading, RequestKind, State
from tests.fakes.balancer import lost_answer
from tests.fakes.harness import soaked
from tests.fakes.objects import NEW
from tests.fakes.world import DAEMONSET
from tests.workflow.conftest import Make
from tests.workflow.test_requests import AUTO, after, at, resting, small
from tests.workflow.test_trouble import SILENT, climbing


def test_a_refused_write_halts_and_says_what_was_said(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("set_weights", Refused(verbatim("the listener is locked")))

    run = harness.process(leaves=resting(State.HALTED))

    assert "the listener is locked" in str(run.why)


def test_a_refused_read_is_waited_for_and_the_run_goes_on_by_itself(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("targets", Refused(verbatim("the key was revoked")), times=20)

    assert harness.process().state is State.COMPLETED
    assert any("the key was revoked" in words for words in harness.words())


def test_a_run_that_halts_before_any_traffic_moved_is_left_at_once(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.world.cluster.orders.fail("apply", Refused(verbatim("denied by a webhook")))

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

    assert "write.keeps-failing" in str(harness.process(leaves=resting(State.HALTED)).why)


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
    assert "ready.hopeless" in str(run.why)
    assert harness.world.share == 0


def test_configurations_that_differ_halt_with_the_difference(make: Make) -> None:
    harness = make(small(), AUTO)
    for index in range(2):
        harness.world.gateways.process(f"{NEW}-node-{index}").units = {"listener/0.0.0.0_80": {"port": 81}}

    run = harness.process()

    assert run.state is State.HALTED
    assert "config.not-equal differences=[" in str(run.why)


def test_a_gateway_that_restarts_while_it_should_go_is_told_again(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=at("Detach old"))
    pod = harness.world.cluster.workload(harness.world.look().old.ref).live[0]
    harness.world.gateways.restart(pod.ref.name)

    harness.process()

    assert any(words.startswith("gateways.tell-again") and "side=old" in words for words in harness.words())


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


def test_a_new_pod_that_falls_while_shifting_holds_the_next_share_until_it_is_back(make: Make) -> None:
    harness = make(small(), AUTO)
    harness.process(leaves=lambda progress: soaked(progress, 1))
    harness.world.cluster.trouble(NEW, "OOMKilled")
    share, late = harness.world.share, harness.world.clock.monotonic() + 600.0

    run = harness.process(leaves=lambda _progress: harness.world.clock.monotonic() > late)

    assert (run.state, run.heading) == (State.RUNNING, Heading.FORWARD)
    assert "gateway.short" in harness.words()[-1]
    assert harness.world.share == share

    harness.world.cluster.trouble(NEW, "")

    assert harness.process().state is State.COMPLETED


def test_a_vendor_that_says_not_now_is_given_its_time_and_asked_again(make: Make) -> None:
    harness = climbing(make)
    balancer = harness.world.balancer
    balancer.orders.fail("set_weights", Unreachable(verbatim("too many requests"), retry_after=7.0), times=2)
    balancer.orders.calls.clear()
    began = harness.world.clock.monotonic()

    run = harness.process(leaves=lambda _progress: harness.world.share == 50)

    assert run.state is State.RUNNING
    assert harness.world.clock.monotonic() - began >= 14
    assert balancer.orders.calls.count("set_weights") == 3
    assert any("write.not-before" in words for words in harness.words())


def test_a_vendors_patience_does_not_keep_bad_news_waiting(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("set_weights", Unreachable(verbatim("too many requests"), retry_after=60.0))
    harness.world.traffic.bad[Side.NEW] = 0.5

    assert harness.process().state is State.ROLLED_BACK


def test_a_process_whom_the_balancer_never_answers_waits_and_says_why(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("targets", Refused(verbatim("the key was revoked")), times=-1)

    run = harness.process(leaves=after(10))

    assert run.state is State.RUNNING
    assert "look.blind" in harness.words()[-1]
    assert "the key was revoked" in harness.words()[-1]


def test_a_write_that_is_not_let_in_is_tried_again_and_needs_a_person_only_after_minutes(make: Make) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("set_weights", Denied(verbatim("401")), times=3)
    assert harness.process().state is State.COMPLETED

    other = climbing(make)
    other.world.balancer.orders.fail("set_weights", Denied(verbatim("401")), times=-1)
    assert "write.keeps-failing" in str(other.process(leaves=resting(State.HALTED)).why)


def test_a_write_whose_row_has_gone_since_the_look_is_decided_anew_and_needs_a_person_only_after_minutes(
    make: Make,
) -> None:
    harness = climbing(make)
    harness.world.balancer.orders.fail("set_weights", Gone(verbatim("not there")), times=2)
    assert harness.process().state is State.COMPLETED

    other = climbing(make)
    other.world.balancer.orders.fail("set_weights", Gone(verbatim("not there")), times=-1)
    assert "write.keeps-failing" in str(other.process(leaves=resting(State.HALTED)).why)


def test_a_telling_that_is_not_let_in_keeps_no_weight_from_going_back(make: Make) -> None:
    """The token ends while the old gateways are told to go; the way back begins in the same breath."""
    harness = make(small(), AUTO)
    harness.process(leaves=at("Drain old"))
    harness.world.gateways.orders.fail("tell", Denied(verbatim("401")), times=3)
    harness.process(leaves=lambda _progress: "write.tried-again" in harness.words()[-1])
    began = harness.world.clock.monotonic()
    harness.ask(RequestKind.ROLLBACK)

    harness.process(leaves=lambda _progress: harness.world.share == 0)

    assert harness.world.clock.monotonic() - began < 25
    assert harness.process().state is State.ROLLED_BACK
