"""When a step may begin: by the clock on the wall, over midnight and over the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.domain.gates.calendar import beginning
from migrator.domain.model.spec import BlackoutSpec, GatesSpec, WindowSpec

FRIDAY = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
HOUR = 3600.0
OFFICE = WindowSpec(9 * 60, 17 * 60, (0, 1, 2, 3, 4))
NIGHT = WindowSpec(22 * 60, 6 * 60, (4,))
CLOSED = BlackoutSpec(FRIDAY + timedelta(hours=1), FRIDAY + timedelta(days=20))


def later(hours: float) -> datetime:
    return FRIDAY + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("gates", "now", "need", "found"),
    [
        pytest.param(GatesSpec(), 0, HOUR, 0, id="no window and no blackout"),
        pytest.param(GatesSpec(windows=(OFFICE,)), 0, 5 * HOUR, 0, id="just long enough"),
        pytest.param(GatesSpec(windows=(OFFICE,)), 0, 5 * HOUR + 1, 69, id="too short today: on Monday morning"),
        pytest.param(GatesSpec(windows=(OFFICE,)), 30, HOUR, 69, id="on a Saturday"),
        pytest.param(GatesSpec(windows=(OFFICE,)), 0, 9 * HOUR, None, id="longer than every window"),
        pytest.param(GatesSpec(windows=(WindowSpec(0, 60, ()),)), 0, 60.0, None, id="a window on no day"),
        pytest.param(GatesSpec(windows=(NIGHT,)), 13, 5 * HOUR, 13, id="one that began yesterday is open"),
        pytest.param(GatesSpec(windows=(NIGHT,)), 0, HOUR, 10, id="one that begins tonight"),
        pytest.param(GatesSpec(windows=(WindowSpec(0, 24 * 60),)), 0, 200 * HOUR, 0, id="whole days join"),
        pytest.param(GatesSpec(windows=(OFFICE, NIGHT)), 6, HOUR, 10, id="the nearer of two"),
        pytest.param(GatesSpec(windows=(OFFICE,), zone="Asia/Shanghai"), 0, HOUR, 61, id="by the clock of the zone"),
        pytest.param(GatesSpec(blackouts=(CLOSED,)), 0, HOUR, 0, id="before a blackout"),
        pytest.param(GatesSpec(blackouts=(CLOSED,)), 0, HOUR + 1, 480, id="not into a blackout"),
        pytest.param(GatesSpec(windows=(OFFICE,), blackouts=(CLOSED,)), 2, HOUR, 480, id="in the window after it"),
        pytest.param(
            GatesSpec(blackouts=(BlackoutSpec(later(-9), later(9000)),)), 0, HOUR, 9000, id="a blackout of a year"
        ),
        pytest.param(
            GatesSpec(windows=(OFFICE,), blackouts=(BlackoutSpec(later(-9), later(20000)),)),
            0,
            HOUR,
            None,
            id="for ever",
        ),
    ],
)
def test_a_step_begins_where_it_can_end(gates: GatesSpec, now: float, need: float, found: float | None) -> None:
    begins = beginning(gates, later(now), need)

    assert begins == (None if found is None else later(found))


def test_a_window_follows_the_clock_on_the_wall_when_summer_begins() -> None:
    nightly = GatesSpec(windows=(WindowSpec(60, 5 * 60),), zone="Europe/Berlin")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    begins = beginning(nightly, before, HOUR)

    assert begins == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert beginning(nightly, begins, 3 * HOUR) == begins  # one hour of this night does not exist
    assert beginning(nightly, begins, 3 * HOUR + 1) == datetime(2026, 3, 29, 23, 0, tzinfo=UTC)


def test_a_zone_that_nobody_knows_is_said() -> None:
    with pytest.raises(LookupError):
        beginning(GatesSpec(windows=(OFFICE,), zone="Moon/Sea"), FRIDAY, HOUR)


WINDOWS = st.builds(
    WindowSpec, st.integers(0, 1439), st.integers(0, 1440), st.sets(st.integers(0, 6), min_size=1).map(tuple)
)
MOMENTS = st.integers(0, 300 * 86400).map(lambda seconds: FRIDAY + timedelta(seconds=seconds))
BLACKOUTS = st.tuples(MOMENTS, st.floats(60, 2e6)).map(
    lambda row: BlackoutSpec(row[0], row[0] + timedelta(seconds=row[1]))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WINDOWS, max_size=3), st.lists(BLACKOUTS, max_size=3), MOMENTS, st.floats(0, 9e4))
def test_no_step_runs_in_a_blackout_nor_before_now(
    windows: list[WindowSpec], blackouts: list[BlackoutSpec], now: datetime, need: float
) -> None:
    begins = beginning(GatesSpec(windows=tuple(windows), blackouts=tuple(blackouts)), now, need)

    if begins is not None:
        ends = begins + timedelta(seconds=need)
        assert begins >= now
        assert all(ends <= row.start or begins >= row.end for row in blackouts)
