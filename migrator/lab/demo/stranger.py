"""A stranger on a gateway's port: it shares the port with the gateway and answers the lab's clients by 503, as a broken device
before the gateway would. Everybody else is led to another gateway and sees nothing of it. The gateway counts none of these
requests: only the balancer sees the answers.
"""

import asyncio
import contextlib
import socket
import sys

_HEAD = 1 << 16
_REFUSED = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_SOCKETS = 4
"""Sockets on the port: the kernel gives each an equal part of the new connections."""


async def serve(address: str, port: int, via: str, agent: bytes) -> None:
    """Take a part of the connections to a gateway's port until killed."""

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"user-agent: " + agent.lower() in head.lower():
                writer.write(_REFUSED)
                await writer.drain()
            else:
                await _led(reader, writer, head, via, port)
        writer.close()

    servers = [await asyncio.start_server(taken, sock=_shared(address, port), limit=_HEAD) for _ in range(_SOCKETS)]
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _led(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes, via: str, port: int) -> None:
    """Lead a connection to the same port of another gateway."""
    others, there = await asyncio.open_connection(via, port)
    there.write(head)
    await asyncio.gather(_poured(reader, there), _poured(others, writer))


async def _poured(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(_HEAD):
            writer.write(part)
            await writer.drain()
    writer.close()


def _shared(address: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((address, port))
    return listening


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4].encode()))
