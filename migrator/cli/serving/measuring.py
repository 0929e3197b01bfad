"""Measures of one run for as long as this process carries it out: over HTTP, in a file, or neither. No turn waits for them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from migrator.app.telling.measures import measured
from migrator.cli.repeated import repeated
from migrator.cli.serving.exposition import CONTENT_TYPE, exposition, require_client, write
from migrator.cli.serving.listening import address, listening, token
from migrator.cli.serving.server import Answer, plain
from migrator.domain.messages.errors import MigratorError, UsageError
from migrator.domain.messages.message import say
from migrator.domain.messages.trouble import in_words
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.cli.serving.server import Server

log = logging.getLogger(__name__)

PORT = 9464
WRITE_EVERY = 5.0
STOP_WITHIN = 2.0


def text_of(store: Path, run_id: int) -> bytes:
    """Give the measures of a run as text, from an own look at the store. MigratorError as of any read."""
    from migrator.app.wiring import open_reader

    with open_reader(str(store)) as memory:
        return exposition(measured(memory, memory.run(run_id)))


@contextmanager
def measuring(
    store: Path, run_id: int, where: str | None, file: str | None, tell: Callable[[str], None]
) -> Iterator[None]:
    """Serve the measures at `where`, and keep them in `file`. What of it cannot be is told, and holds no run: a way back least
    of all."""
    with ExitStack() as stack:
        try:
            if where or file:
                require_client()
            if where:
                server = _served(store, run_id, where)
                stack.callback(server.close)
                tell(render(say("view.serving", what="measures", url=f"{server.url}metrics")))
            if file:
                stack.enter_context(_kept(store, run_id, Path(file)))
        except UsageError as error:
            tell(render(error.message))
        yield


def _served(store: Path, run_id: int, where: str) -> Server:
    host, port = address(where, "--metrics", PORT)

    def respond(path: str) -> Answer:
        if urlsplit(path).path != "/metrics":
            return plain(HTTPStatus.NOT_FOUND)
        return Answer(HTTPStatus.OK, text_of(store, run_id), CONTENT_TYPE)

    return listening(host, port, respond, token(host, is_open=True)).start()


@contextmanager
def _kept(store: Path, run_id: int, file: Path) -> Iterator[None]:
    """Write the file now and then, and a last time at the end. UsageError when it cannot be written at all."""
    try:
        write(file, text_of(store, run_id))
    except OSError as error:
        raise UsageError(say("serve.not-written", file=str(file), why=in_words(error))) from error
    with repeated(partial(_written, store, run_id, file), WRITE_EVERY, "measure", STOP_WITHIN):
        yield


def _written(store: Path, run_id: int, file: Path) -> None:
    try:
        write(file, text_of(store, run_id))
    except (MigratorError, OSError) as error:
        log.warning("measures.not-written error=%s", type(error).__name__)
