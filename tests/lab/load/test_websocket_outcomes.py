"""WebSockets: an unanswered echo is lost, a close frame is polite, a bare end is a cut."""

from pathlib import Path

from migrator.lab.app.websocket import CLOSE, PING, PONG, Frame
from migrator.lab.load.mix import Group, Kind
from tests.lab.load import rude
from tests.lab.load.rude import RudeServer, Talk, load, switches

GROUP = Group(Kind.WEBSOCKET, clients=2, rate=50.0, path="/ws", patience=5.0)


def test_handshakes_and_echoes_are_requests_and_the_client_says_goodbye(tmp_path: Path) -> None:
    found, server = load(rude.echoes, GROUP, tmp_path=tmp_path, enough=8)

    total = found["totals"]
    assert total["sent"] == total["answered"] == server.did["echo"] + server.talks
    assert server.did["goodbye"] == server.talks == 2
    assert total["statuses"] == {"101": total["sent"]}
    assert (total["lost"], total["cut"]) == (0, 0)


def test_an_echo_unanswered_at_a_bare_end_is_lost_and_the_connection_not_cut(tmp_path: Path) -> None:
    async def drops_at_the_first_text(server: RudeServer, talk: Talk) -> None:
        if await switches(talk) and await spoken_to(talk):
            server.note("dropped")

    found, server = load(drops_at_the_first_text, GROUP, tmp_path=tmp_path)

    total = found["totals"]
    assert total["errors"] == {"closed-before-response": server.did["dropped"]}
    assert total["cut"] == 0


def test_an_echo_unanswered_at_a_polite_close_is_lost_all_the_same(tmp_path: Path) -> None:
    async def closes_at_the_first_text(server: RudeServer, talk: Talk) -> None:
        if await switches(talk) and await spoken_to(talk):
            talk.say(Frame(CLOSE, (1001).to_bytes(2, "big")).encode())
            server.note("closed")
            await talk.frame()

    found, server = load(closes_at_the_first_text, GROUP, tmp_path=tmp_path)

    total = found["totals"]
    assert total["errors"] == {"closed-before-response": server.did["closed"]}
    assert total["cut"] == 0


def test_a_close_frame_with_no_echo_awaited_is_neither_lost_nor_cut(tmp_path: Path) -> None:
    async def echoes_once_then_closes(server: RudeServer, talk: Talk) -> None:
        if await switches(talk) and (frame := await spoken_to(talk)):
            talk.say(Frame(frame.opcode, frame.payload).encode())
            talk.say(Frame(CLOSE, (1001).to_bytes(2, "big")).encode())
            server.note("closed")
            await talk.frame()

    found, server = load(echoes_once_then_closes, GROUP, tmp_path=tmp_path)

    total = found["totals"]
    assert server.did["closed"] >= 3
    assert (total["lost"], total["cut"]) == (0, 0)


def test_a_bare_end_with_no_echo_awaited_is_a_cut(tmp_path: Path) -> None:
    async def echoes_once_then_drops(server: RudeServer, talk: Talk) -> None:
        if await switches(talk) and (frame := await spoken_to(talk)):
            talk.say(Frame(frame.opcode, frame.payload).encode())
            server.note("dropped")

    found, server = load(echoes_once_then_drops, GROUP, tmp_path=tmp_path, enough=8)

    total = found["totals"]
    ended, dropped = total["cut"] + total["lost"], server.did["dropped"]  # lost: an echo was on its way
    assert dropped - GROUP.clients <= ended <= dropped, "once each, but for those we closed first at the end"
    assert total["cut"] > 0


def test_a_ping_is_answered_and_settles_nothing(tmp_path: Path) -> None:
    async def pings_before_it_echoes(server: RudeServer, talk: Talk) -> None:
        if not await switches(talk):
            return
        while frame := await spoken_to(talk):
            if frame.opcode == PONG:
                server.note("pong")
                continue
            talk.say(Frame(PING, b"there?").encode())
            talk.say(Frame(frame.opcode, frame.payload).encode())

    found, server = load(pings_before_it_echoes, GROUP, tmp_path=tmp_path)

    assert server.did["pong"] >= 3
    assert found["totals"]["lost"] == 0


def test_a_refused_handshake_is_an_answer_and_is_made_again_at_the_next_beat(tmp_path: Path) -> None:
    found, server = load(rude.says_503, GROUP, tmp_path=tmp_path)

    total = found["totals"]
    assert total["sent"] == total["bad"] == server.did["bad"]
    assert total["cut"] == 0


def test_a_websocket_that_has_lasted_long_enough_says_goodbye_and_connects_again(tmp_path: Path) -> None:
    group = Group(Kind.WEBSOCKET, clients=1, rate=50.0, path="/ws", patience=5.0, lasts=0.1)

    found, server = load(rude.echoes, group, tmp_path=tmp_path, enough=20)

    total = found["totals"]
    assert server.did["goodbye"] == server.talks >= 2
    assert total["sent"] == total["answered"] == server.did["echo"] + server.talks
    assert (total["lost"], total["cut"]) == (0, 0)


async def spoken_to(talk: Talk) -> Frame | None:
    """Return the next frame that is not the client's goodbye."""
    frame = await talk.frame()
    return None if frame is None or frame.opcode == CLOSE else frame
