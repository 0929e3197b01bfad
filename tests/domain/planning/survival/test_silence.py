"""A driver's silence is counted by the guard's own clock, from the last sign; what the guard did not see is no silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.domain.model.runs import Heading
from migrator.domain.model.spec import LEAST, OnSilence, SilenceSpec
from migrator.domain.planning.survival.silence import GAP, GOING_BACK, Silence, left, listened

BACK = SilenceSpec(200.0, OnSilence.ROLLBACK)


def heard(*looks: tuple[float, str]) -> Silence:
    found: Silence | None = None
    for at, pulse in looks:
        found = listened(found, pulse, at)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("looks", "rest"),
    [
        pytest.param(((0.0, "a"),), 200.0, id="the first look"),
        pytest.param(((0.0, "a"), (5.0, "a"), (10.0, "a")), 190.0, id="silence"),
        pytest.param(((0.0, "a"), (5.0, "a"), (10.0, "b")), 200.0, id="a sign"),
        pytest.param(((0.0, "a"), (5.0, "a"), (5.0 + GAP + 1.0, "a")), 200.0, id="the guard itself was blind"),
        pytest.param(tuple((5.0 * at, "a") for at in range(50)), 0.0, id="silence for long"),
    ],
)
def test_silence_begins_anew_with_each_sign_and_with_each_time_that_was_not_seen(
    looks: tuple[tuple[float, str], ...], rest: float
) -> None:
    assert left(BACK, Heading.FORWARD, heard(*looks)) == rest


def test_a_way_back_is_gone_on_with_sooner() -> None:
    silence = heard(*((5.0 * at, "a") for at in range(14)))

    assert left(BACK, Heading.BACK, silence) == 0.0
    assert left(BACK, Heading.FORWARD, silence) == 200.0 - 65.0
    assert GOING_BACK <= 65.0


def test_where_the_plan_holds_it_is_never_due() -> None:
    assert left(SilenceSpec(200.0), Heading.FORWARD, Silence("a", 0.0, 1e9)) is None


@given(st.floats(LEAST, 1e6))
def test_a_driver_stops_writing_well_before_a_guard_begins(after: float) -> None:
    fence = SilenceSpec(after, OnSilence.ROLLBACK).fence

    assert fence is not None
    assert after - fence >= 70.0
    assert SilenceSpec(after).fence is None
