"""A weight of a write that this run had given up is its own, named by its row, and set anew; any other is another hand's."""

from __future__ import annotations

import pytest

from migrator.domain.messages.message import say
from migrator.domain.model.actions import SetWeights
from migrator.domain.model.balancer import Pools, Side, Weighted
from migrator.domain.model.decisions import Do, Wait
from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import OnTimeout
from migrator.domain.observation.sighting import JournalFacts
from migrator.domain.steps import Drain
from migrator.domain.turn.invariants import violations
from migrator.domain.weights.drift import arrived_late, drift
from tests.domain.chain import course, decided
from tests.domain.seen import NEW, OLD, at, meant, pools, rows, seen

NOW = pools(old=100, new=100)
ROW = 17
DRAIN = Drain(Side.NEW, 10.0, OnTimeout.HOLD)


def past(late: int, values: Pools = NOW, **more: object) -> JournalFacts:
    return JournalFacts(weights=meant(values), late={NEW[0]: {late: ROW}}, entered_at=at(0), **more)  # type: ignore[arg-type]


def arrived(weight: int) -> Pools:
    return Pools((*rows(Side.OLD, OLD, 100), *rows(Side.NEW, NEW, weight, 100)), NOW.capabilities)


@pytest.mark.parametrize("heading", list(Heading))
def test_a_late_arrival_is_no_drift_and_the_settled_weights_are_set_again(heading: Heading) -> None:
    sighting = seen(arrived(11), past(11), course(heading=heading))
    found = decided(sighting, DRAIN)

    assert drift(sighting) == []
    assert arrived_late(sighting) == {NEW[0]: ROW}
    assert isinstance(found, Do)
    assert found == Do(SetWeights((Weighted(NEW[0], 100),)), say("write.arrived-late", row=ROW, backends=1))
    assert violations(found.action, sighting) == []


@pytest.mark.parametrize(
    ("weight", "facts"),
    [
        pytest.param(12, past(11), id="a weight that nobody of us sent"),
        pytest.param(11, past(12), id="another one than was given up"),
    ],
)
def test_any_other_weight_is_another_hands(weight: int, facts: JournalFacts) -> None:
    sighting = seen(arrived(weight), facts)

    assert arrived_late(sighting) == {}
    assert drift(sighting)


def test_what_has_the_weight_that_was_meant_has_not_arrived_late() -> None:
    assert arrived_late(seen(NOW, past(100))) == {}


def test_what_cannot_be_mended_safely_now_is_said() -> None:
    """The only backend that carries anything must not be lowered before another one does."""
    alone = Pools((*rows(Side.OLD, OLD[:1], 0), *rows(Side.NEW, NEW[:1], 50)), NOW.capabilities)
    settled = Pools((*rows(Side.OLD, OLD[:1], 0), *rows(Side.NEW, NEW[:1], 0)), NOW.capabilities)
    found = decided(seen(alone, past(50, settled), course(heading=Heading.BACK)), DRAIN)

    assert found == Wait(say("write.arrived-late", row=ROW, backends=1))
