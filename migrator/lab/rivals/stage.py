"""What an operator without migrator can do to a lab: kubectl's and the cloud console's moves, one function each.

It never checks whether a move is wise; that is the point of the comparison.
"""

from dataclasses import dataclass
from pathlib import Path

from migrator.lab.ground.cloud import Cloud
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAME, GATEWAY_NAMESPACE, GATEWAY_PORT, IN_PLACE, Address, Scenario
from migrator.lab.ground.manifests import NODE_LABELS, SELECTOR, Json, proxy
from migrator.lab.starts import in_place
from migrator.lab.world.seed import wait_for

NEW_NAME = f"{GATEWAY_NAME}-ds"
_APPS = f"/apis/apps/v1/namespaces/{GATEWAY_NAMESPACE}"
_POOLS = {IN_PLACE: {"pool": in_place.HERE}}
"""The nodes for gateways, where these are not all, by the lab's way."""
_DEPLOYMENT = f"{_APPS}/deployments/{GATEWAY_NAME}"


@dataclass(frozen=True, slots=True)
class Stage:
    """A running lab under load. Waits are bounded and raise `NotReady`."""

    scenario: Scenario
    folder: Path
    cluster: Cluster
    cloud: Cloud

    def old(self) -> list[Address]:
        """The old gateways that are Ready, as the balancer would call them."""
        pods = self.cluster.ready_pods(GATEWAY_NAMESPACE, SELECTOR)
        own = [pod for pod in pods if not pod["spec"].get("hostNetwork")]
        return [Address(pod["status"]["podIP"], GATEWAY_PORT) for pod in own]

    def new(self) -> list[Address]:
        """The new gateways: the nodes' own addresses."""
        layout = self.scenario.layout
        return [Address(layout.node(number), GATEWAY_PORT) for number in range(1, self.scenario.nodes + 1)]

    def apply_daemonset(self) -> None:
        """`kubectl apply -f gateway-daemonset.yaml`."""
        self.cluster.create(daemonset(self.scenario))

    def await_daemonset(self) -> None:
        """`kubectl rollout status daemonset`."""
        path, wanted = f"{_APPS}/daemonsets/{NEW_NAME}", _nodes(self.scenario)
        wait_for(lambda: _ready(self.cluster.get(path)) == wanted, 40.0, f"{wanted} ready pods of {NEW_NAME}")

    def delete_deployment(self) -> None:
        """`kubectl delete deployment`: it returns at once, the pods end in their own time."""
        self.cluster.delete(_DEPLOYMENT, propagationPolicy="Background")

    def await_old_gone(self) -> None:
        """Wait until no pod of the Deployment is left, terminating or not."""
        wait_for(lambda: not self._old_pods(), 60.0, "the end of the old pods")

    def _old_pods(self) -> list[Json]:
        pods = self.cluster.get(f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods")["items"]
        return [pod for pod in pods if not pod["spec"].get("hostNetwork")]


def daemonset(scenario: Scenario) -> Json:
    """The founding document's DaemonSet, on the old gateway's port and the nodes for gateways, with its own startup probe."""
    labels = {**SELECTOR, "version": "v2"}
    container = proxy()
    container["startupProbe"] |= {"initialDelaySeconds": 5, "periodSeconds": 5}
    for port in container["ports"]:
        port["hostPort"] = port["containerPort"]
    template = {
        "hostNetwork": True,
        "dnsPolicy": "ClusterFirstWithHostNet",
        "nodeSelector": _POOLS.get(scenario.way, NODE_LABELS),
        "containers": [container],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NEW_NAME, "namespace": GATEWAY_NAMESPACE, "labels": labels},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": template},
        },
    }


def _nodes(scenario: Scenario) -> int:
    """How many nodes are for gateways: in place, as many as there are old ones."""
    return scenario.replicas if scenario.way in _POOLS else scenario.nodes


def _ready(daemonset: Json) -> int:
    return int(daemonset.get("status", {}).get("numberReady", 0))
