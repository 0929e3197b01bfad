"""What the watch keeps over time: windows of the mix, the mix of the share before, and a judge that fails alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.judging.opinion import Opinion
from migrator.domain.model.balancer import Side
from migrator.domain.model.samples import Classes, Rate, Reading, Ruling, Verdict
from migrator.domain.model.spec import ClassesSpec, JudgeSpec, PrometheusSpec, ScrapeSpec
from migrator.domain.observation.sighting import ConnectionCounts, Judgement
from migrator.workflow.watching.history import History, spoken
from migrator.workflow.watching.watch import Counting
from tests.fakes.world import SPEC, FakeWorld
from tests.workflow.watching.test_watch import published, watched

INF = float("inf")
MIXED = JudgeSpec(classes=ClassesSpec(window=10.0))


class Clients:
    """Both sides' counters, second by second."""

    def __init__(self, history: History) -> None:
        self.history, self.now = history, 0.0
        self._counts = {side: (0, 0) for side in Side}

    def second(self, steady_since: float, alone: bool = False, **refused: int) -> Judgement:
        """Let a second pass in which each side answers 100 requests, `old` and `new` of them 404; give the verdict."""
        self.now += 1.0
        readings = []
        for side in Side:
            was, client = self._counts[side]
            self._counts[side] = was + 100, client + refused.get(side.value, 0)
            requests, client = self._counts[side]
            classes = Classes(client, own=0)
            readings.append(
                Reading(
                    f"{side}-0", side, self.now, "1", requests, 0, connections=9, accepted=requests, classes=classes
                )
            )
        self.history.add(readings, self.now)
        return self.history.ruled(self.now, steady_since, alone)


def ruling_of(judgement: Judgement) -> Ruling:
    assert judgement.verdict is not None
    return judgement.verdict.ruling


def test_a_jump_of_4xx_is_looked_for_in_full_windows_that_do_not_overlap() -> None:
    clients = Clients(History(MIXED))
    first = [ruling_of(clients.second(1.0, new=20)) for _ in range(10)]
    held = [ruling_of(clients.second(1.0)) for _ in range(10)]
    later = ruling_of(clients.second(1.0))

    assert set(first[1:]) == {Ruling.PASS}
    assert set(held) == {Ruling.HOLD}
    assert later is Ruling.PASS


def test_while_the_weights_move_no_window_of_the_mix_is_full() -> None:
    clients = Clients(History(MIXED))

    assert {ruling_of(clients.second(INF, new=20)) for _ in range(30)} <= {Ruling.PASS, Ruling.NO_DATA}


def test_alone_the_new_side_is_compared_with_its_mix_at_the_share_before() -> None:
    clients = Clients(History(MIXED))
    for _ in range(12):
        clients.second(1.0, new=60)
    clients.second(INF, new=60)
    at_100 = [ruling_of(clients.second(14.0, alone=True, new=60)) for _ in range(15)]
    worse = [ruling_of(clients.second(14.0, alone=True, new=100)) for _ in range(15)]

    assert set(at_100) == {Ruling.PASS}
    assert worse[-1] is Ruling.HOLD


def test_too_few_requests_are_no_mix_to_compare_with() -> None:
    history = History(replace(MIXED, classes=ClassesSpec(window=10.0, min_requests=10_000)))
    clients = Clients(history)
    for _ in range(5):
        clients.second(1.0)
    clients.second(INF)

    assert history._before is None


def test_a_judge_that_fails_is_no_data_said_with_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def failing() -> Verdict:
        raise ValueError("math domain error")

    said = spoken("gateway counters", failing)

    assert said.ruling is Ruling.NO_DATA
    assert str(said.reason) == "judge.failed words=ValueError: math domain error"
    assert "judge.failed" in caplog.text


class Broken(History):
    """A history whose counters cannot be judged."""

    def _mix(self, seen: object, now: float, steady_since: float) -> None:
        raise ValueError("no window")


def test_counts_and_the_second_opinion_are_there_whatever_the_judge_does() -> None:
    spec = JudgeSpec(ScrapeSpec(), PrometheusSpec("http://p"))
    of = watched(FakeWorld(), replace(SPEC, judge=spec))
    history = Broken(spec)
    for ago in (15.0, 0.0):
        history.answer(Opinion(of.clock.monotonic() - ago, 15.0, Rate(1000, 200), Rate(1000, 0)))

    Counting(of, history)()

    facets = published(of)
    counts, judged = facets[ConnectionCounts], facets[Judgement]
    assert isinstance(counts, ConnectionCounts)
    assert counts.readings
    assert isinstance(judged, Judgement)
    assert judged.verdict is not None
    assert judged.verdict.ruling is Ruling.ABORT


def test_people_are_shown_what_each_gateway_served_lately_and_how_long_the_answers_took() -> None:
    history = History(JudgeSpec(scrape=ScrapeSpec(window=5.0)))
    for second in range(12):
        timed = ((0.1, 90 * second), (1.0, 100 * second))
        readings = [
            Reading(f"{side}-0", side, float(second), "1", 100 * second, 0, times=timed if side is Side.NEW else ())
            for side in Side
        ]
        history.add(readings, float(second))
    found = history.ruled(11.0, 0.0).served

    assert [(name, rate.requests) for name, rate in found.by] == [("new-0", 500), ("old-0", 500)]
    assert (found.seconds, found.old.known) == (5.0, False)
    assert 0.0 < (found.new.median or 0.0) < 0.1 < (found.new.late or 0.0) <= 1.0


@pytest.mark.parametrize("prometheus", [None, PrometheusSpec("http://p", window=30.0)])
def test_where_no_gateway_is_read_there_is_nothing_of_single_gateways(prometheus: PrometheusSpec | None) -> None:
    found = History(JudgeSpec(scrape=None, prometheus=prometheus)).ruled(1.0, 0.0).served

    assert (found.by, found.seconds) == ((), 0.0)
