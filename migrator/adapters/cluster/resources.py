"""Where the server keeps a kind: discovery, asked once per API version and remembered. It guesses no plural."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.words import Missing
from migrator.domain.model.manifests import ObjectRef, items, text

MISSING_FOR = 5.0
"""For so many seconds a kind that the server did not know is taken to be missing still: a plan asks for dozens at once."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind as the server serves it."""

    api_version: str
    plural: str
    namespaced: bool

    @property
    def group(self) -> str:
        """Give the API group; "" is the core group."""
        return self.api_version.rpartition("/")[0]

    def path(self, namespace: str = "", name: str = "") -> str:
        """Give the URL path of the collection (of one namespace or of all), or of one object."""
        root = f"/apis/{self.api_version}" if self.group else f"/api/{self.api_version}"
        scope = f"/namespaces/{quote(namespace, safe='')}" if self.namespaced and namespace else ""
        return f"{root}{scope}/{self.plural}" + (f"/{quote(name, safe='')}" if name else "")


class Resources:
    """The kinds of one server. A kind that is missing is asked for again after some seconds: a CRD may arrive.

    Several threads that want the same API version at once ask once: the others wait for the first one's answer.
    """

    def __init__(self, connection: Connection, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._connection, self._monotonic = connection, monotonic
        self._known: dict[str, dict[str, Resource]] = {}
        self._asked_at: dict[str, float] = {}
        self._locks: dict[str, Lock] = {}

    def find(self, api_version: str, kind: str) -> Resource | None:
        """Give the resource of a kind; None when the server does not know it."""
        if kind not in self._known.get(api_version, {}):
            with self._locks.setdefault(api_version, Lock()):
                if not self._asked_lately(api_version):
                    self._known[api_version] = self._discover(api_version)
                    self._asked_at[api_version] = self._monotonic()
        return self._known[api_version].get(kind)

    def kinds(self, group: str) -> tuple[str, ...]:
        """Give the kinds of a group, of all the versions that the server serves, in order."""
        try:
            answer = self._connection.ask("GET", f"/apis/{quote(group, safe='')}")
        except Missing:
            return ()
        versions = [text(row, "groupVersion") for row in items(answer, "versions")]
        for version in versions:
            self.find(version, "")
        return tuple(sorted({kind for version in versions for kind in self._known.get(version, {})}))

    def _asked_lately(self, api_version: str) -> bool:
        asked_at = self._asked_at.get(api_version)
        return asked_at is not None and self._monotonic() - asked_at < MISSING_FOR

    def of(self, ref: ObjectRef) -> Resource | None:
        """Give the resource of the referenced object's kind; None when the server does not know it."""
        return self.find(ref.api_version, ref.kind)

    def _discover(self, api_version: str) -> dict[str, Resource]:
        try:
            answer = self._connection.ask(
                "GET", f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
            )
        except Missing:
            return {}
        rows = [row for row in items(answer, "resources") if "/" not in text(row, "name")]
        return {text(r, "kind"): Resource(api_version, text(r, "name"), r.get("namespaced") is True) for r in rows}
