"""The config server's HTTP side: long polls, the `stale` fault, and a list of pods for people. It computes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web

from migrator.lab.controllers.api.objects import name_of, namespace_of
from migrator.lab.controllers.api.resources import (
    ENDPOINT_SLICES,
    ENVOY_FILTERS,
    ISTIO_GATEWAYS,
    PODS,
    SERVICES,
    VIRTUAL_SERVICES,
    Json,
    Resource,
)
from migrator.lab.controllers.api.writes import World
from migrator.lab.controllers.engine.cache import Cache
from migrator.lab.istiod.config import gateway_config, stale

WATCHES = (PODS, SERVICES, ENDPOINT_SLICES, ISTIO_GATEWAYS, VIRTUAL_SERVICES, ENVOY_FILTERS)
_LONGEST_WAIT = 60.0
_GATHER_SECONDS = 0.005
PodKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The last question of a pod: the version it had, and when (monotonic seconds)."""

    version: str
    at: float


class ConfigServer:
    """Answers for every gateway pod from caches that somebody else keeps.

    `configure` computes a pod's config from what is watched; usually it is Istio's.
    """

    def __init__(
        self, watches: Iterable[Resource] = WATCHES, configure: Callable[[Json, World], Json] = gateway_config
    ) -> None:
        self.caches: Mapping[Resource, Cache] = {one: Cache(one, self._on_change) for one in watches}
        self._configure = configure
        self._stale: set[PodKey] = set()
        self._asked: dict[PodKey, Asked] = {}
        self._news = asyncio.Event()

    def app(self) -> web.Application:
        """Return the HTTP application."""
        app = web.Application()
        app.router.add_get("/v1/config/{namespace}/{pod}", self._config)
        app.router.add_post("/v1/fault", self._fault)
        app.router.add_get("/v1/pods", self._pods)
        app.router.add_get("/healthz", self._healthz)
        return app

    def _on_change(self, _: Resource) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def current(self, key: PodKey) -> Json | None:
        """Return a pod's config as of now, its fault included; None for a pod that is not in the cluster."""
        pod = next((one for one in self.caches[PODS].items() if (namespace_of(one), name_of(one)) == key), None)
        if pod is None:
            return None
        config = self._configure(pod, self._world())
        return stale(config) if key in self._stale else config

    def _world(self) -> World:
        objects = {resource: cache.items() for resource, cache in self.caches.items()}
        return World(datetime.now(UTC), objects, {})

    async def _config(self, request: web.Request) -> web.Response:
        key = (request.match_info["namespace"], request.match_info["pod"])
        known = request.query.get("version", "")
        try:
            wait = min(_LONGEST_WAIT, float(request.query.get("wait", "0")))
        except ValueError:
            return _refusal(400, "wait is not a number of seconds")
        self._asked[key] = Asked(known, time.monotonic())
        config = await self._newer(key, known, wait)
        return _refusal(404, f"no pod {key[0]}/{key[1]}") if config is None else web.json_response(config)

    async def _newer(self, key: PodKey, known: str, wait: float) -> Json | None:
        """Wait, at most `wait` seconds, for a version other than `known`; then give whatever there is."""
        deadline = time.monotonic() + wait
        while True:
            news = self._news
            config = self.current(key)
            left = deadline - time.monotonic()
            if left <= 0 or (config is not None and config["version"] != known):
                return config
            try:
                async with asyncio.timeout(left):
                    await news.wait()
                    await asyncio.sleep(_GATHER_SECONDS)  # news comes in bursts; compute once for each
            except TimeoutError:
                continue

    async def _fault(self, request: web.Request) -> web.Response:
        body: Json = await request.json()
        kind, key = body.get("kind"), (str(body.get("namespace")), str(body.get("pod")))
        if kind == "stale":
            self._stale.add(key)
        elif kind == "none":
            self._stale.discard(key)
        else:
            return _refusal(400, 'kind must be "stale" or "none"')
        self._on_change(PODS)
        return web.json_response({"namespace": key[0], "pod": key[1], "kind": kind})

    async def _pods(self, _: web.Request) -> web.Response:
        keys = sorted((namespace_of(one), name_of(one)) for one in self.caches[PODS].items())
        rows = [self._row(key) for key in keys]
        return web.json_response({"pods": [row for row in rows if row is not None]})

    def _row(self, key: PodKey) -> Json | None:
        """Show a pod that is a gateway: one that has listeners, or has asked."""
        config, asked = self.current(key), self._asked.get(key)
        if config is None or (asked is None and not config["listeners"]):
            return None
        return {
            "namespace": key[0],
            "name": key[1],
            "workload": config["workload"]["name"],
            "version": config["version"],
            "holds": asked.version if asked else None,
            "asked_seconds_ago": round(time.monotonic() - asked.at, 3) if asked else None,
            "fault": "stale" if key in self._stale else "none",
            "listeners": [one["port"] for one in config["listeners"]],
        }

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")


def _refusal(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
