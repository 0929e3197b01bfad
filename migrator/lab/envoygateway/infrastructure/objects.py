"""Everything that Envoy Gateway keeps in the cluster for one Gateway, as it should be: values that are applied as they are.

Source: envoyproxy/gateway internal/infrastructure/kubernetes/proxy/resource_provider.go. All of it is owned by the
GatewayClass, and known again by its labels.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.lab.controllers.api.objects import name_of, uid_of
from migrator.lab.controllers.api.resources import (
    CONFIG_MAPS,
    DAEMON_SETS,
    DEPLOYMENTS,
    SERVICE_ACCOUNTS,
    SERVICES,
    Json,
    Resource,
)
from migrator.lab.envoygateway.infrastructure.pods import template_for
from migrator.lab.envoygateway.infrastructure.proxies import Wanted
from migrator.lab.envoygateway.names import SYSTEM, container_port, infra_name, key_of, labels_for
from migrator.lab.kube.patch.listkeys import ListKeys
from migrator.lab.kube.patch.strategic import merged

ORDER = (SERVICE_ACCOUNTS, CONFIG_MAPS, DEPLOYMENTS, DAEMON_SETS, SERVICES)
"""The kinds in the order in which they are seen to: a Deployment that is not wanted goes before its DaemonSet comes."""


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """What one Gateway needs; `objects` has no entry for a kind of which nothing is wanted."""

    key: str
    objects: dict[Resource, Json]


def infrastructure(gateway: Json, owner: Json, wanted: Wanted, xds: tuple[str, int]) -> Infrastructure:
    """Return what the cluster should hold for a Gateway of the class `owner`."""
    key = key_of(gateway)
    meta = _meta(key, owner)
    workload = DAEMON_SETS if wanted.daemon else DEPLOYMENTS
    objects: dict[Resource, Json] = {
        SERVICE_ACCOUNTS: {"metadata": meta},
        CONFIG_MAPS: {"metadata": meta, "data": {"xds-trusted-ca.json": "{}", "xds-certificate.json": "{}"}},
        workload: _workload(key, meta, wanted, xds),
        SERVICES: _service(gateway, meta, wanted),
    }
    heads = {kind: {"apiVersion": kind.group_version, "kind": kind.kind} for kind in objects}
    return Infrastructure(key, {kind: heads[kind] | thing for kind, thing in objects.items()})


def _workload(key: str, meta: Json, wanted: Wanted, xds: tuple[str, int]) -> Json:
    said = wanted.workload
    template = template_for(key, wanted, xds)
    template["spec"]["serviceAccountName"] = infra_name(key)
    spec: Json = {"selector": {"matchLabels": labels_for(key)}, "template": template}
    if wanted.daemon:
        spec["updateStrategy"] = said.get("strategy") or {"type": "RollingUpdate"}
    else:
        spec["replicas"] = said.get("replicas", 1)
        spec["strategy"] = said.get("strategy") or {"type": "RollingUpdate"}
    named = {"metadata": meta | {"name": said.get("name") or meta["name"]}, "spec": spec}
    return _patched(named, said, DAEMON_SETS if wanted.daemon else DEPLOYMENTS)


def _service(gateway: Json, meta: Json, wanted: Wanted) -> Json:
    said = wanted.service
    kind = said.get("type") or "LoadBalancer"
    numbers = sorted({int(listener["port"]) for listener in gateway["spec"].get("listeners") or []})
    ports = [_service_port(number, wanted.ports_as_they_are) for number in numbers]
    spec: Json = {"type": kind, "selector": labels_for(key_of(gateway)), "ports": ports}
    if kind == "LoadBalancer":
        spec["externalTrafficPolicy"] = said.get("externalTrafficPolicy") or "Local"
    notes = {"annotations": said["annotations"]} if said.get("annotations") else {}
    return _patched({"metadata": meta | notes, "spec": spec}, said, SERVICES)


def _service_port(number: int, as_it_is: bool) -> Json:
    target = container_port(number, as_it_is)
    return {"name": f"http-{number}", "port": number, "targetPort": target, "protocol": "TCP"}


def _patched(thing: Json, said: Json, resource: Resource) -> Json:
    """Merge in the EnvoyProxy's own patch, as a strategic merge."""
    patch: Json = (said.get("patch") or {}).get("value") or {}
    return merged(thing, patch, ListKeys(typed=True, plural=resource.plural)) if patch else thing


def _meta(key: str, owner: Json) -> Json:
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": name_of(owner),
        "uid": uid_of(owner),
    }
    return {
        "name": infra_name(key),
        "namespace": SYSTEM,
        "labels": labels_for(key),
        "ownerReferences": [reference],
    }
