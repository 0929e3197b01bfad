"""A TLS front before a plain server, with a CA of its own; it demands a client certificate, as API servers may."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from migrator.lab import certificates


@dataclass(frozen=True, slots=True)
class Front:
    """Where it listens, and the files of its CA and of a client that it trusts."""

    url: str
    ca: Path
    cert: Path
    key: Path


@contextmanager
def terminating(folder: Path, target: tuple[str, int]) -> Iterator[Front]:
    """Terminate TLS on loopback and pass the bytes on to `target`, until the block ends."""
    certificates.make(folder, "127.0.0.1", ("server", "client"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as open_ones:

        def accept() -> None:
            while True:
                try:
                    plain, _ = listening.accept()
                except OSError:
                    return
                serve = threading.Thread(target=_serve, args=(plain, context, target, open_ones))
                threads.append(serve)
                serve.start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        yield Front(url, folder / "ca.pem", folder / "client.pem", folder / "client.key")
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()
    for thread in threads:
        thread.join()


def _serve(plain: socket.socket, context: ssl.SSLContext, target: tuple[str, int], open_ones: ExitStack) -> None:
    try:
        client = context.wrap_socket(plain, server_side=True)
    except OSError:
        plain.close()
        return
    server = socket.create_connection(target)
    for each in (client, server):
        open_ones.callback(_cut, each)
    back = threading.Thread(target=_pump, args=(server, client))
    back.start()
    _pump(client, server)
    back.join()
    client.close()
    server.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    _cut(sink)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
