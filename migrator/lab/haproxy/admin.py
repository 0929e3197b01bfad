"""The lab's own API of its HAProxy: `/healthz`, and `/stats` in the words of the lab's other balancers. Read only."""

import asyncio
from typing import Any

from aiohttp import web

from migrator.lab.balancer.settings import BalancerSpec
from migrator.lab.haproxy.runtime import Server, servers


class Counts:
    """Connections per server that only grow: HAProxy forgets a server's count when the server is removed."""

    def __init__(self) -> None:
        self._before: dict[str, int] = {}  # what earlier servers of this address had
        self._last: dict[str, int] = {}

    def take(self, servers: list[Server]) -> dict[str, int]:
        """Note what HAProxy says now, and give new connections so far by address; addresses that are gone stay."""
        for server in servers:
            last = self._last.get(server.address, 0)
            if server.connections < last:
                self._before[server.address] = self._before.get(server.address, 0) + last
            self._last[server.address] = server.connections
        return {address: self._before.get(address, 0) + last for address, last in self._last.items()}


def admin(spec: BalancerSpec, where: tuple[str, int]) -> web.Application:
    """Return the application; a HAProxy that does not answer is a 502 with {"error": text}."""
    counts = {listener.id: Counts() for listener in spec.listeners}

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def stats(request: web.Request) -> web.Response:
        if request.query.get("balancer", spec.id) != spec.id:
            return web.json_response({"error": f"no balancer {request.query['balancer']}"}, status=404)
        listeners = {}
        try:
            for name, counted in counts.items():
                seen = await asyncio.to_thread(servers, where, name)
                listeners[name] = listener(seen, counted.take(seen))
        except OSError as error:
            return web.json_response({"error": f"HAProxy: {error}"}, status=502)
        return web.json_response({"balancers": {spec.id: {"listeners": listeners}}})

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/stats", stats)
    return app


def listener(seen: list[Server], connections: dict[str, int]) -> dict[str, Any]:  # Any: JSON
    """Return one listener's counters: {"active", "targets": {"address:port": {"connections", "effective_weight", ...}}}.

    HAProxy obeys at once, so a weight is effective when it is set. A target that is gone has no weight.
    """
    now = {server.address: server for server in seen}
    targets = {}
    for address, count in connections.items():
        server = now.get(address)
        targets[address] = {
            "connections": count,
            "active": server.active if server else 0,
            "weight": server.weight if server else None,
            "effective_weight": server.weight if server else None,
            "health": "alive" if server and server.alive else "dead",
        }
    return {"active": sum(server.active for server in seen), "targets": targets}
