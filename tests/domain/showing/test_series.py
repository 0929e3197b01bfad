"""What turns saw over time stays few, keeps its worst, and has gaps where nobody looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from migrator.domain.model.balancer import Health, Side
from migrator.domain.showing.series import (
    EVERY,
    MOST,
    BackendSample,
    Sample,
    SideSample,
    buckets,
    extremes,
    merged,
    spacing,
    stretches,
    thinned,
)
from tests.domain.seen import NEW, OLD, START


def sample(second: float, seconds: float = EVERY, **more: object) -> Sample:
    return Sample(START + timedelta(seconds=second), seconds, **more)  # type: ignore[arg-type]


def day(count: int) -> list[Sample]:
    return [sample(number * EVERY, EVERY if number else 0.0, share=float(number)) for number in range(count)]


def test_samples_between_which_nobody_looked_are_apart() -> None:
    rows = stretches([sample(0, 0), sample(5), sample(60, 0), sample(65)])

    assert [len(row) for row in rows] == [2, 2]


def test_few_samples_stay_as_they_are() -> None:
    few = day(MOST)

    assert thinned(few) == tuple(few)


@pytest.mark.parametrize("count", [MOST + 1, 17_280])
def test_many_samples_become_few_and_lose_neither_end_nor_time(count: int) -> None:
    fewer = thinned(day(count))

    assert MOST / 4 < len(fewer) <= MOST
    assert fewer[-1].share == count - 1
    assert sum(each.seconds for each in fewer) == (count - 1) * EVERY
    assert len(stretches(fewer)) == 1


def test_thinning_leaves_a_gap_open() -> None:
    later = [replace(each, at=each.at + timedelta(days=1)) for each in day(MOST)]
    fewer = thinned([*day(MOST), *later])

    assert [row[0].seconds > 0 or row[0].at == START for row in stretches(fewer)] == [True, True]
    assert len(stretches(fewer)) == 2


def test_of_samples_that_never_touch_the_newest_stay() -> None:
    apart = [sample(number * 3600, 0) for number in range(10)]

    assert thinned(apart, 4) == tuple(apart[-4:])


def test_nothing_stays_nothing() -> None:
    assert thinned([]) == ()
    assert spacing([]) == EVERY
    assert extremes([None]) is None
    assert buckets([], lambda each: each.share, 4) == []


def test_the_next_sample_lies_as_far_as_those_before_it() -> None:
    assert spacing([sample(0, 0), sample(40, 40), sample(80, 40)]) == 40
    assert spacing([sample(0, 0)]) == EVERY


def test_of_two_neighbours_rates_are_means_and_times_and_comparisons_the_worst() -> None:
    slow = SideSample(10.0, 1.0, None, 0.5, 0.1, 2.0, 7)
    quick = SideSample(20.0, 0.0, 4.0, 0.0, 0.2, 1.0, None)
    one = sample(5, 5, share=10.0, meant=10.0, observed=9.0, old=slow, different=2, others=3)
    two = sample(20, 15, share=50.0, old=quick, new=quick, different=0)
    both = merged(one, two)

    assert (both.at, both.seconds) == (two.at, 20)
    assert (both.share, both.meant, both.observed, both.different, both.others) == (50.0, 10.0, 9.0, 2, 3)
    assert both.of(Side.OLD) == SideSample(17.5, 0.25, 4.0, 0.125, 0.2, 2.0, 7)
    assert both.of(Side.NEW) == quick


def test_two_samples_without_a_length_have_no_mean() -> None:
    both = merged(sample(0, 0, old=SideSample(1.0)), sample(0, 0, old=SideSample(3.0)))

    assert both.old.requests == 3.0


def test_what_neither_of_two_neighbours_knew_stays_unknown() -> None:
    both = merged(sample(0), sample(5))

    assert (both.share, both.different, both.new) == (None, None, SideSample())


def test_a_backend_that_was_unhealthy_in_one_of_two_neighbours_is_unhealthy() -> None:
    sick = BackendSample(OLD[0], Side.OLD, 100, Health.UNHEALTHY)
    well = (BackendSample(OLD[0], Side.OLD, 50, Health.HEALTHY, 3), BackendSample(NEW[0], Side.NEW, 1, Health.HEALTHY))
    both = merged(sample(0, backends=(sick,)), sample(5, backends=well))

    assert both.backends == (replace(well[0], health=Health.UNHEALTHY), well[1])


def test_a_part_of_no_answers_is_unknown() -> None:
    assert SideSample(200.0, 1.0).part(1.0) == 0.5
    assert SideSample(0.0, 0.0).part(0.0) is None
    assert SideSample(5.0).part(None) is None


def test_a_line_of_text_has_the_most_of_each_span_and_gaps() -> None:
    four = [sample(0, 0, share=1.0), sample(1, share=5.0), sample(2, share=None), sample(10, share=3.0)]

    assert buckets(four, lambda each: each.share, 5) == [5.0, None, None, None, 3.0]
    assert buckets(four[:1], lambda each: each.share, 2) == [1.0, None]
    assert extremes(each.share for each in four) == (1.0, 5.0, 3.0)
