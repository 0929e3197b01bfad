"""What happens to a world in which a migration goes on: pods end, workloads are restarted and scaled, and the outside fails.

Each event is done once, through the interfaces that people and controllers use. Nothing of migrator is touched.
"""

import contextlib
import os
import random
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import httpx

from migrator.lab.demo.processes import envoys_of
from migrator.lab.ground.cluster import Cluster, is_ready
from migrator.lab.ground.layout import BALANCER_ID, GATEWAY_NAME, GATEWAY_NAMESPACE, Layout
from migrator.lab.ground.manifests import SELECTOR, Json

OUTAGE = 4.0
"""Seconds for which something outside fails: shorter than any patience of the lab's plan, longer than several turns."""

_APPS = f"/apis/apps/v1/namespaces/{GATEWAY_NAMESPACE}"
_PODS = f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods"
_BOTH = f"istio={SELECTOR['istio']}"
"""What Istio selects by: pods of both sides have it, and every other label of the new ones is the plan's to choose."""

_MERGE = {"Content-Type": "application/merge-patch+json"}
MOST_REPLICAS, LEAST_REPLICAS = 5, 2


class Harm(StrEnum):
    """What an event may cost; those requests are counted apart. `NONE`: nothing. `STREAMS`: a WebSocket never ends by itself,
    so a pod that ends cuts it when its drain is over, and with it the message that is under way. `IN_FLIGHT`: what the struck
    gateway held, and what the balancer sent to it until its health check or migrator took it out."""

    NONE = "none"
    STREAMS = "streams"
    IN_FLIGHT = "in flight"


@dataclass(frozen=True, slots=True)
class World:
    """What events act on."""

    layout: Layout
    cluster: Cluster
    supervisor: int
    dice: random.Random

    def pods(self, kind: str) -> list[Json]:
        """Give the Ready gateways that a ReplicaSet (`Deployment`) or a DaemonSet owns."""
        owner = "ReplicaSet" if kind == "Deployment" else kind
        found = self.cluster.http.get(_PODS, params={"labelSelector": _BOTH}).raise_for_status().json()["items"]
        return [pod for pod in found if is_ready(pod) and _owner(pod) == owner]

    def balancer(self, **order: object) -> None:
        """Ask the balancer for faults."""
        url = f"http://{self.layout.balancer_admin}/faults"
        httpx.post(url, json={"balancer": BALANCER_ID, **order}, timeout=5, trust_env=False).raise_for_status()

    def api(self, **fault: object) -> None:
        """Let the API server's next requests fail; each counts down, so that the outage ends by itself."""
        self.cluster.http.post("/lab/faults", json=fault).raise_for_status()


Strike = Callable[[World], str]
"""Does it, and says to what; "" where there was nothing to do it to."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens. `lasts`: seconds after which `mend` takes it back; 0: it is over at once."""

    name: str
    strike: Strike
    harm: Harm = Harm.NONE
    lasts: float = 0.0
    mend: Callable[[World], None] = lambda world: None


def restart(world: World) -> str:
    """Restart the Deployment as `kubectl rollout restart` does; "" where there is none."""
    stamp = {"kubectl.kubernetes.io/restartedAt": datetime.now(UTC).isoformat(timespec="milliseconds")}
    patch = {"spec": {"template": {"metadata": {"annotations": stamp}}}}
    return _patched(world, f"{_APPS}/deployments/{GATEWAY_NAME}", patch, "Deployment")


def scale(by: int) -> Strike:
    """Scale the Deployment, as an HPA does."""

    def strike(world: World) -> str:
        path = f"{_APPS}/deployments/{GATEWAY_NAME}"
        answer = world.cluster.http.get(path)
        if answer.status_code != httpx.codes.OK:
            return ""
        replicas = answer.json()["spec"]["replicas"] + by
        if not LEAST_REPLICAS <= replicas <= MOST_REPLICAS:
            return ""
        return _patched(world, path, {"spec": {"replicas": replicas}}, f"Deployment to {replicas}")

    return strike


def evict(kind: str) -> Strike:
    """Evict one gateway, as `kubectl drain` does."""

    def strike(world: World) -> str:
        return _one(world, kind, lambda pod: _evicted(world, pod))

    return strike


def crash(kind: str) -> Strike:
    """Kill one gateway's Envoy, as the kernel does when memory is short."""

    def strike(world: World) -> str:
        return _one(world, kind, lambda pod: _killed(world, pod["status"]["podIP"]))

    return strike


def _patched(world: World, path: str, patch: Json, what: str) -> str:
    answer = world.cluster.http.patch(path, json=patch, headers=_MERGE)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return ""
    answer.raise_for_status()
    return what


def _one(world: World, kind: str, act: Callable[[Json], bool]) -> str:
    """Do it to one gateway of several; the last one of a side is left alone, since nothing could take its place."""
    pods = world.pods(kind)
    if len(pods) < 2:
        return ""
    pod = world.dice.choice(sorted(pods, key=lambda pod: pod["metadata"]["name"]))
    return f"Pod {pod['metadata']['name']}" if act(pod) else ""


def _evicted(world: World, pod: Json) -> bool:
    name = pod["metadata"]["name"]
    body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": GATEWAY_NAMESPACE}}
    answer = world.cluster.http.post(f"{_PODS}/{name}/eviction", json=body)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:  # a disruption budget says no: then nothing happens
        return False
    answer.raise_for_status()
    return True


def _killed(world: World, address: str) -> bool:
    pids = envoys_of(world.supervisor, (address,))
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return bool(pids)


def _owner(pod: Json) -> str:
    owners = pod["metadata"].get("ownerReferences") or [{}]
    return str(owners[0].get("kind", ""))


def _api(**fault: object) -> Event:
    """Let the API server fail for all of its clients for a while."""
    name = f"API server {fault['status']}"

    def strike(world: World) -> str:
        world.api(**fault)
        return "API server"

    return Event(name, strike, lasts=OUTAGE, mend=_mended)


def _mended(world: World) -> None:
    world.cluster.http.delete("/lab/faults").raise_for_status()


def _balancer(name: str, **order: object) -> Event:
    def strike(world: World) -> str:
        world.balancer(**order)
        return "balancer"

    return Event(name, strike)


EVENTS: Mapping[str, Event] = {
    event.name: event
    for event in (
        Event("restart the Deployment", restart, Harm.STREAMS),
        Event("scale the Deployment up", scale(+1)),
        Event("scale the Deployment down", scale(-1), Harm.STREAMS),
        Event("evict a pod of the Deployment", evict("Deployment"), Harm.STREAMS),
        Event("evict a pod of the DaemonSet", evict("DaemonSet"), Harm.STREAMS),
        Event("crash a gateway of the Deployment", crash("Deployment"), Harm.IN_FLIGHT),
        Event("crash a gateway of the DaemonSet", crash("DaemonSet"), Harm.IN_FLIGHT),
        _api(status=503),
        _api(status=401),
        _api(status=403),
        _api(status="delay", seconds=OUTAGE, count=40),
        _balancer("balancer busy", busy_s=OUTAGE),
        _balancer("balancer throttles", throttle_s=OUTAGE),
        _balancer("balancer fails", error_s=OUTAGE),
        _balancer("balancer loses an answer", drop_responses=1),
        _balancer("balancer loses a request", drop_requests=2),
    )
}
"""Every event by its name."""
