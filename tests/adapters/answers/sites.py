"""Real servers on loopback for answer parity: HTTP/1.1, TLS with a certificate by SNI, HTTP/2, gRPC and WebSocket."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import h2.config
import h2.connection
import h2.events

from migrator.domain.answers.trial import Place
from migrator.domain.model.balancer import Side

Serve = Callable[[socket.socket], None]


def at(port: int, side: Side = Side.OLD, client_port: int = 80) -> Place:
    """Give the place of a server on loopback."""
    return Place(side, "lbl", client_port, "127.0.0.1", port)


@contextmanager
def listening(serve: Serve) -> Iterator[int]:
    """Serve each connection in a thread of its own until the block ends; give the port."""
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                threads.append(threading.Thread(target=_one, args=(serve, one), daemon=True))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        accepting.join()
    for thread in threads:
        thread.join(5)


def _one(serve: Serve, one: socket.socket) -> None:
    one.settimeout(5)
    with one, suppress(OSError):
        serve(one)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a certificate of its own for a host."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    words += ["-subj", f"/CN={name}", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(words, check=True, capture_output=True)
    return cert, key


def by_sni(folder: Path, names: dict[str, str], alpn: tuple[str, ...] = ("http/1.1",)) -> ssl.SSLContext:
    """Give a context that has another certificate for each host: host → name of its certificate; "" for any other host."""
    contexts: dict[str, ssl.SSLContext] = {}
    for host, name in names.items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert = folder / f"{name}.pem"
        context.load_cert_chain(*((cert, folder / f"{name}.key") if cert.exists() else certificate(folder, name)))
        context.set_alpn_protocols(list(alpn))
        contexts[host] = context

    def choose(server: ssl.SSLObject, host: str | None, _context: ssl.SSLContext) -> None:
        server.context = contexts.get(host or "", contexts[""])

    contexts[""].sni_callback = choose  # type: ignore[assignment]  # typeshed knows sockets alone
    return contexts[""]


def in_tls(context: ssl.SSLContext, serve: Serve) -> Serve:
    """Serve in TLS."""

    def secure(one: socket.socket) -> None:
        with context.wrap_socket(one, server_side=True) as inner:
            serve(inner)

    return secure


def plain(answer: bytes) -> Serve:
    """Answer every request with these bytes, and close."""

    def serve(one: socket.socket) -> None:
        heard = b""
        while b"\r\n\r\n" not in heard:
            if not (data := one.recv(4096)):
                return
            heard += data
        one.sendall(answer)

    return serve


def whole(status: str = "200 OK", body: bytes = b"hello", *headers: str) -> bytes:
    """Give a whole answer of HTTP/1.1."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


Said = Callable[[dict[str, str]], tuple[list[tuple[str, str]], bytes, list[tuple[str, str]]]]
"""What an HTTP/2 server says to a request's headers: headers, body, trailers."""


def http2(say: Said) -> Serve:
    """Answer in HTTP/2."""

    def serve(one: socket.socket) -> None:
        ours = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        ours.initiate_connection()
        one.sendall(ours.data_to_send())
        asked: dict[int, dict[str, str]] = {}
        while data := one.recv(65536):
            for event in ours.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    asked[event.stream_id] = {str(name): str(value) for name, value in event.headers}
                if isinstance(event, h2.events.StreamEnded):
                    headers, body, trailers = say(asked[event.stream_id])
                    ours.send_headers(event.stream_id, headers, end_stream=not body and not trailers)
                    if body:
                        ours.send_data(event.stream_id, body, end_stream=not trailers)
                    if trailers:
                        ours.send_headers(event.stream_id, trailers, end_stream=True)
            one.sendall(ours.data_to_send())

    return serve
