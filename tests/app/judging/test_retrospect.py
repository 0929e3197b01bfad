"""The judge over the past: the same rulings as a run's, by several limits at once, each moment asked about once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from migrator.app.judging.retrospect import Bars, Past, bars_of, retrospect
from migrator.domain.messages.errors import MigratorError, Refused, Unreachable, UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Rate, Ruling
from migrator.domain.model.spec import JudgeSpec, Limits, OtherSpec, PrometheusSpec, QuerySpec, Spec
from tests.fakes.world import SPEC

BEGIN = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
STRUCK, MENDED = 600.0, 900.0
SLOW = QuerySpec("p99", "q", hold=1.0)


def spec(**more: object) -> Spec:
    prometheus = PrometheusSpec("http://p", interval=15.0, window=60.0, **more)  # type: ignore[arg-type]
    judge = JudgeSpec(prometheus=prometheus, others=(OtherSpec("slo", "https://a.example/"),))
    return replace(SPEC, judge=judge)


class Remembered:
    """A Prometheus that remembers an outage of the new side between two moments: 3 of 100 answers were bad."""

    def __init__(self, clock: Past) -> None:
        self._clock = clock
        self.asked: list[tuple[float, Side]] = []

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give a thousand requests a window."""
        at = self._clock.at - BEGIN.timestamp()
        self.asked.append((at, side))
        if at == 0.0:
            raise Refused(say("prometheus.refused", status=400, words="no"))
        return Rate(1000, 30 if side is Side.NEW and STRUCK <= at < MENDED else 0)

    def brief(self, side: Side, window: float) -> Brief | None:
        """Know nothing of single scrapes."""
        return None

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Be slow at the end."""
        return 2.0 if self._clock.at - BEGIN.timestamp() > 1100 else 0.1


def test_an_outage_of_the_past_would_have_turned_a_run_back_by_the_plans_limits_and_not_by_wider_ones() -> None:
    sources = list[Remembered]()

    def source(clock: Past) -> Remembered:
        sources.append(Remembered(clock))
        return sources[-1]

    wider = Bars(Limits(0.01, 0.1), 60.0)
    found = retrospect(spec(), source, BEGIN, BEGIN + timedelta(seconds=1200), 15.0, (bars_of(spec()), wider))

    own, other = found.tries
    assert [each.ruling for each in own.stretches] == [
        Ruling.NO_DATA,
        Ruling.PASS,
        Ruling.HOLD,
        Ruling.ABORT,
        Ruling.PASS,
    ]
    assert own.first_abort == BEGIN + timedelta(seconds=STRUCK + 15.0)
    assert [each.ruling for each in other.stretches] == [Ruling.NO_DATA, Ruling.PASS, Ruling.HOLD, Ruling.PASS]
    assert other.first_abort is None
    assert dict(own.looks) == {Ruling.PASS: 60, Ruling.HOLD: 1, Ruling.ABORT: 19, Ruling.NO_DATA: 1}
    (asked,) = (each.asked for each in sources)
    assert len(asked) == len(set(asked)) == 2 * 81 - 1


def test_the_plans_own_queries_are_judged_too_and_its_other_judges_are_not() -> None:
    with_query = spec(queries=(SLOW,))

    found = retrospect(
        with_query,
        Remembered,
        BEGIN + timedelta(seconds=1000),
        BEGIN + timedelta(seconds=1200),
        15.0,
        (bars_of(with_query),),
    )

    assert [each.ruling for each in found.tries[0].stretches] == [Ruling.PASS, Ruling.HOLD]


@pytest.mark.parametrize("seconds", [-60.0, 1.0, 1e7])
def test_none_or_too_many_moments_are_refused(seconds: float) -> None:
    with pytest.raises(UsageError) as found:
        retrospect(spec(), Remembered, BEGIN, BEGIN + timedelta(seconds=seconds), 15.0, (bars_of(spec()),))

    assert found.value.message.code == "judge.moments"


def test_without_a_prometheus_nobody_knows_the_past() -> None:
    with pytest.raises(UsageError) as found:
        bars_of(replace(SPEC, judge=JudgeSpec()))

    assert found.value.message.code == "judge.no-past"
    assert Past(0.0).now() == datetime.fromtimestamp(0, UTC)


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        pytest.param(Unreachable, 3, id="it is silent: thousands of moments would wait"),
        pytest.param(Refused, 21, id="it refuses"),
    ],
)
def test_a_prometheus_that_answers_nothing_is_an_error_and_no_past(error: type[MigratorError], asked: int) -> None:
    class Silent(Remembered):
        def rate(self, side: Side, window: float) -> Rate | None:
            self.asked.append((self._clock.at, side))
            raise error(say("prometheus.broken", error="ConnectError"))

    sources = list[Silent]()

    def source(clock: Past) -> Silent:
        sources.append(Silent(clock))
        return sources[-1]

    with pytest.raises(error):
        retrospect(spec(), source, BEGIN, BEGIN + timedelta(minutes=5), 15.0, (bars_of(spec()),))

    assert len(sources[0].asked) == asked
