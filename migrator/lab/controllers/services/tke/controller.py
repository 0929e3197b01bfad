"""Reconcile CLB listeners with their Services' pods, as TKE's controller does for direct access: Ready members, at the
weight their annotation asks for, or the default. It knows nothing of anybody's migration. Source: Tencent's page 128647.
"""

import re
from dataclasses import dataclass, replace

import httpx

from migrator.lab.ground.cloud import Cloud
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import Address
from migrator.lab.ground.manifests import Json

WEIGHT = "service.cloud.tencent.com/custom-weight"
DIRECT = "service.cloud.tencent.com/direct-access"
DEFAULT = 10
KNOWS_WEIGHTS = (2, 4, 0)


@dataclass(frozen=True, slots=True)
class Controller:
    """One controller. `services` maps a listener's id to namespace and name of its Service."""

    cluster: Cluster
    cloud: Cloud
    services: dict[str, tuple[str, str]]

    def step(self) -> bool:
        """Make every listener what its Service asks for; return whether anything had to be changed."""
        return any([self._listener(name) for name in self.services])

    def _listener(self, name: str) -> bool:
        cloud = replace(self.cloud, listener=name)
        wanted, there = self.wanted(name), cloud.weights()
        if fresh := {at: weight for at, weight in wanted.items() if at not in there}:
            cloud.register(fresh)
        if moved := {at: weight for at, weight in wanted.items() if at in there and there[at] != weight}:
            cloud.set_weights(moved)
        if gone := [at for at in there if at not in wanted]:
            cloud.deregister(gone)
        return bool(fresh or moved or gone)

    def wanted(self, listener: str) -> dict[Address, int]:
        """Return what a listener should have."""
        namespace, name = self.services[listener]
        service = self.cluster.get(f"/api/v1/namespaces/{namespace}/services/{name}")
        if (service["metadata"].get("annotations") or {}).get(DIRECT) != "true":
            return {}
        target, knows = service["spec"]["ports"][0]["targetPort"], self._knows_weights()
        members = self.cluster.ready_pods(namespace, service["spec"]["selector"])
        return {
            Address(pod["status"]["podIP"], port_of(pod, target)): weight_of(pod) if knows else DEFAULT
            for pod in members
        }

    def _knows_weights(self) -> bool:
        try:
            config = self.cluster.get("/api/v1/namespaces/kube-system/configmaps/tke-service-controller-config")
        except httpx.HTTPStatusError:
            return False
        return tuple(int(part) for part in re.findall(r"\d+", config["data"]["VERSION"])) >= KNOWS_WEIGHTS


def port_of(pod: Json, target: int | str) -> int:
    """Return the number of a Service's targetPort on this pod; 0 for a name that it does not have."""
    if isinstance(target, int):
        return target
    ports = [port for container in pod["spec"]["containers"] for port in container.get("ports", [])]
    return next((port["containerPort"] for port in ports if port.get("name") == target), 0)


def weight_of(pod: Json) -> int:
    """Return the weight that a pod asks for; the default where it says nothing or nonsense."""
    weight = (pod["metadata"].get("annotations") or {}).get(WEIGHT, "")
    return int(weight) if weight.isdigit() and int(weight) <= 100 else DEFAULT
