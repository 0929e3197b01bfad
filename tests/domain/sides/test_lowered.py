"""A pod that ends while no process of the run lives takes itself off: the run that goes on knows that 0, and gives the weight
back to the pod that came. Any other 0 is somebody's hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.balancer import Side
from migrator.domain.weights.drift import drifted_weights
from tests.domain.seen import at
from tests.domain.sides.ground import NEW, Ground, at_share, new_pod, shift

BOTH = frozenset(Side)


def left(*places: int, of: frozenset[Side] = BOTH, later: bool = True, weight: int = 0) -> Ground:
    """Give a run at 50 % whose process died; the pods of these nodes ended, took themselves off, and others came."""
    ground = at_share(50)
    ground.lowering = of
    for place in places:
        ground.rows[NEW[place]] = weight
        ground.new[place] = new_pod(place, f"m{place}", made_at=at(ground.now if later else 1.0))
    return ground


@pytest.mark.parametrize("places", [(0,), (0, 1)], ids=["one", "more than one"])
def test_a_row_that_its_own_pod_lowered_is_known_and_gets_its_weight_back(places: tuple[int, ...]) -> None:
    before, ground = at_share(50), left(*places)

    assert drifted_weights(ground.seen()) == []
    ground.rest(shift(50, soak=900.0))

    assert ground.rows == before.rows
    assert not ground.lawless
    assert drifted_weights(ground.seen()) == []


@pytest.mark.parametrize(
    "ground",
    [
        pytest.param(left(0, of=frozenset()), id="the pods do not lower themselves"),
        pytest.param(left(0, of=frozenset({Side.OLD})), id="the other side's pods do"),
        pytest.param(left(0, later=False), id="the pod that had the weight is there still"),
        pytest.param(left(0, weight=7), id="a weight that is not 0"),
    ],
)
def test_any_other_weight_is_another_hands(ground: Ground) -> None:
    assert [hand.backend for hand in drifted_weights(ground.seen())] == [NEW[0]]


def test_a_row_that_was_given_its_weight_again_is_lowered_by_nobody_of_ours() -> None:
    ground = left(0)
    ground.rest(shift(50, soak=900.0))
    ground.rows[NEW[0]] = 0

    assert [hand.backend for hand in drifted_weights(ground.seen())] == [NEW[0]]


def test_a_new_pod_that_is_not_proved_stays_at_0() -> None:
    ground = left(0)
    pod = ground.new[0]
    assert pod is not None
    ground.new[0] = replace(pod, ready=False)

    ground.rest(shift(50, soak=900.0))

    assert ground.rows[NEW[0]] == 0
    assert drifted_weights(ground.seen()) == []
