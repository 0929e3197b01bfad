"""The process beside a gateway: it comes, takes the gateway off when the pod ends, and lets it end, whatever fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from migrator.app.farewell.custody import Custody
from migrator.app.farewell.staying import Staying
from migrator.app.farewell.words import ByBalancer, ByFollower, Word
from migrator.domain.farewell import Own, Terms
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Backend, Scope
from tests.fakes.balancer import PLAIN, FakeBalancer
from tests.fakes.clock import FakeClock
from tests.words import refused

OURS, OTHER = (Backend("l-1", at, 80) for at in ("10.0.0.1", "10.0.0.2"))
OWN = Own(frozenset({"10.0.0.1"}), frozenset({80}))
TERMS = Terms(within=25.0, settle=2.0, after=5.0)
TOLD_AT = 20.0


@dataclass
class Pod:
    """A pod that is told to end `TOLD_AT` seconds after it came."""

    clock: FakeClock
    balancer: FakeBalancer
    said: list[Message]
    serves: bool = True

    def staying(self, word: Word | None = None) -> Staying:
        own = word or ByBalancer(self.balancer, self.balancer, OWN, lambda: self.serves)
        began = self.clock.monotonic()
        return Staying(own, TERMS, self.clock, lambda: self.clock.monotonic() - began >= TOLD_AT, self.said.append)

    def ends_after(self, staying: Staying) -> float:
        began = self.clock.monotonic()
        staying.until_over()
        return self.clock.monotonic() - began - TOLD_AT


@pytest.fixture
def pod() -> Pod:
    clock = FakeClock()
    balancer = FakeBalancer(clock)
    balancer.add(OURS, 50)
    balancer.add(OTHER, 50)
    return Pod(clock, balancer, [])


def weight(pod: Pod, backend: Backend) -> int:
    return next(row.weight for row in pod.balancer.targets() if row.backend == backend)


def test_a_gateway_that_ends_is_off_the_balancer_and_ends_early(pod: Pod) -> None:
    staying = pod.staying()

    took = pod.ends_after(staying)

    assert weight(pod, OURS) == 0
    assert TERMS.settle + TERMS.after <= took < TERMS.within
    assert staying.ready.is_set()
    assert staying.over.is_set()
    assert pod.balancer.harm == []


def test_the_last_that_carries_stays_and_takes_all_of_its_seconds(pod: Pod) -> None:
    pod.balancer.hand(OTHER, 0)

    assert pod.ends_after(pod.staying()) >= TERMS.within
    assert weight(pod, OURS) == 50


def test_two_that_go_at_once_give_back_what_they_took_from_each_other(pod: Pod) -> None:
    word = ByBalancer(pod.balancer, pod.balancer, OWN, lambda: True)
    assert word.is_off() is False
    pod.balancer.hand(OTHER, 0)

    answers = [word.is_off() for _ in range(3)]

    assert answers == [False, False, False]
    assert weight(pod, OURS) == 50


@pytest.mark.parametrize("error", [Unreachable(say("x")), Refused(say("x"))])
def test_a_balancer_that_fails_shortens_nothing_and_is_told_once(pod: Pod, error: Exception) -> None:
    staying = pod.staying()
    staying.ready.set()
    pod.balancer.orders.fail("targets", error, times=1000)

    assert TERMS.within <= pod.ends_after(staying) < TERMS.within + 1.0
    assert len(pod.said) == 1


def test_a_gateway_that_came_gets_its_peers_weight_once_it_serves(pod: Pod) -> None:
    pod.balancer.hand(OURS, 0)
    pod.serves = False
    word = ByBalancer(pod.balancer, pod.balancer, OWN, lambda: pod.serves)
    assert word.has_come() is False
    assert weight(pod, OURS) == 0
    pod.serves = True

    assert [word.has_come(), word.has_come()] == [False, True]
    assert weight(pod, OURS) == 50


def test_a_gateway_that_nobody_registered_has_not_come(pod: Pod) -> None:
    pod.balancer.hand(OURS, None)
    staying = pod.staying()

    pod.ends_after(staying)

    assert not staying.ready.is_set()


@pytest.mark.parametrize("can", [replace(PLAIN, weights_of=Scope.POOL), replace(PLAIN, controlled=True)])
def test_where_a_weight_is_not_a_gateways_own_it_is_refused(can: object) -> None:
    clock = FakeClock()
    balancer = FakeBalancer(clock, can)  # type: ignore[arg-type]  # the parameter is what `replace` gives

    with refused(UsageError, "farewell.no-weight"):
        Pod(clock, balancer, []).staying().until_over()


def test_the_followers_word_shortens_and_its_silence_does_not(pod: Pod) -> None:
    def silent() -> bool:
        raise Unreachable(say("farewell.no-follower", error="ConnectError"))

    def ends(told: Callable[[], bool]) -> float:
        return pod.ends_after(pod.staying(ByFollower(told)))

    assert ends(lambda: True) < TERMS.within
    assert ends(lambda: False) >= TERMS.within
    assert ends(silent) >= TERMS.within


def test_the_gateway_is_told_once_to_let_its_clients_leave_and_again_until_it_was_heard(pod: Pod) -> None:
    told: list[bool] = []

    def tell() -> bool:
        told.append(len(told) > 1)
        return told[-1]

    staying = Staying(ByFollower(lambda: False), TERMS, pod.clock, lambda: True, pod.said.append, tell)
    staying.until_over()

    assert told == [False, False, True]


@pytest.mark.parametrize("error", [ValueError("a vendor's own"), UsageError(say("farewell.no-weight"))])
def test_whatever_is_raised_once_the_pod_ends_is_no_word_and_all_the_seconds_hold(pod: Pod, error: Exception) -> None:
    def broken() -> bool:
        raise error

    staying = Staying(ByFollower(broken), TERMS, pod.clock, lambda: True, pod.said.append, broken)
    began = pod.clock.monotonic()
    staying.until_over()

    assert TERMS.within <= pod.clock.monotonic() - began < TERMS.within + 1.0
    assert staying.over.is_set()


def test_a_library_that_fails_while_the_gateway_comes_is_asked_again(pod: Pod) -> None:
    answers = iter([ValueError("a vendor's own"), True])

    class Failing:
        def has_come(self) -> bool:
            answer = next(answers)
            if isinstance(answer, ValueError):
                raise answer
            return True

        def is_off(self) -> bool:
            return True

    staying = pod.staying(Failing())
    pod.ends_after(staying)

    assert staying.ready.is_set()


@pytest.mark.parametrize("whose", list(Custody))
def test_who_holds_the_gateways_lease_decides_about_one_that_came(pod: Pod, whose: Custody) -> None:
    pod.balancer.hand(OURS, 0)
    word = ByBalancer(pod.balancer, pod.balancer, OWN, lambda: True, lambda: whose)

    if whose is Custody.LEFT:
        with refused(Unreachable, "farewell.left-half-way"):
            word.has_come()
    else:
        assert word.has_come() is (whose is Custody.HELD)
    assert weight(pod, OURS) == (50 if whose is Custody.FREE else 0)


@pytest.mark.parametrize("whose", list(Custody))
def test_who_holds_the_gateways_lease_lowers_one_that_ends(pod: Pod, whose: Custody) -> None:
    word = ByBalancer(pod.balancer, pod.balancer, OWN, lambda: True, lambda: whose)

    word.is_off()

    assert weight(pod, OURS) == (50 if whose is Custody.HELD else 0)


def test_one_that_a_run_has_lowered_ends_by_that(pod: Pod) -> None:
    pod.balancer.hand(OURS, 0)
    word = ByBalancer(pod.balancer, pod.balancer, OWN, lambda: True, lambda: Custody.HELD)

    assert word.is_off()
    assert pod.balancer.harm == []


@pytest.mark.parametrize("error", [Unreachable(say("x")), Refused(say("x"))])
def test_where_nobody_can_tell_one_that_ends_is_lowered_and_one_that_came_is_not_raised(
    pod: Pod, error: Exception
) -> None:
    def unknown() -> Custody:
        raise error

    word = ByBalancer(pod.balancer, pod.balancer, OWN, lambda: True, unknown)
    word.is_off()
    assert weight(pod, OURS) == 0

    with pytest.raises(type(error)):
        word.has_come()
    assert weight(pod, OURS) == 0
