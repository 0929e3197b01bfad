"""A turn's look becomes a sample in which nothing is said that nobody saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.answers.parity import AnswerParity
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Backend, Health, Pools, Row, Side, Target
from migrator.domain.model.samples import Observed, Rate
from migrator.domain.observation.shown import Served, Times
from migrator.domain.observation.sighting import (
    Clocks,
    ConnectionCounts,
    JournalFacts,
    Judgement,
    Sighting,
    Stale,
    Workloads,
)
from migrator.domain.showing.sampling import BACKENDS, FRESH, sample
from migrator.domain.showing.series import Sample, SideSample
from tests.domain.seen import NEW, START, at, counts, meant, pools, seen, workload

NOW = 1100.0
RATES = (
    ("new-0", Rate(200, 2, 4, timed=100, client=10)),
    ("new-1", Rate(100, 0, 0, timed=100, client=0)),
    ("old-0", Rate(50, 0, None, client=None)),
    ("gone", Rate(999, 999)),
)
SERVED = Judgement(
    observed=Observed(30, 100, "gateway counters"),
    at=NOW,
    served=Served(10.0, RATES, Times(0.1, 0.2), Times(0.3, 0.4)),
)


def taken(sighting: Sighting) -> Sample:
    return sample(sighting, START, 5.0)


def test_a_sample_has_shares_rates_times_and_connections() -> None:
    found = taken(seen(pools(100, 50), SERVED, counts(7, 3)))

    assert (found.at, found.seconds) == (START, 5.0)
    assert found.share == pytest.approx(100 / 3)
    assert found.observed == 30.0
    assert found.new == SideSample(30.0, 0.2, 1.0, 0.02, 0.3, 0.4, 6)
    assert found.old == SideSample(5.0, 0.0, None, None, 0.1, 0.2, 14)


def test_the_meant_share_counts_what_the_run_means_and_what_stands_of_which_it_means_nothing() -> None:
    stranger = Row(Target(Backend("l-1", "10.9.9.9", 80), 100), None)
    standing = pools(100, 0)
    past = JournalFacts(weights={**meant(standing), NEW[0]: (100,), NEW[1]: (100,)}, entered_at=at(0))
    found = taken(seen(replace(standing, rows=(*standing.rows, stranger)), past))

    assert (found.share, found.meant) == (0.0, 40.0)


def test_without_anything_that_the_run_means_there_is_no_meant_share() -> None:
    assert taken(seen(pools(100, 0), JournalFacts(weights={}, entered_at=at(0)))).meant is None


def test_a_balancer_that_is_silent_has_no_weights_and_no_share() -> None:
    found = taken(seen(pools(100, 50), Stale(((Pools, verbatim("silent")),))))

    assert (found.share, found.meant, found.backends) == (None, None, ())


def test_counts_that_nobody_renewed_are_unknown() -> None:
    old = NOW - FRESH - 1
    found = taken(seen(pools(100, 50), replace(SERVED, at=old), counts(7, 3, counted_at=old)))

    assert (found.observed, found.old, found.new) == (None, SideSample(), SideSample())


def test_a_look_that_held_next_to_nothing_is_a_sample_of_nothing() -> None:
    assert taken(Sighting()) == Sample(START, 5.0)


def test_a_side_that_nobody_counted_has_no_rates_though_it_was_timed() -> None:
    nobody = Judgement(at=NOW, served=Served(10.0, (), Times(0.1, 0.2)))

    assert taken(seen(pools(100, 50), nobody)).old == SideSample(median=0.1, late=0.2, connections=0)


def test_rates_over_no_time_are_unknown() -> None:
    assert taken(seen(pools(), replace(SERVED, served=replace(SERVED.served, seconds=0.0)))).new.requests is None


def test_slow_answers_of_none_that_were_timed_are_unknown() -> None:
    idle = Judgement(at=NOW, served=Served(10.0, (("new-0", Rate(0, 0, 0)),)))

    assert taken(seen(pools(), idle)).new.slow is None


def test_without_slots_nobody_knows_whose_the_counts_are() -> None:
    whole = seen(pools(), SERVED)
    found = taken(Sighting(whole[Pools], whole[Judgement], whole[Clocks], counts(7, 3)))

    assert (found.new.requests, found.new.late, found.new.connections) == (None, 0.4, None)


def test_without_pods_or_workloads_nobody_knows_the_connections() -> None:
    sighting = seen(pools(), counts(7, 3))
    empty = Workloads(workload(Side.OLD, ()), workload(Side.NEW))

    assert taken(sighting.having(empty)).old.connections is None
    assert taken(sighting.having(ConnectionCounts(at=NOW))).old.connections is None


def test_how_many_answers_differed_is_known_once_a_comparison_has_ended() -> None:
    assert taken(seen(pools(), AnswerParity(1.0, 2.0, questions=3))).different == 0
    assert taken(seen(pools(), AnswerParity())).different is None


def test_of_many_backends_the_sick_ones_stay_and_the_rest_is_counted() -> None:
    many = tuple(Row(Target(Backend("l-1", f"10.2.0.{n:03}", 80), 10, Health.HEALTHY), None) for n in range(99))
    sick = Row(Target(Backend("l-1", "10.3.0.1", 80), 10, Health.UNHEALTHY), None)
    found = taken(seen(Pools((*many, *pools(100, 50).rows, sick))))

    assert len(found.backends) == BACKENDS
    assert found.others == 104 - BACKENDS
    assert sick.backend in {row.backend for row in found.backends}
