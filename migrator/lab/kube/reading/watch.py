"""Watches: replay from a resource version, live events, bookmarks and the 410 of a version that is forgotten."""

import asyncio

from aiohttp import web

from migrator.lab.kube.api.documents import encode
from migrator.lab.kube.api.errors import bad_request, expired
from migrator.lab.kube.api.selectors import Test, selection
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.storage import Change, Store
from migrator.lab.kube.reading.listing import selected
from migrator.lab.kube.reading.views import View, head

_BOOKMARK_EVERY_S = 60.0
_BACKLOG_BYTES = 64 << 20  # a watcher that reads nothing is cut off here


class Watcher:
    """The events that one watch has still to be sent. It reads the log's changes and owns no connection."""

    def __init__(self, call: Call, view: View) -> None:
        labels, fields = call.query.get("labelSelector", ""), call.query.get("fieldSelector", "")
        self._test: Test = selection(call.kind, labels, fields)
        self._selective = bool(labels or fields)
        self._namespace = call.namespace
        self._view = view
        self._parts: list[bytes] = []
        self._size = 0
        self._ready = asyncio.Event()

    def notice(self, change: Change) -> None:
        """Queue what this watch sees of a change: an object that leaves the selection is deleted for it."""
        record = change.after
        if self._namespace and record.namespace != self._namespace:
            return
        word = self._word(change) if self._selective else change.type
        if word:
            self.add(word, self._view.one(record))

    def _word(self, change: Change) -> str:
        before = change.before is not None and self._test(change.before.doc)
        after = change.type != "DELETED" and self._test(change.after.doc)
        if before:
            return "MODIFIED" if after else "DELETED"
        return "ADDED" if after else ""

    def add(self, word: str, blob: bytes) -> None:
        """Queue one event."""
        part = b'{"type":"%b","object":%b}\n' % (word.encode(), blob)
        self._parts.append(part)
        self._size += len(part)
        self._ready.set()

    async def take(self, seconds: float) -> bytes:
        """Return everything that is queued, waiting up to `seconds`; raises OverflowError if the reader fell behind."""
        if self._size > _BACKLOG_BYTES:
            raise OverflowError
        if not self._parts:
            try:
                await asyncio.wait_for(self._ready.wait(), seconds)
            except TimeoutError:
                return b""
        parts, self._parts = self._parts, []
        self._size = 0
        self._ready.clear()
        return b"".join(parts)


async def stream(request: web.BaseRequest, store: Store, call: Call, view: View) -> web.StreamResponse:
    """Answer a watch until its timeout, or until the client leaves."""
    watcher = Watcher(call, view)
    shelf = store.shelf(call.kind.storage)
    remembers = _begin(watcher, store, call, view)
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"})
    if remembers:
        shelf.listeners.add(watcher.notice)
    try:
        await response.prepare(request)
        await _pump(response, watcher, store, call, remembers)
    except (ConnectionError, OverflowError):
        pass  # the client is gone, or reads too slowly: it lists again
    finally:
        shelf.listeners.discard(watcher.notice)
    return response


def _begin(watcher: Watcher, store: Store, call: Call, view: View) -> bool:
    """Queue what precedes the live events; gives False if the asked version is forgotten."""
    version = call.query.get("resourceVersion", "")
    listed = call.query.get("sendInitialEvents") == "true"
    if version in ("", "0") or listed:
        for record in selected(store, call):
            watcher.add("ADDED", view.one(record))
        if listed:
            watcher.add("BOOKMARK", _bookmark(store, call, ended=True))
        return True
    if not version.isdecimal():
        raise bad_request(f'Invalid value: "{version}": invalid resource version')
    shelf = store.shelf(call.kind.storage)
    if int(version) < shelf.floor:
        watcher.add("ERROR", encode(expired(f"too old resource version: {version} ({shelf.floor})").status))
        return False
    for change in shelf.log:
        if change.after.version > int(version):
            watcher.notice(change)
    return True


async def _pump(response: web.StreamResponse, watcher: Watcher, store: Store, call: Call, remembers: bool) -> None:
    loop = asyncio.get_running_loop()
    seconds = call.query.get("timeoutSeconds", "")
    deadline = loop.time() + (float(seconds) if seconds.isdecimal() and seconds != "0" else 3600.0)
    bookmarks = call.query.get("allowWatchBookmarks") in ("true", "1")
    while (left := deadline - loop.time()) > 0:
        blob = await watcher.take(min(left, _BOOKMARK_EVERY_S))
        if blob:
            await response.write(blob)
        elif bookmarks and left > _BOOKMARK_EVERY_S:
            watcher.add("BOOKMARK", _bookmark(store, call, ended=False))
        if not remembers:
            return


def _bookmark(store: Store, call: Call, ended: bool) -> bytes:
    meta: dict[str, object] = {"resourceVersion": str(store.version), "creationTimestamp": None}
    if ended:
        meta["annotations"] = {"k8s.io/initial-events-end": "true"}
    return head(call.kind.kind, call.api_version) + b'"metadata":' + encode(meta) + b"}"
