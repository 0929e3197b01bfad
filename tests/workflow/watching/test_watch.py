"""The watch only reads: what it publishes, what it makes of silence, and that its threads end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf
from threading import Event
from types import SimpleNamespace

import pytest

from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say, verbatim
from migrator.domain.model.actions import PodRef, Word
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.model.balancer import Backend, ProbeWay, Side
from migrator.domain.model.samples import Answers, Brief, Rate, Ruling
from migrator.domain.model.spec import JudgeSpec, PrometheusSpec, QuerySpec, ScrapeSpec, Spec
from migrator.domain.observation.sighting import (
    Configs,
    ConnectionCounts,
    GatewaySignals,
    Judgement,
    PreflightResult,
    Probes,
    Witnessed,
)
from migrator.domain.ports.outside import Readers, Witness
from migrator.domain.ports.rates import RateSource
from migrator.workflow.watching.answering import Answering
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.guarding import rested
from migrator.workflow.watching.history import MEMORY, History
from migrator.workflow.watching.opinions.asking import Asking
from migrator.workflow.watching.watch import (
    Counting,
    Loop,
    Slow,
    Watch,
    Watched,
    Witnessing,
    next_moment,
    probing_of,
)
from tests.fakes.gateways import FakeGateways
from tests.fakes.world import SPEC, FakeWorld

OLD = PodRef("edge", "gw-0", "u-0", "10.0.0.1")
NEW = tuple(PodRef("edge", f"gw-ds-{i}", f"u-{i + 1}", f"10.1.0.{i + 1}") for i in range(2))
BOTH = replace(SPEC, judge=JudgeSpec(prometheus=PrometheusSpec("http://p")))
ALL = WatchRequest((OLD,), NEW, tuple(Backend("l-1", pod.ip, 80) for pod in NEW), True, True, True, steady_since=0.0)


class Rates:
    """A second opinion that says what it is told to."""

    def __init__(self, *answers: Rate | Exception | None) -> None:
        self.answers = list(answers)

    def rate(self, side: Side, window: float) -> Rate | None:
        """Give the next answer."""
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def brief(self, side: Side, window: float) -> Brief | None:
        """Give nothing: nobody knows when it scraped."""
        return None

    def number(self, query: QuerySpec, window: float) -> float | None:
        """Give no number."""
        return None


def asking_of(of: Watched, rates: RateSource, history: History) -> Asking:
    """Give what asks a second opinion for a watch."""
    return Asking(of.spec.judge, rates, history, of.board, of.clock)


def watched(
    world: FakeWorld, spec: Spec = SPEC, wish: WatchRequest = ALL, checks: Callable[[], tuple[Finding, ...]] = tuple
) -> Watched:
    board = Board()
    board.wish = wish
    return Watched(spec, world.readers, board, world.clock, checks)


def published(of: Watched) -> dict[type[object], object]:
    return {type(facet): facet for facet in of.board.facets()}


def test_counting_publishes_counts_words_and_a_verdict() -> None:
    world = FakeWorld()
    of = watched(world)
    count = Counting(of, History(SPEC.judge))
    world.gateways.process(NEW[1].name).silent = "timed out"
    for _ in range(6):
        world.gateways.serve(NEW[0].name, 50)
        world.gateways.serve(OLD.name, 50)
        count()
        world.clock.advance(1.0)

    counts, told, ruled = (published(of)[kind] for kind in (ConnectionCounts, GatewaySignals, Judgement))

    assert isinstance(counts, ConnectionCounts)
    assert counts.silent == ((NEW[1].name, "timed out"),)
    assert isinstance(told, GatewaySignals)
    assert told.word(OLD) is Word.STAY
    assert isinstance(ruled, Judgement)
    assert ruled.verdict is not None
    assert ruled.verdict.ruling is Ruling.PASS
    assert ruled.observed is not None
    assert ruled.observed.share == 50.0
    assert ruled.baseline == Rate(250, 0, 0, 250, 0, 0, 0, 250, live=0)


def test_with_nobody_to_count_there_is_no_data() -> None:
    of = watched(FakeWorld(), wish=WatchRequest())

    Counting(of, History(SPEC.judge))()

    ruled = published(of)[Judgement]
    assert isinstance(ruled, Judgement)
    assert ruled.verdict is not None
    assert ruled.verdict.ruling is Ruling.NO_DATA


def test_history_forgets_what_is_too_old_and_keeps_the_last_good_baseline() -> None:
    world = FakeWorld()
    of = watched(world)
    history = History(SPEC.judge)
    count = Counting(of, history)
    for _ in range(3):
        world.gateways.serve(OLD.name, 100)
        count()
        world.clock.advance(1.0)
    world.clock.advance(MEMORY + 1)
    count()

    assert {delta.at for delta in history._deltas} == {world.clock.monotonic()}
    assert history._baseline == Rate(200, 0, 0, 200, 0, 0, 0, 200, live=0)


def test_a_plan_without_a_scrape_is_judged_by_the_second_opinion_alone() -> None:
    spec = JudgeSpec(None, PrometheusSpec("http://p"))
    world = FakeWorld()
    of = watched(world, replace(SPEC, judge=spec))
    history = History(spec)
    asking = asking_of(of, Rates(Rate(100, 0), Rate(100, 0), Unreachable(verbatim("down")), Rate(1, 0)), history)

    world.clock.advance(15.0)
    asking()
    good = history.ruled(world.clock.monotonic(), 0.0).verdict
    world.clock.advance(15.0)
    asking()
    silent = history.ruled(world.clock.monotonic(), 0.0).verdict

    assert good is not None
    assert silent is not None
    assert (good.ruling, good.interval, silent.ruling) == (Ruling.PASS, 15.0, Ruling.NO_DATA)


def test_the_second_opinion_is_heard_though_whoever_counts_hangs() -> None:
    """The gateways are counted through an API server that answers no more; Prometheus still does."""
    world = FakeWorld()
    of = watched(world, BOTH)
    asking = asking_of(of, Rates(Rate(100, 0), Rate(100, 0)), History(BOTH.judge))

    world.clock.advance(15.0)
    asking()
    found = published(of)[Judgement]

    assert found.at == world.clock.monotonic()
    assert found.verdict is not None
    assert (found.verdict.ruling, found.verdict.reason.code) == (Ruling.HOLD, "judge.one-alone")


def test_every_question_to_the_second_opinion_is_tallied_by_what_became_of_it() -> None:
    world = FakeWorld()
    of = watched(world, BOTH)
    history = History(BOTH.judge)
    asking = asking_of(
        of,
        Rates(
            Rate(100, 0), Rate(100, 0), Unreachable(verbatim("down")), None, Rate(9, 0), Unreachable(verbatim("gone"))
        ),
        history,
    )
    for _ in range(4):
        world.clock.advance(15.0)
        asking()

    assert history.ruled(world.clock.monotonic(), 0.0).second == Answers(
        answered=1, empty=1, silent=2, last_at=world.clock.monotonic() - 45.0, why=verbatim("gone")
    )


def test_the_witness_tallies_who_answered_and_counts_refusals_in_a_row() -> None:
    answers = [
        Witness("", OLD.name), Witness("", NEW[0].ip), Witness("", f"{NEW[1].ip}:80"), Witness("", ""),
        Witness("refused", ""), Witness("reset", ""), Witness("", "somebody"),
    ]  # fmt: skip

    class Scripted:
        def try_once(self) -> Witness:
            """Give the next answer."""
            return answers.pop(0)

    of = watched(FakeWorld())
    witnessing = Witnessing(of, Scripted(), History(SPEC.judge))
    for _ in range(6):
        witnessing()
    refused = published(of)[Witnessed]
    witnessing()

    now = of.clock.monotonic()
    assert refused == Witnessed(6, 1, 2, 2, 2, None, "reset", now)
    assert published(of)[Witnessed] == Witnessed(7, 1, 2, 2, 0, None, "reset", now)


def test_slow_looks_are_made_only_while_they_are_wished_for() -> None:
    of = watched(FakeWorld(), wish=WatchRequest())
    for look in (Slow(of), probing_of(of)):
        look()
    assert published(of) == {}

    asked: list[int] = []
    of = watched(FakeWorld(), checks=lambda: (asked.append(1), ())[1])
    slow = Slow(of)
    slow()
    slow()
    probing_of(of)()

    assert asked == [1]
    assert published(of)[PreflightResult] == PreflightResult(())
    probes, configs = published(of)[Probes], published(of)[Configs]
    assert isinstance(probes, Probes)
    assert [answer for _, answer in probes.answers] == [None, None]
    assert isinstance(configs, Configs)
    assert configs.compared == tuple(pod.name for pod in NEW)


def test_a_listeners_backends_are_asked_in_the_way_that_the_plan_found() -> None:
    world, asked = FakeWorld(), list[tuple[str, ProbeWay]]()

    def probe(address: str, port: int, host: str, path: str, way: ProbeWay = ProbeWay.AUTO) -> None:
        asked.append((address, way))

    listeners = tuple(backend.listener for backend in ALL.backends)
    for ways, way in ((tuple((name, ProbeWay.HTTPS) for name in listeners), ProbeWay.HTTPS), ((), ProbeWay.AUTO)):
        of = replace(watched(world, wish=replace(ALL, checks=False, configs=False)), ways=ways)
        readers = replace(of.readers, prober=SimpleNamespace(probe=probe))  # type: ignore[arg-type]  # only this is asked
        asked.clear()
        probing_of(replace(of, readers=readers))()

        assert sorted(asked) == [(backend.address, way) for backend in ALL.backends]


def compared(arrange: Callable[[FakeGateways], None], old: tuple[PodRef, ...] = (OLD,)) -> Configs:
    world = FakeWorld()
    arrange(world.gateways)
    of = watched(world, wish=replace(ALL, old=old, checks=False, probes=False))
    Slow(of)()
    found = published(of)[Configs]
    assert isinstance(found, Configs)
    return found


def test_configurations_that_differ_warm_up_or_are_silent_are_named() -> None:
    def arrange(gateways: FakeGateways) -> None:
        gateways.process(NEW[0].name).units = {"listener/0.0.0.0_80": {"port": 81}}
        gateways.process(NEW[1].name).unready = (
            say("unsettled.inactive", name="a"),
            say("unsettled.inactive", name="b"),
        )

    found = compared(arrange)

    assert [name for name, _ in found.differences] == [NEW[0].name]
    assert found.unready == (
        (
            NEW[1].name,
            say("config.warming", parts=(say("unsettled.inactive", name="a"), say("unsettled.inactive", name="b"))),
        ),
    )


@pytest.mark.parametrize("old", [(), (OLD,)], ids=["no old gateway", "a silent old gateway"])
def test_without_a_model_nothing_is_compared(old: tuple[PodRef, ...]) -> None:
    def arrange(gateways: FakeGateways) -> None:
        gateways.process(OLD.name).silent = "refused"

    assert compared(arrange, old).compared == ()


def test_every_reader_has_a_thread_and_all_of_them_end() -> None:
    world, counted, asked = FakeWorld(), Event(), Event()

    class Noticing(Rates):
        def rate(self, side: Side, window: float) -> Rate | None:
            asked.set()
            raise RuntimeError("a defect")

    class Odd(FakeGateways):
        def readings(self, side: Side, pods: object) -> object:  # type: ignore[override]
            counted.set()
            raise Unreachable(verbatim("nobody is there"))

    readers = replace(world.readers, witness=world, rates=Noticing(), gateways=Odd(world.clock))
    of = replace(watched(world, BOTH), readers=readers)

    with Watch(of) as watch:
        assert counted.wait(5)
        assert asked.wait(5)

    assert not any(thread.is_alive() for thread in watch._threads)
    assert len(watch._threads) == 5


def test_a_watch_without_witness_and_second_opinion_counts_looks_and_probes() -> None:
    world = FakeWorld()
    readers: Readers = replace(world.readers, witness=None, rates=None)
    of = replace(watched(world, replace(SPEC, judge=JudgeSpec(None))), readers=readers)

    assert len(Watch(of)._loops()) == 3
    assert len(Watch(replace(of, rested=rested(world.plan(SPEC))))._loops()) == 6
    assert Watch(of)._loops()[0].interval == 1.0
    assert Watch(replace(of, spec=replace(SPEC, judge=JudgeSpec(ScrapeSpec(interval=9.0)))))._loops()[0].interval == 9.0


def test_a_sample_is_due_at_the_first_wished_moment_after_the_last_one_began() -> None:
    counting = Loop(1.0, lambda: None, next_moment)

    def due(*moments: float) -> float:
        return counting.due(100.0, WatchRequest(moments=moments))

    assert due() == 101.0
    assert due(99.0, 100.0) == 101.0
    assert due(100.7, 100.2, 99.0) == 100.2
    assert due(103.0) == 101.0


def test_a_regular_sample_is_put_off_by_a_twentieth_of_its_interval_at_most_to_fall_on_a_wished_moment() -> None:
    counting = Loop(1.0, lambda: None, next_moment)

    assert counting.due(100.0, WatchRequest(moments=(101.04,))) == 101.04
    assert counting.due(100.0, WatchRequest(moments=(101.06,))) == 101.0


def test_a_slow_look_that_was_not_wished_for_before_is_due_at_once_and_then_at_its_interval() -> None:
    of = watched(FakeWorld())
    slow = Slow(of)

    assert slow.wanted(100.0, WatchRequest()) == inf
    assert slow.wanted(100.0, ALL) == 100.0
    slow()
    assert slow.wanted(100.0, ALL) == inf
    assert slow.wanted(100.0, replace(ALL, checks=False)) == inf


def test_a_new_wish_wakes_a_reader_that_rests() -> None:
    world, sampled = FakeWorld(), Event()

    class Noticing(FakeGateways):
        def readings(self, side: Side, pods: object) -> object:  # type: ignore[override]
            sampled.set()
            raise Unreachable(verbatim("nobody is there"))

    of = watched(world, replace(SPEC, judge=JudgeSpec(ScrapeSpec(interval=3600.0))), WatchRequest())
    readers = replace(world.readers, witness=None, gateways=Noticing(world.clock))

    with Watch(replace(of, readers=readers)):
        assert not sampled.wait(0.1)
        world.clock.advance(1.0)
        of.board.wish = replace(ALL, moments=(world.clock.monotonic(),))
        assert sampled.wait(5)


def test_a_watch_asks_both_sides_at_the_plans_rate_where_the_plan_asks_anything() -> None:
    world = FakeWorld()
    of = watched(world, replace(SPEC, judge=JudgeSpec(None), answers=AnswersSpec(rate=4.0)))

    assert [loop.interval for loop in Watch(of)._loops() if isinstance(loop.act, Answering)] == [0.25]
    assert not any(isinstance(loop.act, Answering) for loop in Watch(watched(world))._loops())
