"""What a cluster asks of a process that looks after gateways: /healthz, /readyz, /off, and /metrics for Prometheus. It only
reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from migrator.cli.serving.listening import address, listening
from migrator.cli.serving.measuring import PORT
from migrator.cli.serving.server import Answer, plain
from migrator.cli.serving.site import Site

if TYPE_CHECKING:
    from migrator.app.run.off import Off
    from migrator.app.run.several import Several
    from migrator.cli.serving.server import Server


@contextmanager
def living(where: str, several: Several, off: Off, store: str | None) -> Iterator[Server]:
    """Serve there while the gateways are looked after; nothing of it is secret, so no token is asked for. UsageError when the
    port is taken: a process that nobody can probe would be killed again and again."""
    from migrator.app.wiring import store_path

    host, port = address(where, "--metrics", PORT)
    site = Site(store_path(store))

    def respond(path: str) -> Answer:
        asked = urlsplit(path).path
        if asked == "/metrics":
            return site(path)
        if asked == "/off":
            return _off(off, parse_qs(urlsplit(path).query).get("address", [""])[0])
        if asked in ("/healthz", "/readyz"):
            return _said(several, several.alive if asked == "/healthz" else several.ready)
        return plain(HTTPStatus.NOT_FOUND)

    server = listening(host, port, respond, "").start()
    try:
        yield server
    finally:
        server.close()


def _off(off: Off, address: str) -> Answer:
    """Give the word for a gateway that ends: 200 it has no weight, 409 it has, 503 nobody here knows."""
    word = off.says(address)
    if word is None:
        return plain(HTTPStatus.SERVICE_UNAVAILABLE)
    return plain(HTTPStatus.OK if word else HTTPStatus.CONFLICT)


def _said(several: Several, well: bool) -> Answer:
    """Give a line for each gateway: how it stands, by its word for programs."""
    words = "\n".join(f"{name} {sign.stand}" for name, sign in several.signs.items())
    return plain(HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE, words)
