"""Where the server keeps a kind: discovery, asked once per API version and remembered. It guesses no plural."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.words import Missing
from migrator.domain.model.manifests import ObjectRef, items, text


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
    """The kinds of one server. A kind that is missing is asked for again next time: a CRD may arrive.

    Several threads that want the same API version at once ask once: the others wait for the first one's answer.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, dict[str, Resource]] = {}
        self._locks: dict[str, Lock] = {}

    def find(self, api_version: str, kind: str) -> Resource | None:
        """Give the resource of a kind; None when the server does not know it."""
        before = self._known.get(api_version)
        if before is None or kind not in before:
            with self._locks.setdefault(api_version, Lock()):
                if self._known.get(api_version) is before:  # else somebody has asked while we waited
                    self._known[api_version] = self._discover(api_version)
        return self._known[api_version].get(kind)

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
