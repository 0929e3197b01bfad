"""What a measurement says, and when a plan may reckon with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from migrator.domain.balancers.calibration import VALID, Calibration, Timed, Way, calibrated
from migrator.domain.model.balancer import Backend, Capabilities

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CAN = Capabilities(settle=2.0, drain_floor=5.0)
A = Backend("web", "192.0.2.1", 80)


def measured(*lowered: float, at: datetime = NOW, resolution: float = 0.0) -> Calibration:
    timed = (Timed(A, True, 0.1, 0.1, 0.1, resolution), *(Timed(A, False, 0.1, 0.1, s, resolution) for s in lowered))
    return Calibration(at, "me", Way.OWN_LISTENER, "web", 50.0, 100, 0, timed)


def test_the_plan_reckons_with_the_longest_and_a_margin() -> None:
    found = measured(0.4, 0.5, 0.6, resolution=0.04)

    assert found.middle(raised=False) == 0.5
    assert found.longest == pytest.approx(0.64)
    assert found.settle == 1.0
    assert calibrated(CAN, found, NOW).settle == 1.0


def test_a_measurement_never_makes_silence_come_sooner() -> None:
    assert calibrated(CAN, measured(0.4, 0.5, 0.6), NOW).drain_floor == 5.0
    assert calibrated(CAN, measured(8.0, 8.0, 8.0), NOW).drain_floor == 12.0


def test_two_tries_may_make_a_wait_longer_but_not_shorter() -> None:
    assert calibrated(CAN, measured(0.4, 0.5), NOW).settle == 2.0
    assert calibrated(CAN, measured(4.0), NOW).settle == 6.0


def test_an_old_measurement_is_no_longer_used() -> None:
    found = measured(0.4, 0.5, 0.6, at=NOW - VALID - timedelta(seconds=1))

    assert calibrated(CAN, found, NOW) == CAN


def test_nothing_measured_changes_nothing() -> None:
    assert calibrated(CAN, None, NOW) == CAN


def test_no_try_at_all_is_no_time() -> None:
    found = Calibration(NOW, "me", Way.ONE_UNIT, "web", 50.0, 0, 0, ())

    assert found.middle(raised=True) is None
    assert found.longest == 0.0
    assert found.settle == 0.1
