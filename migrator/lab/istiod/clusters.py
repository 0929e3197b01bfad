"""Clusters: the addresses behind a destination, from the Service's annotation or its EndpointSlices. Resolves no DNS."""

from __future__ import annotations

from migrator.lab.controllers.api.objects import annotations_of, labels_of, name_of, namespace_of
from migrator.lab.controllers.api.resources import ENDPOINT_SLICES, SERVICES, Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.controllers.services.endpointslices import SERVICE_LABEL
from migrator.lab.istiod.hosts import service_key

FIXED = "lab/endpoint"
"""Annotation of a Service: its one endpoint as `ip:port`, for a backend that is no pod."""


def cluster(name: str, world: World) -> Json:
    """Return a cluster by Istio's name of it. Without endpoints it answers 503, which is what an unknown Service does."""
    _, number, _, host = name.split("|")
    service = _service(host, world)
    endpoints = [] if service is None else _endpoints(service, int(number), world)
    return {"name": name, "endpoints": endpoints}


def _service(host: str, world: World) -> Json | None:
    key = service_key(host)
    services = (item for item in world.all(SERVICES) if (namespace_of(item), name_of(item)) == key)
    return next(services, None)


def _endpoints(service: Json, number: int, world: World) -> list[Json]:
    fixed = annotations_of(service).get(FIXED)
    if fixed:
        address, _, port = fixed.rpartition(":")
        return [{"address": address, "port": int(port)}]
    names = [port.get("name") or "" for port in service["spec"].get("ports") or [] if port["port"] == number]
    endpoints = []
    for item in world.within(ENDPOINT_SLICES, namespace_of(service)):
        if labels_of(item).get(SERVICE_LABEL) == name_of(service):
            endpoints += _ready_in(item, names)
    return sorted(endpoints, key=lambda one: (one["address"], one["port"]))


def _ready_in(item: Json, names: list[str]) -> list[Json]:
    ports = [port["port"] for port in item.get("ports") or [] if (port.get("name") or "") in names]
    ready = [one for one in item.get("endpoints") or [] if (one.get("conditions") or {}).get("ready", True)]
    return [{"address": address, "port": port} for one in ready for address in one["addresses"] for port in ports]
