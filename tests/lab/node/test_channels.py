"""A port-forward ends quietly whichever end leaves first."""

import asyncio
import gc
from typing import Any

import pytest
from aiohttp import ClientSession, web

from migrator.lab.node import channels


async def forwarded(leaves_first: str) -> list[dict[str, Any]]:
    """Forward one connection that `leaves_first` ends; give what the loop had to complain about."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: complaints.append(said))
    ended = asyncio.Event()

    async def pod(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1) if leaves_first == "the client" else writer.write(b"bye")
        writer.close()

    async def channel(request: web.Request) -> web.WebSocketResponse:
        socket = await channels.accept(request)
        await channels.forward(socket, "127.0.0.1", [port_of(listening)])
        ended.set()
        return socket

    listening = await asyncio.start_server(pod, "127.0.0.1", 0)
    app = web.Application()
    app.router.add_get("/", channel)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with ClientSession() as client, client.ws_connect(f"http://127.0.0.1:{runner.addresses[0][1]}/") as socket:
        for _ in range(2):  # both channels say which port they are of
            await socket.receive(timeout=5)
        if leaves_first == "the client":
            await socket.close()
        async for _ in socket:  # until the other end has said goodbye
            pass
        await asyncio.wait_for(ended.wait(), 5)
    listening.close()
    await listening.wait_closed()
    await runner.cleanup()
    gc.collect()  # a future says that nobody asked for its exception when it is collected
    return complaints


def port_of(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


@pytest.mark.parametrize("leaves_first", ["the client", "the pod"])
def test_a_forward_that_ends_leaves_no_complaint_in_the_log(leaves_first: str) -> None:
    assert asyncio.run(forwarded(leaves_first)) == []
