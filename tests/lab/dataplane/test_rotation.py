"""The choice of a target, without sockets."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.lab.balancer.model import Key
from migrator.lab.dataplane.counts import TargetCounts
from migrator.lab.dataplane.rotation import Rotation, Slot


def rotation(*targets: tuple[int, bool], fail_open: bool = True) -> Rotation:
    """Give a rotation of targets 1, 2, ... with (weight, alive)."""
    found = Rotation(fail_open)
    for at, (weight, alive) in enumerate(targets, 1):
        found.add(Slot(Key("10.0.0.1", at), weight, alive, TargetCounts()))
    return found


def picks(of: Rotation, count: int) -> list[int]:
    return [slot.key.port if (slot := of.pick()) else 0 for _ in range(count)]


def test_the_order_is_smooth_not_in_blocks():
    """The example of nginx's author: weights 5, 1, 1 give a a b a c a a."""
    assert picks(rotation((5, True), (1, True), (1, True)), 7) == [1, 1, 2, 1, 3, 1, 1]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any))
def test_every_full_round_gives_each_target_exactly_its_weight(weights):
    found = rotation(*((weight, True) for weight in weights))
    rounds = [Counter(picks(found, sum(weights))) for _ in range(4)]

    assert rounds == [Counter({at: weight for at, weight in enumerate(weights, 1) if weight})] * 4


@pytest.mark.parametrize(
    ("targets", "fail_open", "expected"),
    [
        pytest.param([(1, True), (1, False)], True, {1}, id="an unhealthy one gets nothing"),
        pytest.param([(1, False), (1, False)], True, {1, 2}, id="all unhealthy: all get traffic"),
        pytest.param([(1, False), (1, False)], False, {0}, id="all unhealthy, no fail-open: nobody"),
        pytest.param([(1, False), (0, True)], True, {1}, id="a healthy one at weight 0 is no fall-back"),
        pytest.param([(0, True), (0, True)], True, {0}, id="all at weight 0: nobody, ever"),
    ],
)
def test_weights_and_health_say_which_targets_get_connections(targets, fail_open, expected):
    assert set(picks(rotation(*targets, fail_open=fail_open), 10)) == expected


def test_a_removed_target_gets_nothing():
    found = rotation((1, True), (1, True))

    found.remove(Key("10.0.0.1", 1))

    assert picks(found, 3) == [2, 2, 2]
