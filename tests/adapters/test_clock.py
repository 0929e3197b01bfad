"""The machine's clocks."""

from __future__ import annotations

from datetime import UTC, datetime

from migrator.adapters.clock import SystemClock


def test_wall_time_is_aware_and_in_utc() -> None:
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert abs((datetime.now(UTC) - now).total_seconds()) < 5


def test_monotonic_time_never_falls_and_sleep_takes_no_negative() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(-1.0)

    assert clock.monotonic() >= before
