"""The lab's own API of the balancers: create, watch, break. Plain JSON, no signatures, never part of a cloud's API."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from migrator.lab.balancer.faults import Order
from migrator.lab.balancer.settings import BadSpec, BalancerSpec, Timings, read
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live

_Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


def admin(fleet: Fleet) -> web.Application:
    """Return the application; errors are {"error": text} with 400, 404 or 409."""
    app = web.Application(middlewares=[_in_words])
    routes = _Routes(fleet)
    app.router.add_get("/healthz", routes.healthz)
    app.router.add_get("/balancers", routes.list)
    app.router.add_post("/balancers", routes.create)
    app.router.add_get("/balancers/{id}", routes.show)
    app.router.add_delete("/balancers/{id}", routes.delete)
    app.router.add_post("/balancers/{id}/timings", routes.timings)
    app.router.add_get("/stats", routes.stats)
    app.router.add_get("/faults", routes.faults)
    app.router.add_post("/faults", routes.break_)
    app.router.add_get("/log", routes.log)
    return app


@web.middleware
async def _in_words(request: web.Request, handler: _Reply) -> web.StreamResponse:
    try:
        return await handler(request)
    except (BadSpec, json.JSONDecodeError) as error:
        return web.json_response({"error": str(error)}, status=400)
    except LookupError as error:
        return web.json_response({"error": f"no balancer {error}"}, status=404)
    except OSError as error:
        return web.json_response({"error": str(error)}, status=409)


class _Routes:
    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def list(self, _: web.Request) -> web.Response:
        return web.json_response({"balancers": [view(live) for live in self._fleet]})

    async def create(self, request: web.Request) -> web.Response:
        live = self._fleet.create(read(BalancerSpec, await request.json()))
        await live.ready()
        return web.json_response(view(live), status=201)

    async def show(self, request: web.Request) -> web.Response:
        return web.json_response(view(self._found(request.match_info["id"])))

    async def delete(self, request: web.Request) -> web.Response:
        balancer = self._found(request.match_info["id"]).model.spec.id
        return web.json_response({"deleted": self._fleet.delete(balancer)})

    async def timings(self, request: web.Request) -> web.Response:
        live = self._found(request.match_info["id"])
        live.timings = read(Timings, dataclasses.asdict(live.timings) | await _object(request))
        return web.json_response(dataclasses.asdict(live.timings))

    async def stats(self, request: web.Request) -> web.Response:
        wanted = request.query.get("balancer")
        lives = list(self._fleet) if wanted is None else [self._found(wanted)]
        for live in lives:
            await live.count()
        return web.json_response({"balancers": {live.model.spec.id: stats(live) for live in lives}})

    async def faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._found(request.query.get("balancer", "")).faults.view())

    async def break_(self, request: web.Request) -> web.Response:
        body = await _object(request)
        live = self._found(str(body.pop("balancer", "")))
        order = read(Order, body)
        live.faults.obey(order)
        if order.outside is not None:
            live.change_from_outside(order.outside)
        self._fleet.record.note("fault", live.model.spec.id, order=body)
        return web.json_response(live.faults.view())

    async def log(self, request: web.Request) -> web.Response:
        query = request.query
        kinds = [kind for kind in query.get("kind", "").split(",") if kind]
        after = query.get("after", "0")
        if not after.isdigit():
            raise BadSpec(f"after: a number is needed, not {after!r}")
        return web.json_response({"events": self._fleet.record.read(query.get("balancer"), kinds, int(after))})

    def _found(self, balancer: str) -> Live:
        if (live := self._fleet.get(balancer)) is None:
            raise LookupError(balancer)
        return live


async def _object(request: web.Request) -> dict[str, Any]:  # Any: JSON
    body = await request.json()
    if not isinstance(body, dict):
        raise BadSpec("$: an object is needed")
    return body


def view(live: Live) -> dict[str, Any]:  # Any: JSON
    """Return what a balancer is: {"id", "vip", "listeners": [{"id", "port", "targets": [{"address", "port", ...}]}]}."""
    spec = live.model.spec
    listeners = []
    for listener in live.model.listeners.values():
        targets = [
            {
                "address": key.address,
                "port": key.port,
                "weight": target.weight,
                "instance_id": target.instance_id,
                "health": live.health(listener.spec.id, key).value,
            }
            for key, target in listener.targets.items()
        ]
        listeners.append({"id": listener.spec.id, "port": listener.port, "targets": targets})
    return {"id": spec.id, "vip": spec.vip, "busy": live.busy, "listeners": listeners}


def stats(live: Live) -> dict[str, Any]:  # Any: JSON
    """Return the counters: {"listeners": {id: {"accepted", "no_target", "active", "targets": {"address:port": {...}}}}}.

    A target has the fields of `TargetCounts`, plus "weight" (in the API), "effective_weight" (in the data plane; null
    when it is not there), "pool" (whose weight that is; null: its own) and "health". Targets that are gone keep their counts.
    """
    listeners, spec = {}, live.model.spec
    for name, front in live.fronts.items():
        targets = {}
        registered = live.model.listeners[name].targets
        for key in dict.fromkeys([*front.targets, *registered]):
            counts, slot = front.targets.get(key), front.rotation.get(key)
            targets[str(key)] = (dataclasses.asdict(counts) if counts else {}) | {
                "weight": registered[key].weight if key in registered else None,
                "effective_weight": None if slot is None else slot.weight,
                "pool": slot.pool if slot is not None and spec.pooled else None,
                "health": live.health(name, key).value,
            }
        active = sum(counts.active for counts in front.targets.values())
        listeners[name] = dataclasses.asdict(front.counts) | {"active": active, "targets": targets}
    return {"listeners": listeners}
