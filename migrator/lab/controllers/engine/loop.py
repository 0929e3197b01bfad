"""The thin loop around the pure controllers: wake on change, sync, write, look again.

It holds no policy but back-off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from migrator.lab.apiclient import Api
from migrator.lab.controllers.api.resources import Resource
from migrator.lab.controllers.api.writes import Sync, World
from migrator.lab.controllers.engine.cache import Cache, follow
from migrator.lab.controllers.engine.perform import Performer

_log = logging.getLogger(__name__)
_FIRST_PAUSE = 0.05
_LAST_PAUSE = 2.0
# News that arrives together is looked at together: one look per burst keeps a rollout cheap.
_GATHER_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Controller:
    """A name, the types whose changes matter, and the pure decision."""

    name: str
    watches: tuple[Resource, ...]
    sync: Callable[[World], Sync]


class Loop:
    """Runs controllers over shared caches until it is cancelled."""

    def __init__(self, api: Api, controllers: Sequence[Controller]) -> None:
        self._api = api
        self._controllers = controllers
        self._wakes = {one.name: asyncio.Event() for one in controllers}
        self._refusals: dict[str, str] = {}
        resources = dict.fromkeys(resource for one in controllers for resource in one.watches)
        self._caches = {resource: Cache(resource, self._changed) for resource in resources}
        self._performer = Performer(api, self._caches, self._refusals)

    async def run(self, ready: Callable[[], None]) -> None:
        """Fill the caches, say that we are ready, and control for ever."""
        async with asyncio.TaskGroup() as tasks:
            for cache in self._caches.values():
                tasks.create_task(follow(self._api, cache))
            await asyncio.gather(*(cache.filled.wait() for cache in self._caches.values()))
            for controller in self._controllers:
                tasks.create_task(self._control(controller))
            ready()

    def _changed(self, resource: Resource) -> None:
        for controller in self._controllers:
            if resource in controller.watches:
                self._wakes[controller.name].set()

    def _world(self) -> World:
        objects = {resource: cache.items() for resource, cache in self._caches.items()}
        return World(datetime.now(UTC), objects, dict(self._refusals))

    async def _control(self, controller: Controller) -> None:
        pause = _FIRST_PAUSE
        wake = self._wakes[controller.name]
        while True:
            wake.clear()
            wish = controller.sync(self._world())
            if await self._performer.perform(wish.writes):
                pause = _FIRST_PAUSE
                await _woken(wake, wish.recheck)
            else:
                # A refused write is tried again, but never in a tight circle.
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LAST_PAUSE)


async def _woken(wake: asyncio.Event, recheck: float | None) -> None:
    try:
        async with asyncio.timeout(recheck):
            await wake.wait()
    except TimeoutError:
        return
    await asyncio.sleep(_GATHER_SECONDS)
