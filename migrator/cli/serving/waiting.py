"""What a kubelet asks beside a gateway: /leave, which is answered when the gateway may end, and /ready. No question changes
anything: whoever may reach it may only wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from migrator.cli.serving.server import Answer, Server, plain
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words

if TYPE_CHECKING:
    from migrator.app.farewell.staying import Staying

UNTOLD = 5.0
"""Seconds after which a gateway that ends is let go while its pod was never told to: it alone is restarted."""

OF_ONE = 4
"""Callers at once from one address: a kubelet has a hook and a probe."""

PORT = 15099
LINGERS = 1.0
"""Seconds in which the last answers go out."""


class Waiting(Server):
    """Serves the hook and the probe of one pod; a hook waits for as long as the pod may take.

    Whoever else asks /leave from another address waits too, but in a few places: the kubelet finds one.
    """

    of_one = OF_ONE

    def __init__(self, host: str, port: int, staying: Staying, within: float) -> None:
        super().__init__(host, port, self._said)
        self._staying, self._within = staying, within
        self.seconds = within + 2 * UNTOLD

    def _said(self, path: str) -> Answer:
        asked = urlsplit(path).path
        if asked == "/leave":
            if self._staying.leaving.wait(UNTOLD):
                self._staying.over.wait(self._within + UNTOLD)
            return plain(HTTPStatus.OK)
        if asked == "/ready":
            ready = self._staying.ready.is_set()
            return plain(HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)
        return plain(HTTPStatus.NOT_FOUND)


@contextmanager
def waiting(host: str, port: int, staying: Staying, within: float) -> Iterator[Waiting]:
    """Serve for the length of a block, and a moment longer, so that who waits is answered. UsageError for a taken port."""
    try:
        server = Waiting(host, port, staying, within)
    except OSError as error:
        raise UsageError(say("serve.not-bound", host=host, port=port, why=in_words(error))) from error
    server.start()
    try:
        yield server
        time.sleep(LINGERS)
    finally:
        server.close()
