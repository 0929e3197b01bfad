"""What no port promises to raise is its own gateway's, backend's or look's, named by its type, and takes nothing else along."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import Event

import pytest

from migrator.domain.answers.trial import Place
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.actions import PodRef
from migrator.domain.model.answers import AnswersSpec, Route
from migrator.domain.model.balancer import Backend, Side
from migrator.domain.model.samples import Rate, Reading, Silence
from migrator.domain.observation.parity import Reference
from migrator.domain.observation.sighting import Configs, Probes
from migrator.workflow.watching.answering import routes_of
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.comparing import Comparing
from migrator.workflow.watching.history import History
from migrator.workflow.watching.probing import Probing
from migrator.workflow.watching.watch import Watch
from tests.fakes.clock import FakeClock
from tests.fakes.gateways import FakeGateways
from tests.fakes.world import FakeWorld
from tests.workflow.watching.test_watch import BOTH, Rates, asking_of, watched

SECRET = "do-not-print-me"
OLD = tuple(PodRef("edge", f"gw-{i}", f"u-{i}", f"10.0.0.{i + 1}") for i in range(2))


@pytest.mark.parametrize(
    ("error", "said"),
    [(ValueError(SECRET), "probe.broken error=ValueError"), (Unreachable(verbatim("late")), "stored.text text=late")],
    ids=["a library's", "ours"],
)
def test_a_probe_that_raises_is_a_failure_of_that_backend_alone(error: Exception, said: str) -> None:
    backends = tuple(Backend("l-1", f"10.0.0.{n}", 80) for n in range(3))
    board = Board()
    board.wish = WatchRequest(backends=backends, probes=True)

    def ask(at: Backend) -> Message | None:
        if at == backends[1]:
            raise error
        return None

    Probing(ask, board, FakeClock())()
    (found,) = (facet for facet in board.facets() if isinstance(facet, Probes))

    assert [str(failure) if failure else "" for _, failure in found.answers] == ["", said, ""]


def test_a_second_opinion_that_raises_is_a_silent_one_whose_type_is_named() -> None:
    world = FakeWorld()
    history = History(BOTH.judge)
    asking = asking_of(watched(world, BOTH), Rates(Rate(9, 0), ZeroDivisionError(SECRET)), history)
    world.clock.advance(15.0)
    asking()

    found = history.ruled(world.clock.monotonic(), 0.0).second
    assert found.silent == 1
    assert str(found.why) == "prometheus.broken error=ZeroDivisionError"


def test_an_old_gateway_that_cannot_be_read_is_named_and_the_next_one_is_the_model() -> None:
    class Odd(FakeGateways):
        def reference(self, pod: PodRef, side: Side) -> Reference:
            if pod == OLD[0]:
                raise KeyError(SECRET)
            return super().reference(pod, side)

    gateways, told = Odd(FakeClock()), list[Configs]()
    comparing = Comparing(gateways, gateways.clock, told.append)
    comparing(OLD, ())
    comparing(OLD[:1], ())

    assert told[0].reference == OLD[1].name
    assert str(dict(told[-1].unready)[OLD[0].name]) == "gateway.broken pod=gw-0 error=KeyError"


def test_routes_that_nobody_understands_are_routes_that_cannot_be_read() -> None:
    class Odd(FakeGateways):
        def routes(self, pod: PodRef) -> tuple[Route, ...]:
            raise TypeError(SECRET)

    place = Place(Side.OLD, "l-1", 80, "10.0.0.1", 80, OLD[0])
    found = routes_of(AnswersSpec(), Odd(FakeClock()), (place,))

    assert found[0] == ()
    assert str(found[1]) == "gateway.broken pod=gw-0 error=TypeError"


def test_no_error_ends_a_thread_of_the_watch_and_none_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    world, again = FakeWorld(), Event()
    looks: list[float] = []

    class Odd(FakeGateways):
        def readings(self, side: Side, pods: object) -> tuple[list[Reading], list[Silence]]:
            looks.append(0.0)
            if len(looks) > 2:
                again.set()
            raise RuntimeError(SECRET)

    spec = replace(BOTH, judge=replace(BOTH.judge, scrape=replace(BOTH.judge.scrape, interval=0.01)))  # type: ignore[type-var]
    of = replace(watched(world, spec), readers=replace(world.readers, gateways=Odd(world.clock)))
    of.clock.monotonic = looks.__len__  # type: ignore[method-assign, assignment]

    with caplog.at_level(logging.INFO), Watch(of):
        assert again.wait(10.0)

    assert "watch.broken who=Counting error=RuntimeError" in caplog.text
    assert SECRET not in caplog.text
