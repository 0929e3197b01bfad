"""EndpointSlices: the addresses behind each Service with a selector.

Services without one are left to whoever made them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrator.lab.controllers.api.matching import has_labels
from migrator.lab.controllers.api.objects import (
    canonical,
    controller_of,
    is_deleting,
    is_finished,
    is_ready,
    labels_of,
    name_of,
    namespace_of,
    owner_reference,
    safe_hash,
    uid_of,
)
from migrator.lab.controllers.api.resources import ENDPOINT_SLICES, PODS, SERVICES, Json
from migrator.lab.controllers.api.writes import Create, Delete, Patch, Sync, World, Write, merged

WATCHES = (SERVICES, PODS, ENDPOINT_SLICES)
SERVICE_LABEL = "kubernetes.io/service-name"
MANAGED_LABEL = "endpointslice.kubernetes.io/managed-by"
_BY = "endpointslice-controller.k8s.io"


def sync(world: World) -> Sync:
    """Decide for every Service with a selector."""
    return merged(*(_sync_one(service, world) for service in world.all(SERVICES)))


def _sync_one(service: Json, world: World) -> Sync:
    selector = service["spec"].get("selector")
    if not selector or is_deleting(service) or service["spec"].get("type") == "ExternalName":
        return Sync()
    pods = [pod for pod in world.within(PODS, namespace_of(service)) if has_labels(selector, labels_of(pod))]
    wanted = {name_of(item): item for item in slices_of(service, pods)}
    existing = {name_of(item): item for item in _own(service, world.within(ENDPOINT_SLICES, namespace_of(service)))}
    writes: list[Write] = []
    for name, item in wanted.items():
        writes += _bring_about(item, existing.get(name))
    writes += [Delete(ENDPOINT_SLICES, item) for name, item in existing.items() if name not in wanted]
    return Sync(tuple(writes))


def _own(service: Json, slices: Iterable[Json]) -> list[Json]:
    uid = uid_of(service)
    return [item for item in slices if (controller_of(item) or {}).get("uid") == uid and not is_deleting(item)]


def _bring_about(wanted: Json, existing: Json | None) -> list[Write]:
    if existing is None:
        return [Create(ENDPOINT_SLICES, wanted)]
    changed = {
        field: wanted[field]
        for field in ("endpoints", "ports")
        if canonical(existing.get(field) or []) != canonical(wanted[field] or [])
    }
    return [Patch(ENDPOINT_SLICES, existing, {"metadata": {"uid": uid_of(existing)}} | changed)] if changed else []


def slices_of(service: Json, pods: Sequence[Json]) -> list[Json]:
    """Return the slices a Service should have: one for each set of port numbers (named ports may differ between pods)."""
    groups: dict[str, tuple[list[Json], list[Json]]] = {}
    for pod in sorted(pods, key=name_of):
        if is_finished(pod) or not (pod.get("status") or {}).get("podIP"):
            continue
        ports = ports_for(service, pod)
        group = groups.setdefault(canonical(ports), (ports, []))
        group[1].append(_endpoint(service, pod))
    if not groups:  # an empty slice says "nobody", which is not the same as nothing said
        groups[""] = ([], [])
    return [_slice(service, ports, endpoints) for ports, endpoints in groups.values()]


def ports_for(service: Json, pod: Json) -> list[Json]:
    """Resolve the Service's ports on one pod; a named port that the pod lacks is left out."""
    ports = []
    for port in service["spec"].get("ports") or []:
        number = target_number(port, pod)
        if number is not None:
            protocol = port.get("protocol") or "TCP"
            ports.append({"name": port.get("name") or "", "port": number, "protocol": protocol})
    return ports


def target_number(port: Json, pod: Json) -> int | None:
    """Return the container port number that a Service port means on this pod; None if it names one the pod lacks."""
    target = port.get("targetPort") or port["port"]
    if isinstance(target, int):
        return target
    for container in pod["spec"].get("containers") or []:
        for declared in container.get("ports") or []:
            if declared.get("name") == target:
                return int(declared["containerPort"])
    return None


def _endpoint(service: Json, pod: Json) -> Json:
    serving, terminating = is_ready(pod), is_deleting(pod)
    ready = bool(service["spec"].get("publishNotReadyAddresses")) or (serving and not terminating)
    endpoint: Json = {
        "addresses": [pod["status"]["podIP"]],
        "conditions": {"ready": ready, "serving": serving, "terminating": terminating},
        "targetRef": {"kind": "Pod", "name": name_of(pod), "namespace": namespace_of(pod), "uid": uid_of(pod)},
    }
    if node := pod["spec"].get("nodeName"):
        endpoint["nodeName"] = node
    return endpoint


def _slice(service: Json, ports: list[Json], endpoints: list[Json]) -> Json:
    # The name follows from the ports, so that a second look before our own write is seen cannot make a second slice.
    metadata = {
        "name": f"{name_of(service)}-{safe_hash([uid_of(service), ports])[:5]}",
        "namespace": namespace_of(service),
        "labels": labels_of(service) | {SERVICE_LABEL: name_of(service), MANAGED_LABEL: _BY},
        "ownerReferences": [owner_reference(service)],
    }
    return {"metadata": metadata, "addressType": "IPv4", "ports": ports, "endpoints": endpoints}
