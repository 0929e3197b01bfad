"""Which EnvoyProxy shapes a Gateway's workload, and what it says. It refuses nothing: what it does not know it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.lab.controllers.api.objects import name_of, namespace_of
from migrator.lab.controllers.api.resources import Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.envoygateway.kinds import ENVOY_PROXIES, GATEWAY_CLASSES


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an EnvoyProxy asks for. `daemon` says which workload; `workload` is its part about that, `service` the Service's."""

    daemon: bool
    workload: Json
    service: Json
    shutdown: Json
    ports_as_they_are: bool


def wanted_of(gateway: Json, world: World) -> Wanted:
    """Return what the Gateway's EnvoyProxy says, else its class's; without one a Deployment and a LoadBalancer."""
    spec: Json = (_proxy_of(gateway, world) or {}).get("spec") or {}
    provider: Json = (spec.get("provider") or {}).get("kubernetes") or {}
    daemon = "envoyDaemonSet" in provider
    return Wanted(
        daemon=daemon,
        workload=provider.get("envoyDaemonSet" if daemon else "envoyDeployment") or {},
        service=provider.get("envoyService") or {},
        shutdown=spec.get("shutdown") or {},
        ports_as_they_are=bool(provider.get("useListenerPortAsContainerPort")),
    )


def class_of(gateway: Json, world: World) -> Json | None:
    """Return the GatewayClass of a Gateway, if it is there."""
    wanted = gateway["spec"].get("gatewayClassName")
    return next((one for one in world.all(GATEWAY_CLASSES) if name_of(one) == wanted), None)


def _proxy_of(gateway: Json, world: World) -> Json | None:
    own: Json = (gateway["spec"].get("infrastructure") or {}).get("parametersRef") or {}
    shared: Json = ((class_of(gateway, world) or {}).get("spec") or {}).get("parametersRef") or {}
    key = (namespace_of(gateway), own["name"]) if own else (shared.get("namespace", ""), shared.get("name", ""))
    found = (one for one in world.all(ENVOY_PROXIES) if (namespace_of(one), name_of(one)) == key)
    return next(found, None)
