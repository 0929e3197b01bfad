"""What kube-proxy does for node ports: on every node a port that leads to a Service's pods, as TCP and nothing else.

With `externalTrafficPolicy: Local` only to those on the same node. Where nobody is ready the port is shut: a real node drops
such packets, so there a connection waits where here it is refused; a balancer's check fails either way.
"""

import asyncio
import itertools
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from migrator.lab.apiclient import Api, ApiError, Unanswered
from migrator.lab.node.documents import Json, at

log = logging.getLogger(__name__)

SERVICES, SLICES = "/api/v1/services", "/apis/discovery.k8s.io/v1/endpointslices"
_OF = "kubernetes.io/service-name"
_AGAIN_SECONDS = 0.3
_WATCH_SECONDS = "240"
_CHUNK = 65536
_CONNECTS_WITHIN = 5.0


@dataclass(frozen=True, slots=True)
class Door:
    """One port of one node and the endpoints behind it now, as (address, port)."""

    host: str
    port: int
    behind: tuple[tuple[str, int], ...]


def doors(services: Iterable[Json], slices: Iterable[Json], nodes: Mapping[str, str]) -> tuple[Door, ...]:
    """Give every open port of every node (address by name); a port without anybody behind it is none."""
    known = tuple(slices)
    found = []
    for service in services:
        own = [each for each in known if _is_of(each, service)]
        local = at(service, "spec", "externalTrafficPolicy") == "Local"
        for port in at(service, "spec", "ports") or ():
            if not port.get("nodePort"):
                continue
            for name, host in nodes.items():
                behind = _behind(own, port.get("name") or "", name if local else "")
                found += [Door(host, port["nodePort"], behind)] if behind else []
    return tuple(found)


def _is_of(one: Json, service: Json) -> bool:
    meta, its = one["metadata"], service["metadata"]
    return bool(meta["namespace"] == its["namespace"] and (meta.get("labels") or {}).get(_OF) == its["name"])


def _behind(slices: Iterable[Json], port: str, node: str) -> tuple[tuple[str, int], ...]:
    """Give the ready endpoints, on one node where it is named; where none is ready, those that end and still serve."""
    rows = [
        (end["conditions"], (end["addresses"][0], row["port"]))
        for each in slices
        for row in each.get("ports") or ()
        for end in each.get("endpoints") or ()
        if (row.get("name") or "") == port and node in ("", end.get("nodeName"))
    ]
    ready = tuple(sorted(address for state, address in rows if state.get("ready")))
    return ready or tuple(sorted(address for state, address in rows if state.get("serving")))


class NodePorts:
    """Keeps the node ports of some nodes open. Connections outlive the endpoint's readiness, as with conntrack."""

    def __init__(self, api: Api, nodes: Mapping[str, str]) -> None:
        self._api, self._nodes = api, nodes
        self._known: dict[str, dict[str, Json]] = {SERVICES: {}, SLICES: {}}
        self._open: dict[tuple[str, int], asyncio.Server] = {}
        self._behind: dict[tuple[str, int], tuple[tuple[str, int], ...]] = {}
        self._turn = itertools.count()
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Follow Services and their endpoints until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for path in (SERVICES, SLICES):
                    tasks.create_task(self._follow(path))
                tasks.create_task(self._apply())
        finally:
            for server in self._open.values():
                server.close()

    async def _follow(self, path: str) -> None:
        while True:
            with suppress(ApiError, Unanswered):
                listed = await self._api.call("GET", path)
                self._known[path] = {one["metadata"]["uid"]: one for one in listed["items"] or ()}
                self._changed.set()
                await self._watch(path, str(listed["metadata"]["resourceVersion"]))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _watch(self, path: str, version: str) -> None:
        query = {"resourceVersion": version, "timeoutSeconds": _WATCH_SECONDS}
        async for event in self._api.watch(path, query):
            if event["type"] == "ERROR":
                return
            one: Json = event["object"]
            if event["type"] == "DELETED":
                self._known[path].pop(one["metadata"]["uid"], None)
            elif event["type"] in ("ADDED", "MODIFIED"):
                self._known[path][one["metadata"]["uid"]] = one
            self._changed.set()

    async def _apply(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            wanted = doors(self._known[SERVICES].values(), self._known[SLICES].values(), self._nodes)
            self._behind = {(door.host, door.port): door.behind for door in wanted}
            for where in self._open.keys() - self._behind.keys():
                self._open.pop(where).close()
            for where in self._behind.keys() - self._open.keys():
                await self._opened(*where)

    async def _opened(self, host: str, port: int) -> None:
        try:
            self._open[host, port] = await asyncio.start_server(self._serve, host, port)
        except OSError as problem:
            log.warning("node port %s:%s cannot be opened: %s", host, port, problem)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead one connection to an endpoint, in turn; what one end says, or that it hangs up, the other hears."""
        where = writer.get_extra_info("sockname")[:2]
        behind = self._behind.get((where[0], where[1]), ())
        if not behind:
            writer.transport.abort()
            return
        address = behind[next(self._turn) % len(behind)]
        try:
            inner = await asyncio.wait_for(asyncio.open_connection(*address), _CONNECTS_WITHIN)
        except (OSError, TimeoutError):
            writer.transport.abort()
            return
        await asyncio.gather(pumped(reader, inner[1]), pumped(inner[0], writer))
        for end in (inner[1], writer):
            end.close()


async def pumped(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    """Carry everything from one connection to another, and its end; a reset is passed on as one."""
    try:
        while data := await source.read(_CHUNK):
            into.write(data)
            await into.drain()
        if into.can_write_eof():
            into.write_eof()
    except (OSError, RuntimeError):
        into.transport.abort()
