"""Tell an Envoy what to be while it runs: xDS over REST, by long polls. It knows no resource's meaning.

Files would be simpler, but each subscription to a file costs an inotify instance, of which a user has 128.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from enum import StrEnum

from migrator.lab.envoy.config import Json
from migrator.lab.http1.messages import Request, Response, json_response

log = logging.getLogger(__name__)

CLUSTER = "discovery"
"""The name of the static cluster behind which Envoy finds this server."""
_REFUSED_PAUSE = 1.0


class Kind(StrEnum):
    """A kind of resource, by the last part of the path that Envoy asks."""

    CLUSTERS = "clusters"
    ENDPOINTS = "endpoints"
    LISTENERS = "listeners"
    RUNTIME = "runtime"

    @property
    def type_url(self) -> str:
        return f"type.googleapis.com/envoy.{_TYPES[self]}"


_TYPES = {
    Kind.CLUSTERS: "config.cluster.v3.Cluster",
    Kind.ENDPOINTS: "config.endpoint.v3.ClusterLoadAssignment",
    Kind.LISTENERS: "config.listener.v3.Listener",
    Kind.RUNTIME: "service.runtime.v3.Runtime",
}
Make = Callable[[], Json]


def source() -> Json:
    """Return the config source that asks this server, and again as soon as it was answered."""
    api = {
        "api_type": "REST",
        "transport_api_version": "V3",
        "cluster_names": [CLUSTER],
        "refresh_delay": "0.001s",
        "request_timeout": "3600s",
    }
    return {"resource_api_version": "V3", "initial_fetch_timeout": "0s", "api_config_source": api}


class Discovery:
    """The resources of one Envoy. Each is made when it is asked for, so that many changes at once cost one answer."""

    def __init__(self) -> None:
        """Begin without resources."""
        self._made: dict[Kind, dict[str, Make]] = {kind: {} for kind in Kind}
        self._versions: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        self._taken: dict[tuple[Kind, tuple[str, ...]], str] = {}
        self._answered: dict[tuple[Kind, tuple[str, ...]], tuple[str, str]] = {}
        self._clock = 0
        self._changed = asyncio.Event()

    def publish(self, kind: Kind, name: str, make: Make) -> None:
        """Let Envoy have what `make` gives now; call it again after every change."""
        self._made[kind][name] = make
        self._note(kind, name)

    def withdraw(self, kind: Kind, name: str) -> None:
        """Let Envoy have the resource no more."""
        if self._made[kind].pop(name, None) is not None:
            self._note(kind, name)

    @property
    def is_taken(self) -> bool:
        """Whether Envoy has everything as it is now: it says what it has when it asks for more."""
        subjects = [(kind, ()) for kind in (Kind.CLUSTERS, Kind.LISTENERS)]
        named = [(kind, (name,)) for kind in (Kind.ENDPOINTS, Kind.RUNTIME) for name in self._made[kind]]
        return all(self._taken.get(subject) == self._version(*subject) for subject in [*subjects, *named])

    async def answer(self, request: Request) -> Response:
        """Answer one long poll as soon as something of what it asks for is newer than what Envoy has."""
        kind = Kind(request.path.rpartition(":")[2])
        asked = json.loads(request.body)
        names = tuple(asked.get("resource_names") or ())
        before = self._taken[kind, names] = asked.get("version_info", "")
        while (version := self._version(kind, names)) in ("0", before) or not self._has(kind, names):
            await self._changed.wait()
        if self._answered.get((kind, names)) == (before, version):
            log.error("envoy did not take kind=%s names=%s version=%s", kind, names, version)
            await asyncio.sleep(_REFUSED_PAUSE)  # it would ask again at once, for ever
        self._answered[kind, names] = before, version
        known = self._made[kind]
        resources = [{"@type": kind.type_url, **known[name]()} for name in names or tuple(known) if name in known]
        return json_response({"version_info": version, "type_url": kind.type_url, "resources": resources})

    def _has(self, kind: Kind, names: tuple[str, ...]) -> bool:
        """Return whether one of `names` is there; of everything, nothing may be left."""
        return not names or any(name in self._made[kind] for name in names)

    def _note(self, kind: Kind, name: str) -> None:
        self._clock += 1
        self._versions[kind][name] = self._clock
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _version(self, kind: Kind, names: tuple[str, ...]) -> str:
        """Return when something of `names`, or of everything, changed last; "0" where nothing was ever there."""
        versions = self._versions[kind]
        return str(max((versions.get(name, 0) for name in names or versions), default=0))
