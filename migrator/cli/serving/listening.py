"""Where to listen, and whether that is allowed: this machine alone, unless a token keeps others off. It opens the port."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from migrator.cli.serving.guard import SHORTEST, is_loopback
from migrator.cli.serving.server import Respond, Server
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words

if TYPE_CHECKING:
    from migrator.cli.serving.tls import Certificate

TOKEN = "MIGRATOR_SERVE_TOKEN"


def address(given: str, option: str, usual: int) -> tuple[str, int]:
    """Read HOST:PORT, or a port alone on loopback. UsageError for anything else; port 0 is any that is free."""
    host, _, port = given.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65536) or (":" in host and not host.startswith("[")):
        raise UsageError(say("serve.no-address", option=option, port=usual, given=given))
    return host or "127.0.0.1", int(port)


def token(host: str, is_open: bool) -> str:
    """Give the token of the environment, "" for none. UsageError for a short one, and for none where one is needed:
    other machines reach `host`, and what is served is not `is_open` to whoever can."""
    found = os.environ.get(TOKEN, "").strip()
    if found and len(found) < SHORTEST:
        raise UsageError(say("serve.short-token", variable=TOKEN, least=SHORTEST))
    if not found and not is_open and not is_loopback(host):
        raise UsageError(say("serve.no-token", host=host, variable=TOKEN, least=SHORTEST))
    return found


def listening(host: str, port: int, respond: Respond, secret: str, certificate: Certificate | None = None) -> Server:
    """Open the port. UsageError when it is taken or no address of this machine."""
    try:
        return Server(host, port, respond, secret, certificate)
    except OSError as error:
        raise UsageError(say("serve.not-bound", host=host, port=port, why=in_words(error))) from error


def certificate_of(certificate: str | None, key: str | None) -> Certificate | None:
    """Give what to speak TLS with; None for plain HTTP. UsageError for one of the two without the other."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise UsageError(say("serve.half-certificate"))
    from migrator.cli.serving.tls import Certificate

    return Certificate(certificate, key)
