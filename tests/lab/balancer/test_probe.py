"""Thresholds of the health verdict, and changes that arrive in order: both without a network."""

from random import Random

import pytest

from migrator.lab.balancer.health import Probe
from migrator.lab.balancer.model import Change, Health, Key, Verb
from migrator.lab.balancer.propagation import Propagation
from migrator.lab.balancer.settings import HealthSpec, Timings


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        pytest.param("", Health.UNKNOWN, id="never checked"),
        pytest.param("+", Health.UNKNOWN, id="one good answer is not enough"),
        pytest.param("++", Health.ALIVE, id="rise"),
        pytest.param("++--", Health.ALIVE, id="two bad ones are not enough"),
        pytest.param("++---", Health.DEAD, id="fall"),
        pytest.param("++--+--", Health.ALIVE, id="only a row counts"),
        pytest.param("---++", Health.ALIVE, id="back"),
    ],
)
def test_a_verdict_needs_answers_in_a_row(answers, state):
    probe = Probe(HealthSpec(rise=2, fall=3))

    for each in answers:
        probe.saw(each == "+")

    assert probe.state is state


class Loop:
    """A loop that keeps what it was asked to call."""

    def __init__(self):
        self.calls = []

    def time(self):
        return 100.0

    def call_at(self, when, callback):
        self.calls.append((when, callback))


def test_changes_of_one_target_take_effect_in_order_whatever_the_jitter():
    loop, seen = Loop(), []
    way = Propagation(loop, Timings(propagation_s=0.5, jitter_s=0.4), Random(7))
    changes = [Change(Verb.WEIGH, "lbl", Key("10.0.0.1", 80), weight) for weight in range(50)]

    for change in changes:
        way.send(change, seen.append)
    for _, arrive in sorted(loop.calls, key=lambda call: call[0]):
        arrive()

    assert seen == changes
    assert all(0.1 <= when - 100.0 <= 0.95 for when, _ in loop.calls)


def test_the_jitter_of_a_seed_is_always_the_same():
    def delays(seed):
        way = Propagation(Loop(), Timings(propagation_s=0.5, jitter_s=0.4), Random(seed))
        return [way.send(Change(Verb.WEIGH, "lbl", Key("10.0.0.1", at), 1), print) for at in range(5)]

    assert delays(1) == delays(1)
    assert delays(1) != delays(2)
    assert len(set(delays(1))) == 5
