"""What the newest scrapes alone say: nothing twice, nothing lengthened, and silence where times are unknown."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from migrator.domain.judging.window import Window
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Brief, Delta, Rate, Ruling
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec, QuerySpec
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.history import History
from migrator.workflow.watching.opinions.asking import SOON, Asking
from migrator.workflow.watching.opinions.scrapes import EDGE, Scrapes
from tests.fakes.clock import FakeClock

EVERY = 5.0
JUDGE = JudgeSpec(None, PrometheusSpec("http://p", interval=EVERY, window=30.0))
GONE = Rate(500, 0, client=500, connections=100)


class Scraped:
    """A Prometheus that scraped every gateway `ages` seconds ago (the newest, and the oldest of the gateways)."""

    def __init__(self) -> None:
        self.ages: tuple[float, float] | None = (1.0, 1.0)
        self.new = self.old = Rate(100, 0, client=10)
        self.asked: list[float] = []

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give a long window in which all is well."""
        return Rate(3000, 0, client=30)

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give what the scrapes say."""
        self.asked.append(window)
        return Brief(self.new if side is Side.NEW else self.old, *self.ages) if self.ages else None

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give no number."""
        return None


class Ground:
    """Scrapes of a Prometheus, a history and a clock."""

    def __init__(self) -> None:
        self.clock, self.source, self.history = FakeClock(), Scraped(), History(JUDGE)
        self.scrapes = Scrapes(self.source, self.history, self.clock, EVERY)

    def after(self, seconds: float) -> tuple[Window | None, float | None]:
        """Ask later."""
        self.clock.advance(seconds)
        return self.scrapes.ask()


@pytest.fixture
def ground() -> Ground:
    return Ground()


def test_the_first_scrape_only_says_where_counting_begins(ground: Ground) -> None:
    assert ground.scrapes.ask() == (None, ground.clock.monotonic() - 1.0)
    assert ground.source.asked == [2 * EVERY, 2 * EVERY]
    assert ground.scrapes.expected == inf


def test_the_next_one_has_what_came_since_and_not_what_prometheus_lengthens(ground: Ground) -> None:
    ground.scrapes.ask()
    found, sampled = ground.after(EVERY)

    window = EVERY + 1.0 + EDGE  # from the sample before until now; the samples themselves are five seconds apart
    counted = round(100 * EVERY / window)
    assert ground.source.asked[-1] == pytest.approx(window)
    assert found is not None
    assert (found.new.requests, found.old.requests) == (counted, counted)
    assert found.new.client == round(10 * EVERY / window)
    assert sampled == ground.clock.monotonic() - 1.0
    assert ground.scrapes.expected == pytest.approx(ground.clock.monotonic() - 1.0 + EVERY + EDGE)


def test_nothing_is_said_until_every_gateway_has_a_newer_sample(ground: Ground) -> None:
    ground.scrapes.ask()
    ground.source.ages = (0.5, 2.0)
    some, _ = ground.after(1.0)
    ground.source.ages = (0.5, 1.5)
    every, _ = ground.after(2.0)

    assert some is None
    assert every is not None


@pytest.mark.parametrize("ages", [None, (1.0, 1.0)], ids=["nobody knows when", "long ago"])
def test_after_a_long_silence_counting_begins_anew(ground: Ground, ages: tuple[float, float] | None) -> None:
    ground.scrapes.ask()
    ground.source.ages = ages
    found, sampled = ground.after(100.0)

    assert found is None
    assert (sampled is None) is (ages is None)
    assert ground.scrapes.expected == inf


@pytest.mark.parametrize(
    ("counted", "ours", "known"),
    [(40, 7, 32), (None, 7, 7), (None, None, None)],
    ids=["Prometheus does", "the gateways do", "nobody does"],
)
def test_connections_come_from_whoever_counts_them(
    ground: Ground, counted: int | None, ours: int | None, known: int | None
) -> None:
    ground.source.new = Rate(100, 0, client=None, connections=counted)
    ground.scrapes.ask()
    ground.history._deltas.append(Delta("gw", Side.NEW, ground.clock.monotonic() + 1.0, 1.0, 9, 0, accepted=ours))
    found, _ = ground.after(EVERY)

    assert found is not None
    assert (found.new.connections, found.new.client) == (known, None)


def test_who_asks_looks_again_when_a_scrape_is_due_and_each_second_while_one_alone_accuses() -> None:
    clock, source, board = FakeClock(), Scraped(), Board()
    board.wish = WatchRequest(steady_since=0.0)
    asking = Asking(JUDGE, source, History(JUDGE), board, clock)
    wanted = []
    for rate in (source.old, source.old, GONE):
        source.new, source.old = rate, Rate(500, 0, client=5, connections=100)
        asking()
        wanted.append(asking.wanted(clock.monotonic(), board.wish) - clock.monotonic())
        clock.advance(EVERY)
    later = asking.wanted(clock.monotonic() + 10 * EVERY, board.wish)

    assert wanted == [inf, pytest.approx(EVERY - 1.0 + EDGE), SOON]
    assert later == clock.monotonic() + 10 * EVERY + SOON


class Numbers(Scraped):
    """A Prometheus that gives numbers of the plan's own queries, and refuses one of them."""

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give a number."""
        if query.name == "bad":
            raise Refused(verbatim("parse error"))
        return 0.5


def test_the_plans_own_numbers_are_asked_for_in_turn_and_one_that_is_refused_is_none() -> None:
    clock, source, board = FakeClock(), Numbers(), Board()
    queries = QuerySpec("p99", "q", hold=1.0), QuerySpec("bad", "(", hold=1.0)
    judge = replace(JUDGE, prometheus=PrometheusSpec("http://p", interval=EVERY, window=30.0, queries=queries))
    history = History(judge)
    asking = Asking(judge, source, history, board, clock)
    for seconds in (0.0, 1.0, EVERY):
        clock.advance(seconds)
        asking()
    verdict = history.ruled(clock.monotonic(), 0.0).verdict

    numbers = (("p99", 0.5), ("bad", None))
    assert [said.numbers for said in history.answers] == [numbers, None, numbers]
    assert verdict is not None
    assert (verdict.ruling, verdict.reason.code) == (Ruling.HOLD, "judge.query-no-number")
