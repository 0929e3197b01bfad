"""Backends that are silent hold up nobody: answers are published as they come, each with its own reason."""

from __future__ import annotations

from threading import Event
from time import monotonic

from migrator.domain.messages.message import Message, verbatim
from migrator.domain.model.balancer import Backend
from migrator.domain.observation.sighting import Probes
from migrator.workflow.watching.board import Board, WatchRequest
from migrator.workflow.watching.probing import Probing
from tests.fakes.clock import FakeClock

ALL = tuple(Backend("l-1", f"10.0.{n // 250}.{n % 250}", 80) for n in range(1000))
SILENT = frozenset(ALL[::5])
REFUSED = verbatim("connection refused")


def board(*backends: Backend, probes: bool = True) -> Board:
    found = Board()
    found.wish = WatchRequest(backends=backends, probes=probes)
    return found


def published(found: Board) -> Probes:
    return next(facet for facet in found.facets() if isinstance(facet, Probes))


def test_200_silent_backends_of_1000_do_not_delay_the_others_and_each_is_named() -> None:
    ended, wished = Event(), board(*ALL)

    def ask(at: Backend) -> Message | None:
        if at in SILENT:
            ended.wait(0.5)
            return verbatim(f"{at.address} did not answer")
        return REFUSED if at == ALL[1] else None

    probing = Probing(ask, wished, FakeClock())
    began = monotonic()
    while (
        sum(1 for at in ALL if at not in SILENT and published(wished).failure(at) is None) < 799
        if _any(wished)
        else True
    ):
        probing()
        assert monotonic() - began < 20.0
    ended.set()
    while any(at.address not in str(published(wished).failure(at)) for at in SILENT):
        probing()
        assert monotonic() - began < 20.0

    assert published(wished).failure(ALL[1]) == REFUSED


def _any(wished: Board) -> bool:
    return any(isinstance(facet, Probes) for facet in wished.facets())


def test_a_slow_backend_is_not_asked_twice_at_a_time_and_its_last_answer_stands() -> None:
    asked: list[Backend] = []
    slow, free = ALL[0], Event()

    def ask(at: Backend) -> Message | None:
        asked.append(at)
        if at == slow and asked.count(slow) > 1:
            free.wait(10.0)
            return REFUSED
        return None

    wished = board(*ALL[:3])
    probing = Probing(ask, wished, FakeClock())
    for _ in range(3):
        probing()
    stood = published(wished).failure(slow)
    free.set()
    while published(wished).failure(slow) is None:
        probing()

    assert stood is None
    assert asked.count(ALL[1]) >= 3
    assert published(wished).failure(slow) == REFUSED


def test_nobody_is_probed_before_it_is_wished_for_and_others_at_once() -> None:
    wished = board(*ALL[:1], probes=False)
    probing = Probing(lambda _: None, wished, FakeClock())
    probing()
    unwished = wished.facets()
    wished.wish = WatchRequest(backends=ALL[:1], probes=True)
    at_once = probing.wanted(5.0, wished.wish)
    probing()
    wished.wish = WatchRequest(backends=ALL[1:2], probes=True)
    probing()

    assert unwished == ()
    assert at_once == 5.0
    assert probing.wanted(5.0, wished.wish) == float("inf")
    assert [where for where, _ in published(wished).answers] == ["10.0.0.1:80"]
