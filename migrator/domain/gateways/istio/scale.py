"""How much configuration istiod sends a gateway, and how long that took the gateways that live: a start is as long as that.

Sources: istio pilot/pkg/features (PILOT_FILTER_GATEWAY_CLUSTER_CONFIG, off by default: a gateway is sent the clusters of every
Service that it may see, not only of those that its routes name); a pod's own status for the time from its start to Ready.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from migrator.domain.gateways.istio.proxy import ROOT
from migrator.domain.gateways.profile import Planned
from migrator.domain.messages.findings import Finding, info, warn
from migrator.domain.model.kubernetes import env, labels_of, name_of, pod_containers
from migrator.domain.model.manifests import Manifest, items, mapping, text
from migrator.domain.model.refs import source_ref
from migrator.domain.observation.world import Listing

FILTER = "PILOT_FILTER_GATEWAY_CLUSTER_CONFIG"
ISTIOD = "Istiod"
CONTROL_PLANE = Listing(ISTIOD, ("apps/v1",), "Deployment", ROOT, optional=True)
"""The Deployments of the control plane's namespace; a control plane elsewhere is not looked for."""

MANY_SERVICES = 500
"""From so many Services on the clusters that no route names make up most of a gateway's configuration (rule of thumb)."""

LONGEST = 600.0
"""A pod that became Ready later than this after its start was unready for another reason than its start."""


def start_takes_time(planned: Planned) -> Iterable[Finding]:
    """Say how much configuration a gateway waits for when it starts, and how long the living ones did."""
    services, routes = planned.world.all("VirtualService"), 0
    if planned.source is None or not services:
        return
    for service in services:
        routes += sum(len(items(service, "spec", part)) for part in ("http", "tls", "tcp"))
    took = sorted(_starts(planned))
    counts = {"virtual_services": len(services), "routes": routes, "deadline": planned.spec.deadlines.ready}
    where = f"{planned.spec.target.kind} {planned.spec.target.name}"
    if took:
        yield info("istio.start", where, **counts, least=took[0], most=took[-1], pods=len(took))
    else:
        yield info("istio.start:unmeasured", where, **counts)


def _starts(planned: Planned) -> Iterator[float]:
    """Give the seconds from the start of the process to Ready, of each old pod that tells both."""
    live = {pod.ref.name for pod in planned.world.old.live}
    for pod in planned.world.pods_in(source_ref(planned.spec).namespace):
        if name_of(pod) not in live:
            continue
        ready = next((row for row in items(pod, "status", "conditions") if text(row, "type") == "Ready"), {})
        began = _at(
            text(mapping(next(iter(items(pod, "status", "containerStatuses")), {}), "state", "running"), "startedAt")
        )
        ended = _at(text(ready, "lastTransitionTime"))
        if began and ended and 0 <= (took := (ended - began).total_seconds()) <= LONGEST:
            yield took


def _at(stamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    except ValueError:
        return None


def clusters_are_filtered(planned: Planned) -> Iterable[Finding]:
    """In a large mesh most of what a gateway waits for is clusters that no route of its names, unless istiod filters them."""
    services = len(planned.world.all("Service"))
    if planned.source is None or services < MANY_SERVICES:
        return
    planes = [row for row in planned.world.all(ISTIOD) if labels_of(row).get("app") == "istiod"]
    if not planes:
        yield info("istio.clusters:not-checked", ROOT, services=services)
    for plane in planes:
        if not _filters(plane):
            yield warn("istio.clusters", f"Deployment {ROOT}/{name_of(plane)}", services=services)


def _filters(plane: Manifest) -> bool:
    rows = pod_containers(mapping(plane, "spec", "template", "spec"))
    return any(env(row, FILTER) == "true" for row in rows)
