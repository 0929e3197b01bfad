"""How long answers took, out of cumulative histograms: growth between readings, sums over gateways, percentiles."""

from __future__ import annotations

import pytest

from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Buckets, Delta
from migrator.domain.observation.shown import Served, Times
from migrator.domain.showing.percentiles import grown, summed, times
from migrator.domain.showing.serving import served

FIRST: Buckets = ((0.1, 10), (0.5, 40), (1.0, 50))
LATER: Buckets = ((0.1, 30), (0.5, 90), (1.0, 150))


def test_what_grew_between_two_readings_is_what_was_timed_meanwhile() -> None:
    assert grown(FIRST, LATER) == ((0.1, 20), (0.5, 50), (1.0, 100))


def test_a_gateway_that_was_restarted_begins_at_nothing() -> None:
    assert grown(LATER, FIRST) == FIRST


def test_gateways_are_added_up_by_the_edges_that_all_of_them_have() -> None:
    assert summed([FIRST, LATER, ()]) == ((0.1, 40), (0.5, 130), (1.0, 200))
    assert summed([FIRST, ((0.5, 1), (2.0, 3))]) == ((0.5, 41),)
    assert summed([]) == ()


@pytest.mark.parametrize(
    ("buckets", "expected"),
    [
        pytest.param((), Times(), id="nothing was timed"),
        pytest.param(((0.1, 0), (1.0, 0)), Times(), id="no answer yet"),
        pytest.param(((0.1, 100), (1.0, 100)), Times(0.05, 0.099), id="all of them were quick"),
        pytest.param(((0.1, 50), (1.0, 100)), Times(0.1, 0.982), id="half of them were slow"),
    ],
)
def test_a_percentile_lies_within_its_bucket(buckets: Buckets, expected: Times) -> None:
    found = times(buckets)

    assert (found.median, found.late) == (pytest.approx(expected.median), pytest.approx(expected.late))
    assert found.known is expected.known


def test_what_was_served_is_added_up_by_gateway_over_the_seconds_that_were_watched() -> None:
    deltas = [
        Delta("gw-1", Side.NEW, 95.0, 5.0, 7, 1),
        Delta("gw-1", Side.NEW, 100.0, 5.0, 10, 0),
        Delta("gw-0", Side.OLD, 100.0, 5.0, 4, 0),
        Delta("gw-1", Side.NEW, 60.0, 5.0, 99, 9),
    ]
    found = served(deltas, 90.0, 100.0, [(100.0, Side.OLD, FIRST), (100.0, Side.OLD, FIRST)])

    assert [(name, rate.requests, rate.bad) for name, rate in found.by] == [("gw-0", 4, 0), ("gw-1", 17, 1)]
    assert (found.seconds, found.old, found.new) == (10.0, times(FIRST), Times())
    assert served([], 0.0, 1.0) == Served()
