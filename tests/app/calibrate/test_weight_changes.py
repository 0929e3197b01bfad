"""The hand of a calibration on the weights: safe, read back, given back, and over nobody else's."""

from __future__ import annotations

import pytest

from migrator.app.calibrate.scope import Ground
from migrator.app.calibrate.weight_changes import WeightChanges
from migrator.domain.balancers.calibration import Way
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.balancer import Backend, Capabilities, Weighted
from migrator.domain.model.spec import ListenerSpec
from tests.fakes.balancer import FakeBalancer
from tests.fakes.clock import FakeClock
from tests.words import refused, text

A, B = Backend("test", "192.0.2.1", 80), Backend("test", "192.0.2.2", 80)


def hand(takes: float = 0.3) -> tuple[WeightChanges, FakeBalancer]:
    clock = FakeClock()
    balancer = FakeBalancer(clock, Capabilities(settle=0.8), takes)
    balancer.add(A, 10)
    balancer.add(B, 0)
    found = (Weighted(A, 10), Weighted(B, 0))
    ground = Ground(Way.OWN_LISTENER, ListenerSpec("test", 80), (A, B), found, 10, 0.5)
    return WeightChanges(balancer, balancer, clock, ground), balancer


def weights(balancer: FakeBalancer) -> list[int]:
    return [balancer.rows[backend].weight for backend in (A, B)]


def test_a_change_is_over_when_reads_show_it() -> None:
    ours, balancer = hand()
    stamps = ours.change(B, 10)

    assert weights(balancer) == [10, 10]
    assert stamps.accepted == stamps.sent
    assert stamps.shown - stamps.sent == pytest.approx(0.3, abs=0.11)


def test_the_last_weight_of_a_listener_is_never_taken_away() -> None:
    ours, balancer = hand()

    with refused(Refused, "calibrate.last-healthy", backend=str(A), weight=0, listener="test"):
        ours.change(A, 0)
    assert weights(balancer) == [10, 0]
    assert balancer.harm == []


def test_a_sick_backend_is_not_raised_and_the_other_not_lowered_onto_it() -> None:
    ours, balancer = hand()
    balancer.trouble.sick.add(B.address)

    with refused(Refused, "calibrate.not-raised", backend=str(B), health="unhealthy"):
        ours.change(B, 10)


def test_all_is_given_back_raises_first() -> None:
    ours, balancer = hand()
    ours.change(B, 10)
    ours.change(A, 0)
    ours.give_back(lambda backend: balancer.rows[backend].steers > 0)

    assert weights(balancer) == [10, 0]
    assert balancer.harm == []


def test_a_lost_answer_is_asked_again_and_counts_from_the_first_time() -> None:
    ours, balancer = hand(takes=0.0)
    calls: list[float] = []

    class Deaf:
        """Takes a write, and says so only the second time."""

        def set_weights(self, action: object) -> object:
            calls.append(balancer.clock.monotonic())
            op = balancer.set_weights(action)  # type: ignore[arg-type]  # the fake's own type
            if len(calls) == 1:
                raise Unreachable(verbatim("no answer"))
            return op

    ours.writer = Deaf()  # type: ignore[assignment]  # only weights are written here
    stamps = ours.change(B, 10)

    assert len(calls) == 2
    assert stamps.sent == calls[0]


def test_a_vendor_that_never_answers_is_named_together_with_what_to_set_by_hand() -> None:
    ours, balancer = hand(takes=0.0)
    ours.change(B, 10)

    class Dead:
        """Takes nothing."""

        def set_weights(self, action: object) -> object:
            raise Unreachable(verbatim("the vendor is away."))

    ours.writer = Dead()  # type: ignore[assignment]  # only weights are written here
    before = balancer.clock.monotonic()
    with refused(Refused, "calibrate.weights-left") as told:
        ours.give_back(lambda backend: True)
    by_hand = f"the vendor is away. Set them by hand: {A} = 10, {B} = 0."
    assert text(told.value.message).endswith(by_hand)
    assert balancer.clock.monotonic() - before < 70


def test_a_failed_write_is_no_change() -> None:
    ours, balancer = hand()
    balancer.trouble.rows = 0

    with refused(Refused, "calibrate.write-failed"):
        ours.change(B, 10)


def test_a_backend_that_is_gone_is_said_to_be_gone() -> None:
    ours, balancer = hand()
    balancer.hand(B, None)

    gone = say("calibrate.backends-gone", backends=(str(B),))
    with refused(Refused, "calibrate.weights-left", why=gone):
        ours.give_back(lambda backend: True)


def test_somebody_elses_weight_is_neither_written_over_nor_given_back() -> None:
    ours, balancer = hand()
    balancer.hand(B, 3)

    with refused(Refused, "calibrate.set-by-others", backends=(str(B),)):
        ours.change(A, 0)
    with refused(Refused, "calibrate.weights-left", why=say("calibrate.set-by-others", backends=(str(B),))):
        ours.give_back(lambda backend: True)
    assert weights(balancer) == [10, 3]
