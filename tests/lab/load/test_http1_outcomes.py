"""Every way an HTTP/1.1 request or connection can end is counted as what the server really did."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from migrator.lab.load.client import Target
from migrator.lab.load.drive import drive
from migrator.lab.load.mix import Group, Kind, Mix
from migrator.lab.load.summary import Json
from tests.lab.load import rude
from tests.lab.load.rude import HOST, OK, Behave, RudeServer, Talk, load

NEW = Group(Kind.NEW_CONNECTION, clients=2, rate=50.0, patience=5.0)
KEPT = Group(Kind.KEEP_ALIVE, clients=2, rate=50.0, patience=5.0)
IDLE = Group(Kind.IDLE, clients=2, rate=50.0, patience=5.0)


@pytest.mark.parametrize("group", [pytest.param(NEW, id="new connection"), pytest.param(KEPT, id="keep-alive")])
@pytest.mark.parametrize(
    ("behave", "word"),
    [
        pytest.param(rude.resets, "reset", id="reset"),
        pytest.param(rude.closes_before, "closed-before-response", id="closed before the response"),
        pytest.param(rude.closes_mid, "closed-mid-response", id="closed within the response"),
        pytest.param(rude.babbles, "malformed", id="no HTTP"),
    ],
)
def test_a_request_without_a_whole_answer_is_lost_and_says_why(
    behave: Behave, word: str, group: Group, tmp_path: Path
) -> None:
    found, server = load(behave, group, tmp_path=tmp_path)

    total = found["totals"]
    assert total["errors"] == {word: server.did[word]} == dict.fromkeys([word], total["sent"])
    assert (total["lost"], total["answered"], total["cut"]) == (server.did[word], 0, 0)


def test_a_request_that_takes_too_long_is_lost(tmp_path: Path) -> None:
    hasty = Group(Kind.KEEP_ALIVE, clients=2, rate=50.0, patience=0.1)

    found, server = load(rude.never_answers, hasty, tmp_path=tmp_path)

    assert found["totals"]["errors"] == {"timeout": server.did["timeout"]}
    assert found["totals"]["cut"] == 0


def test_a_refused_connection_is_a_lost_request(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))  # bound, not listening: connections are refused and nobody else gets the port
        found = _load_nobody(taken.getsockname()[1], tmp_path)

    total = found["totals"]
    assert total["sent"] == total["lost"] > 0
    assert total["errors"] == {"refused": total["sent"]}


@pytest.mark.parametrize(
    ("behave", "counted"),
    [
        pytest.param(rude.says_503, "bad", id="503 is bad"),
        pytest.param(rude.says_404, "wrong", id="404 is wrong"),
    ],
)
def test_a_whole_answer_of_the_wrong_kind_is_answered_and_counted_besides(
    behave: Behave, counted: str, tmp_path: Path
) -> None:
    found, server = load(behave, KEPT, tmp_path=tmp_path)

    total = found["totals"]
    assert total[counted] == total["answered"] == total["sent"] == server.did[counted]
    assert total["lost"] == 0


def test_a_connection_that_says_close_is_left_at_once_and_nothing_is_lost_or_cut(tmp_path: Path) -> None:
    found, server = load(rude.answers_and_says_close, KEPT, tmp_path=tmp_path, enough=6)

    total = found["totals"]
    assert total["answered"] == total["sent"] == server.did["answered"] == total["connections"]
    assert (total["lost"], total["cut"]) == (0, 0)
    assert found["kinds"]["keep-alive"]["reconnects"] == total["connections"] - 2


def test_a_kept_connection_closed_without_a_word_while_nothing_is_in_flight_is_cut(tmp_path: Path) -> None:
    async def answers_then_closes(server: RudeServer, talk: Talk) -> None:
        if request := await talk.request():
            talk.say(OK)
            server.note("answered", request)

    found, server = load(answers_then_closes, KEPT, tmp_path=tmp_path, enough=6)

    total = found["totals"]
    assert total["answered"] == server.did["answered"] == server.talks
    ended = total["cut"] + total["lost"]  # lost: a request was on its way
    assert server.talks - KEPT.clients <= ended <= server.talks, "once each, but for those we closed first at the end"
    assert total["cut"] > 0


def test_a_request_on_its_way_as_the_kept_connection_closes_is_lost_and_the_connection_not_cut(tmp_path: Path) -> None:
    """The known race of HTTP/1.1: a client that tries again would hide it; this one must not."""

    async def answers_once(server: RudeServer, talk: Talk) -> None:
        if await talk.request():
            talk.say(OK)
        if request := await talk.request():
            server.note("raced", request)

    found, server = load(answers_once, KEPT, tmp_path=tmp_path)

    total = found["totals"]
    assert total["errors"] == {"closed-before-response": server.did["raced"]}
    assert total["cut"] == 0
    assert total["sent"] == total["answered"] + total["lost"]


def test_idle_connections_that_are_closed_are_cut_with_and_without_a_request_before(tmp_path: Path) -> None:
    async def throws_out(server: RudeServer, talk: Talk) -> None:
        if server.talks > 2:  # the second time they may stay
            while await talk.request():
                talk.say(OK)
            return
        if await _asked(talk):
            talk.say(OK)
        server.note("thrown out")

    found, server = load(throws_out, IDLE, tmp_path=tmp_path, enough=2, seconds=2.0)

    total = found["totals"]
    assert total["cut"] == server.did["thrown out"] == 2
    assert (total["lost"], total["failed_connects"]) == (0, 0)


def test_a_connection_that_speaks_unasked_is_cut(tmp_path: Path) -> None:
    async def answers_twice(server: RudeServer, talk: Talk) -> None:
        if request := await talk.request():
            talk.say(OK + OK)
            server.note("answered", request)
            await talk.read()

    found, server = load(answers_twice, KEPT, tmp_path=tmp_path)

    assert found["totals"]["answered"] == server.did["answered"]
    assert found["totals"]["cut"] == server.talks


def test_a_request_in_flight_at_the_end_is_finished(tmp_path: Path) -> None:
    async def stops_the_load_then_answers(server: RudeServer, talk: Talk) -> None:
        while request := await talk.request():
            server.note("answered", request)
            await talk.reader.read(0)
            talk.say(OK)

    found, server = load(stops_the_load_then_answers, KEPT, tmp_path=tmp_path, enough=1)

    assert found["totals"]["answered"] == found["totals"]["sent"] == server.did["answered"]


def test_a_request_that_is_not_finished_in_time_is_lost(tmp_path: Path) -> None:
    found, server = load(rude.never_answers, NEW, tmp_path=tmp_path, finish=0.1)

    assert found["totals"]["errors"] == {"unfinished": server.did["timeout"]}
    assert found["balanced"]
    assert found["in_flight"] == 0


def test_new_connections_are_made_on_time_although_no_answer_comes_up_to_the_bound(tmp_path: Path) -> None:
    bounded = Group(Kind.NEW_CONNECTION, clients=1, rate=100.0, patience=30.0, most=4)

    found, server = load(rude.never_answers, bounded, tmp_path=tmp_path, enough=99, seconds=1.0, finish=0.1)

    assert found["totals"]["sent"] == server.did["timeout"] == 4
    assert found["totals"]["skipped"] > 10


def test_every_row_of_the_ledger_is_what_the_server_did_to_that_request(tmp_path: Path) -> None:
    """A server of many moods, judged row by row."""
    moods = [rude.resets, rude.closes_before, rude.closes_mid, rude.babbles, rude.says_503, rude.says_404, rude.answers]

    async def moody(server: RudeServer, talk: Talk) -> None:
        await moods[server.talks % len(moods)](server, talk)

    found, server = load(moody, NEW, tmp_path=tmp_path, enough=40)

    rows = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    assert {row["seq"]: _told(row) for row in rows} == server.by_seq
    assert len(rows) == found["totals"]["sent"] == sum(second["sent"] for second in found["per_second"])


def _told(row: dict[str, object]) -> object:
    if row["status"] == 404:
        return "wrong"
    return row["error"] or row["outcome"]


async def _asked(talk: Talk) -> bool:
    """Whether a request came; a silent client is given up after a tenth of a second."""
    try:
        return await asyncio.wait_for(talk.request(), 0.1) is not None
    except TimeoutError:
        return False


def _load_nobody(port: int, tmp_path: Path) -> dict[str, Json]:
    async def run() -> dict[str, Json]:
        mix = Mix("test", (NEW, KEPT))
        return await drive(Target(HOST, port, "app"), mix, tmp_path, asyncio.Event(), seconds=0.3)

    return asyncio.run(run())
