"""Moments of a connection that a real server cannot be made to hit every time."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from migrator.lab.load.http2 import Http2Link
from migrator.lab.load.ledger import Loss, Result, Word
from migrator.lab.load.link import Http1Link, Link, word_of
from migrator.lab.load.pace import Beat, Pace


class Notes:
    """An owner that remembers."""

    def __init__(self) -> None:
        self.cuts: list[Link] = []

    def connected(self) -> int:
        return 1

    def cut(self, link: Link) -> None:
        self.cuts.append(link)


class StillLoop(asyncio.SelectorEventLoop):
    """A loop whose time stands still until it is set."""

    now = 1000.0

    def time(self) -> float:
        return self.now


def run(found: Coroutine[Any, Any, Any]) -> Any:
    """Run `found` with a time that stands still."""
    with asyncio.Runner(loop_factory=StillLoop) as runner:
        return runner.run(found)


@pytest.mark.parametrize("protocol", [Http1Link, Http2Link])
@pytest.mark.parametrize(
    ("ended", "word"),
    [
        pytest.param(None, Word.CLOSED_BEFORE, id="closed"),
        pytest.param(ConnectionResetError(), Word.RESET, id="reset"),
    ],
)
def test_a_connection_that_ends_before_the_request_it_was_made_for_loses_it_and_is_not_cut_as_well(
    protocol: type[Http1Link] | type[Http2Link], ended: Exception | None, word: Word
) -> None:
    async def scene() -> Result:
        notes = Notes()
        link = protocol(notes)
        link.connection_lost(ended)
        result: Result = await (link.ask(b"GET") if isinstance(link, Http1Link) else link.ask([(":path", "/")]))
        assert notes.cuts == []
        assert link.asked == 1
        return result

    assert run(scene()) == Loss(word)


def test_a_connection_made_for_no_request_is_cut_when_it_ends() -> None:
    async def scene() -> None:
        notes = Notes()
        link = Http1Link(notes, claimed=False)
        link.connection_lost(None)
        assert notes.cuts == [link]

    run(scene())


def test_a_connection_that_has_begun_to_end_takes_no_new_request() -> None:
    async def scene() -> None:
        link = Http1Link(Notes())
        link.usable = True
        link.eof_received()
        assert not link.usable
        assert not link.gone

    run(scene())


@pytest.mark.parametrize(
    ("error", "word"),
    [
        pytest.param(ConnectionRefusedError(), Word.REFUSED, id="refused"),
        pytest.param(ConnectionResetError(), Word.RESET, id="reset"),
        pytest.param(BrokenPipeError(), Word.RESET, id="broken pipe"),
        pytest.param(TimeoutError(), Word.TIMEOUT, id="too late"),
        pytest.param(OSError(113, "No route to host"), Word.UNREACHABLE, id="no route"),
    ],
)
def test_an_error_of_the_connection_has_its_word(error: OSError, word: Word) -> None:
    assert word_of(error) is word


def test_beats_that_were_missed_are_dropped_and_not_made_up_for() -> None:
    async def scene() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, StillLoop)
        beat, beats = Beat(Pace(), interval=1.0, offset=0.0), []
        for now in (1000.0, 1001.0, 1007.5, 1008.5, 1009.5):  # a request took six seconds and a half
            loop.now = now
            assert await beat.next()
            beats.append(now)
        return beats

    assert run(scene()) == [1000.0, 1001.0, 1007.5, 1008.5, 1009.5]


def test_after_missed_beats_the_next_one_is_a_whole_interval_away() -> None:
    async def scene() -> bool:
        loop, pace = asyncio.get_running_loop(), Pace()
        assert isinstance(loop, StillLoop)
        beat = Beat(pace, interval=1.0, offset=0.0)
        loop.now = 1007.5
        assert await beat.next()
        loop.now = 1008.4
        waiting = asyncio.ensure_future(beat.next())
        for _ in range(5):
            await asyncio.sleep(0)
        early = waiting.done()
        pace.stop()
        assert await waiting is False
        return early

    assert run(scene()) is False


def test_a_stop_wakes_everybody_and_nobody_begins_anything_after_it() -> None:
    async def scene() -> list[bool]:
        pace = Pace()
        beats = [asyncio.ensure_future(Beat(pace, interval=60.0, offset=60.0).next()) for _ in range(3)]
        await asyncio.sleep(0)
        pace.stop()
        return [*await asyncio.gather(*beats), await Beat(pace, interval=1.0, offset=0.0).next()]

    assert run(scene()) == [False] * 4
