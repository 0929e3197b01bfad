"""`serve` over TLS of its own: with its files, with files that were replaced, and with nobody who is slow in another's way."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import struct
from http import HTTPStatus
from pathlib import Path

import pytest

from migrator.cli.serving.listening import certificate_of
from migrator.cli.serving.server import MOST, Server, plain
from migrator.cli.serving.tls import Certificate
from migrator.domain.messages.errors import UsageError
from tests.adapters.answers.sites import certificate

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make certificates with")


def fetched(server: Server, trusted: Path) -> int:
    """Ask once, trusting this certificate alone."""
    context = ssl.create_default_context(cafile=str(trusted))
    context.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", server.server_port, timeout=20, context=context)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def told(connection: socket.socket) -> bytes:
    """Give the beginning of an answer; nothing where the connection is reset."""
    try:
        return connection.recv(64)
    except ConnectionError:
        return b""


def serving(pair: tuple[Path, Path]) -> Server:
    found = Certificate(*map(str, pair))
    return Server("127.0.0.1", 0, lambda _path: plain(HTTPStatus.OK), "", found).start()


def test_pages_are_served_over_tls_and_a_replaced_certificate_is_taken_in(tmp_path: Path) -> None:
    first, second = certificate(tmp_path, "first"), certificate(tmp_path, "second")
    server = serving(first)
    try:
        assert server.url.startswith("https://127.0.0.1:")
        assert fetched(server, first[0]) == 200
        for now, then in zip(second, first, strict=True):
            shutil.copy(now, then)
            os.utime(then, (1.0, 1.0))  # another time, however coarse the file system's clock is

        assert fetched(server, second[0]) == 200
        first[1].write_text("nonsense")
        assert fetched(server, second[0]) == 200
    finally:
        server.close()


def test_who_says_nothing_or_speaks_plain_http_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    pair = certificate(tmp_path, "ours")
    server = serving(pair)
    try:
        with (
            socket.create_connection(("127.0.0.1", server.server_port), timeout=20),
            socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as plainly,
        ):
            plainly.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

            assert fetched(server, pair[0]) == 200
            assert not told(plainly).startswith(b"HTTP/1.1 200")
    finally:
        server.close()


def test_whoever_is_gone_before_the_handshake_takes_no_place(tmp_path: Path) -> None:
    server = Server(
        "127.0.0.1", 0, lambda _path: plain(HTTPStatus.OK), "", Certificate(*map(str, certificate(tmp_path, "ours")))
    )
    try:
        for _ in range(2 * MOST):
            ours, theirs = connected(server)
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # its end is a reset
            ours.sendall(b"hello")
            ours.close()

            assert server._places.take("127.0.0.1")
            server.process_request_thread(theirs, ("127.0.0.1", 0))
    finally:
        server.server_close()


def connected(server: Server) -> tuple[socket.socket, socket.socket]:
    """Give both ends of a connection that nobody answers yet."""
    ours = socket.create_connection(("127.0.0.1", server.server_port), timeout=20)
    return ours, server.get_request()[0]


def test_files_that_are_no_pair_are_refused(tmp_path: Path) -> None:
    one, other = certificate(tmp_path, "one"), certificate(tmp_path, "other")
    for pair in ((one[0], other[1]), (one[0], tmp_path / "nowhere"), (one[1], one[1])):
        with pytest.raises(UsageError) as found:
            certificate_of(*map(str, pair))
        assert found.value.message.code == "serve.no-certificate"


def test_half_a_pair_is_refused_and_none_is_plain_http() -> None:
    assert certificate_of(None, None) is None
    for half in (("a", None), (None, "a")):
        with pytest.raises(UsageError) as found:
            certificate_of(*half)
        assert found.value.message.code == "serve.half-certificate"
