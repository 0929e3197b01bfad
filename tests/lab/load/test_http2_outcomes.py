"""HTTP/2: a server that says it goes loses nothing, one that just goes loses what was in flight, and no more."""

import asyncio
from pathlib import Path

import pytest

from migrator.lab.load.mix import Group, Kind
from tests.lab.load.rude import RudeServer, Talk, load
from tests.lab.load.rude2 import FOREVER, Frames, gone

GROUP = Group(Kind.HTTP2, clients=1, rate=50.0, patience=5.0)


def test_streams_of_one_connection_are_answered(tmp_path: Path) -> None:
    async def answers(server: RudeServer, talk: Talk) -> None:
        frames = Frames(talk)
        async for stream, request in frames.requests():
            frames.answer(stream)
            server.note("answered", request)

    found, server = load(answers, GROUP, tmp_path=tmp_path, enough=8)

    total = found["totals"]
    assert total["answered"] == total["sent"] == server.did["answered"]
    assert total["connections"] == 1
    assert found["gateways"] == {"rude2": total["sent"]}


def test_requests_in_flight_at_both_goaways_are_answered_and_new_ones_go_elsewhere(tmp_path: Path) -> None:
    """The graceful leave of Envoy: GOAWAY with the largest id, then the final one, answers before and after each."""

    def finish(frames: Frames, held: list[int]) -> None:
        frames.answer(held[1])
        frames.goaway(held[-1])
        for stream in held[2:]:
            frames.answer(stream)

    async def leaves_gracefully(server: RudeServer, talk: Talk) -> None:
        frames, held, others = Frames(talk), [], server.talks > 1
        async for stream, request in frames.requests():
            held.append(stream)
            server.note("answered", request)
            if others:
                frames.answer(stream)
            elif len(held) == 3:
                frames.goaway(FOREVER)
                frames.answer(held[0])
                asyncio.get_running_loop().call_later(0.1, finish, frames, held)
        if not others:
            left.append(len(held))

    left: list[int] = []
    found, server = load(leaves_gracefully, GROUP, tmp_path=tmp_path, enough=12)

    total = found["totals"]
    assert left[0] >= 3, "the client closed by itself when nothing was left in flight"
    assert total["answered"] == total["sent"] == server.did["answered"]
    assert (total["lost"], total["cut"], total["connections"]) == (0, 0, 2)


def test_streams_above_the_last_one_of_a_goaway_are_lost_at_once(tmp_path: Path) -> None:
    async def leaves_rudely(server: RudeServer, talk: Talk) -> None:
        frames, held = Frames(talk), []
        async for stream, _request in frames.requests():
            held.append(stream)
            if len(held) == 3:
                frames.goaway(held[0])
                frames.answer(held[0])
                server.note("left")
                await gone(talk)
                return

    found, server = load(leaves_rudely, GROUP, tmp_path=tmp_path, enough=1, finish=1.0)

    total = found["totals"]
    assert total["answered"] == server.did["left"]
    assert total["errors"]["goaway"] >= 2 * server.did["left"]
    assert total["cut"] == 0


def test_a_connection_that_ends_without_goaway_loses_every_stream_in_flight(tmp_path: Path) -> None:
    async def drops(server: RudeServer, talk: Talk) -> None:
        frames, held = Frames(talk), []
        async for stream, request in frames.requests():
            held.append(stream)
            server.note("closed-mid-response" if len(held) == 1 else "closed-before-response", request)
            if len(held) == 1:
                frames.answer(stream, whole=False)
            else:
                return

    found, server = load(drops, GROUP, tmp_path=tmp_path, enough=4, finish=1.0)

    total = found["totals"]
    seen = server.did["closed-mid-response"] + server.did["closed-before-response"]
    assert total["lost"] == total["sent"] >= seen, "what the server saw, and what was on its way"
    assert set(total["errors"]) >= {"closed-mid-response", "closed-before-response"} or "reset" in total["errors"]
    assert total["cut"] == 0


def test_a_quiet_connection_that_ends_without_goaway_is_cut(tmp_path: Path) -> None:
    async def answers_then_closes(server: RudeServer, talk: Talk) -> None:
        frames = Frames(talk)
        async for stream, request in frames.requests():
            frames.answer(stream)
            server.note("answered", request)
            return

    found, server = load(answers_then_closes, GROUP, tmp_path=tmp_path, enough=6)

    total = found["totals"]
    assert total["answered"] == server.did["answered"]
    assert total["sent"] == total["answered"] + total["lost"]
    assert 0 < total["cut"] <= server.talks


def test_a_stream_that_is_reset_is_lost_alone(tmp_path: Path) -> None:
    async def resets_every_second(server: RudeServer, talk: Talk) -> None:
        frames = Frames(talk)
        async for stream, request in frames.requests():
            if stream % 4 == 1:
                frames.reset(stream)
                server.note("stream-reset", request)
            else:
                frames.answer(stream)
                server.note("answered", request)

    found, server = load(resets_every_second, GROUP, tmp_path=tmp_path, enough=8)

    total = found["totals"]
    assert total["errors"] == {"stream-reset": server.did["stream-reset"]}
    assert total["answered"] == server.did["answered"]
    assert total["connections"] == 1


def test_a_stream_without_an_answer_times_out_alone(tmp_path: Path) -> None:
    async def ignores_the_first(server: RudeServer, talk: Talk) -> None:
        frames = Frames(talk)
        async for stream, request in frames.requests():
            server.note("answered" if stream > 1 else "timeout", request)
            if stream > 1:
                frames.answer(stream)

    hasty = Group(Kind.HTTP2, clients=1, rate=50.0, patience=0.1)
    found, server = load(ignores_the_first, hasty, tmp_path=tmp_path, enough=12)

    total = found["totals"]
    assert total["errors"] == {"timeout": 1}
    assert total["answered"] == server.did["answered"]
    assert total["connections"] == 1


@pytest.mark.parametrize(
    ("status", "counted"), [pytest.param(503, "bad", id="503 is bad"), pytest.param(404, "wrong", id="404 is wrong")]
)
def test_a_whole_answer_of_the_wrong_kind_is_answered_and_counted_besides(
    status: int, counted: str, tmp_path: Path
) -> None:
    async def says(server: RudeServer, talk: Talk) -> None:
        frames = Frames(talk)
        async for stream, request in frames.requests():
            frames.answer(stream, status)
            server.note(counted, request)

    found, _ = load(says, GROUP, tmp_path=tmp_path)

    total = found["totals"]
    assert total[counted] == total["answered"] == total["sent"]


def test_a_server_that_speaks_http1_is_malformed(tmp_path: Path) -> None:
    async def speaks_http1(server: RudeServer, talk: Talk) -> None:
        await talk.read()
        talk.say(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
        server.note("malformed")
        await talk.read()

    found, _ = load(speaks_http1, GROUP, tmp_path=tmp_path)

    total = found["totals"]
    assert total["errors"] == {"malformed": total["sent"]}


def test_a_client_opens_no_more_streams_than_the_server_allows(tmp_path: Path) -> None:
    async def allows_two(server: RudeServer, talk: Talk) -> None:
        frames, most, held = Frames(talk), 0, 0
        frames.settings(most=2, table=0)
        async for _stream, _request in frames.requests():
            held += 1
            most = max(most, held)
            server.note("held")
        assert most == 2, "the third stream would have been refused"
        server.note("checked")

    found, server = load(allows_two, GROUP, tmp_path=tmp_path, enough=99, seconds=0.6, finish=0.1)

    assert server.did["held"] == 2
    assert found["totals"]["skipped"] > 5
