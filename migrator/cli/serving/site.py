"""Which path is which page. It reads the store anew for each, changes nothing, and makes one page at a time."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from importlib.metadata import version
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from migrator.app.wiring import open_reader
from migrator.cli.serving.server import HEADERS, Answer, plain
from migrator.cli.views.page import html
from migrator.cli.views.page.frame import Frame, Link, now
from migrator.domain.messages.errors import MigratorError, NotFound
from migrator.wording import render

if TYPE_CHECKING:
    from migrator.store import StoreReader

REFRESH = 5
"""Seconds after which the page of a run that goes on is loaded anew."""

KEPT = 1.0
"""Seconds for which a page is given again as it was: many who look cost as much as one."""

STILL = "still"
LONGEST = 200


class Site:
    """The pages of one store. Safe to call from several threads."""

    def __init__(self, store: str | None) -> None:
        self._store = store
        self._one_at_a_time = Lock()
        self._kept: dict[str, tuple[float, Answer]] = {}

    def __call__(self, path: str) -> Answer:
        """Give the answer of a path."""
        asked = urlsplit(path[:LONGEST])
        make = self._of(asked.path, is_still=asked.query == STILL)
        if make is None:
            return plain(HTTPStatus.NOT_FOUND)
        with self._one_at_a_time:
            kept = self._kept.get(path)
            if kept is not None and monotonic() - kept[0] < KEPT:
                return kept[1]
            answer = self._made(make)
            self._kept = {key: each for key, each in self._kept.items() if monotonic() - each[0] < KEPT}
            self._kept[path] = (monotonic(), answer)
            return answer

    def _of(self, path: str, is_still: bool) -> Callable[[StoreReader], Answer] | None:
        if path == "/":
            return lambda store: _runs(store, is_still)
        if path == "/metrics":
            return measured
        number = path.removeprefix("/runs/")
        if path.startswith("/runs/") and number.isascii() and number.isdigit() and len(number) < 18:
            return lambda store: _run(store, int(number), is_still)
        return None

    def _made(self, make: Callable[[StoreReader], Answer]) -> Answer:
        try:
            with open_reader(self._store) as store:
                return make(store)
        except NotFound as error:
            return plain(HTTPStatus.NOT_FOUND, render(error.message))
        except MigratorError as error:
            return plain(HTTPStatus.SERVICE_UNAVAILABLE, render(error.message))


def _page(text: str) -> Answer:
    policy = HEADERS["Content-Security-Policy"] + f"; style-src {html.policy()}"
    return Answer(HTTPStatus.OK, text.encode(), "text/html; charset=utf-8", {"Content-Security-Policy": policy})


def _runs(store: StoreReader, is_still: bool) -> Answer:
    from migrator.app.inspect.status import listed as read
    from migrator.cli.views.page.listed import listed

    runs = read(store)
    goes_on = any(not each.run.ended for each in runs)
    links = (Link("/", "Runs", here=True), *_refreshing("/", goes_on, is_still))
    return _page(html.listing(listed(runs), Frame(links, _every(goes_on, is_still))))


def _run(store: StoreReader, number: int, is_still: bool) -> Answer:
    from migrator.app.inspect.report import report
    from migrator.app.inspect.status import status
    from migrator.cli.views.page.filed import filed

    run = store.run(number)
    path = f"/runs/{run.id}"
    links = (Link("/", "Runs"), Link(path, f"Run {run.id}", here=True), *_refreshing(path, not run.ended, is_still))
    frame = Frame(links, _every(not run.ended, is_still), () if run.ended else now(status(store, run)))
    return _page(html.page(filed(report(store, run), version("migrator"), store.now()), frame))


def _every(goes_on: bool, is_still: bool) -> int:
    return REFRESH if goes_on and not is_still else 0


def _refreshing(path: str, goes_on: bool, is_still: bool) -> tuple[Link, ...]:
    """Give the way to a page that stays as it is: one that is loaded anew takes a screen reader back to its top."""
    if not goes_on:
        return ()
    return (Link(path, "Refresh by itself") if is_still else Link(f"{path}?{STILL}", "Stop refreshing"),)


def measured(store: StoreReader) -> Answer:
    """Give what Prometheus asks for, of every run that goes on or ended a moment ago."""
    from migrator.app.telling.measures import live
    from migrator.app.telling.measures import measured as of_run
    from migrator.cli.serving.exposition import CONTENT_TYPE, exposition, require_client

    require_client()
    found = [each for run in live(store) for each in of_run(store, run)]
    return Answer(HTTPStatus.OK, exposition(found), CONTENT_TYPE)
