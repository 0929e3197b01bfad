"""A client that asks once takes the answer when it is whole, and none that was cut short."""

import asyncio

import pytest

from migrator.lab.http1.client import fetch


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


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell", id="four of five bytes"),
        pytest.param(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nOK\r\n", id="no last chunk"),
        pytest.param(b"SSH-2.0-hello\r\n", id="another protocol"),
    ],
)
def test_an_answer_that_was_cut_short_is_an_error(raw):
    async def ask():
        async def cut(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            writer.close()

        async with await asyncio.start_server(cut, "127.0.0.1", 0) as server:
            await fetch(server.sockets[0].getsockname(), "/", timeout=5.0)

    with pytest.raises(ConnectionError):
        asyncio.run(ask())
