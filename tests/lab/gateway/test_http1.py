"""The small HTTP server and the WebSocket frames of the lab, almost without a network."""

import asyncio

import pytest

from migrator.lab.app.websocket import Frame, take_frame
from migrator.lab.http1 import BadRequest, Response, fetch, parse_response, take_request


def test_pipelined_requests_are_taken_one_by_one():
    buffer = bytearray(b"GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/1.1\r\ncontent-length: 2\r\n\r\nhiGET")

    first, second = take_request(buffer), take_request(buffer)

    assert (first.path, first.query, first.headers["host"]) == ("/a", {"x": "1"}, "h")
    assert (second.method, second.body, bytes(buffer)) == ("POST", b"hi", b"GET")


@pytest.mark.parametrize("cut", range(0, 70, 7))
def test_an_incomplete_chunked_request_is_left_alone(cut):
    whole = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    buffer = bytearray(whole[: min(cut, len(whole) - 1)])

    assert take_request(buffer) is None
    buffer += whole[len(buffer) :]
    assert take_request(buffer).body == b"abcde"


def test_garbage_is_refused():
    with pytest.raises(BadRequest):
        take_request(bytearray(b"\x16\x03\x01 TLS\r\n\r\n"))


def test_an_answer_that_was_cut_short_is_an_error():
    whole = Response(200, b"hello").encode()

    assert parse_response(whole) == (200, b"hello")
    with pytest.raises(ConnectionError):
        parse_response(whole[:-1])


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_masked_frame_is_read_whole_or_not_at_all(size):
    payload = bytes(i % 251 for i in range(size))
    plain = Frame(2, payload).encode()
    head = plain[: len(plain) - size]
    mask = b"\x11\x22\x33\x44"
    wire = bytes((head[0], head[1] | 0x80)) + head[2:] + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
    buffer = bytearray(wire[:-1])

    assert take_frame(buffer) is None
    buffer = bytearray(wire)
    assert take_frame(buffer) == Frame(2, payload)
    assert not buffer


@pytest.mark.parametrize(
    "head",
    ["content-length: 2\r\n\r\nOK", "transfer-encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n"],
    ids=["length", "chunks"],
)
def test_an_answer_is_taken_when_it_is_whole_though_its_sender_keeps_the_connection(head):
    async def ask():
        left = asyncio.Event()

        async def keep(reader, writer):
            writer.write(f"HTTP/1.1 200 OK\r\n{head}".encode())
            await reader.read(-1)  # until the client closes
            writer.close()
            left.set()

        async with await asyncio.start_server(keep, "127.0.0.1", 0) as server:
            found = await fetch(server.sockets[0].getsockname(), "/", timeout=5.0)
            await asyncio.wait_for(left.wait(), 5.0)
        return found

    assert asyncio.run(ask()) == (200, b"OK")
