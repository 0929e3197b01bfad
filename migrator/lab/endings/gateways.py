"""A DaemonSet alone behind the lab's balancer, and what others do to its pods: kubectl's moves, waited for.

Nothing here sets a weight once it stands: what ends well ends well by the workload's own settings, or by who follows it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpx

from migrator.lab.endings.way import INTERVAL, Event
from migrator.lab.ground.layout import GATEWAY_NAMESPACE
from migrator.lab.ground.manifests import SELECTOR, Json
from migrator.lab.rivals.stage import NEW_NAME, Stage
from migrator.lab.world.seed import wait_for

SEEN_WITHIN = 3.0 * INTERVAL
"""Seconds after which the balancer sends to a gateway that came."""

_PODS = f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods"
_DAEMONSET = f"/apis/apps/v1/namespaces/{GATEWAY_NAMESPACE}/daemonsets/{NEW_NAME}"
_STRATEGIC = {"Content-Type": "application/strategic-merge-patch+json"}
_RESTARTED_WITHIN, _REPLACED_WITHIN = 300.0, 150.0


@dataclass(frozen=True, slots=True)
class Gateways:
    """The gateways of a lab. Waits are bounded and raise `NotReady`."""

    stage: Stage

    def stand(self) -> None:
        """Put the founding document's DaemonSet behind the balancer, and take the Deployment away."""
        stage, old = self.stage, self.stage.old()
        stage.apply_daemonset()
        stage.await_daemonset()
        stage.cloud.register(dict.fromkeys(stage.new(), 100))
        time.sleep(SEEN_WITHIN)
        stage.cloud.deregister(old)
        stage.delete_deployment()
        stage.await_old_gone()

    def patch(self, patch: Json) -> None:
        """`kubectl patch --patch-file`, and its rolling update waited for; what comes beside it is created."""
        self._patch(_DAEMONSET, patch)
        self._settle()

    def strike(self, event: Event) -> None:
        """Let it happen, and wait for its end."""
        {Event.RESTART: self._restart, Event.EVICTION: self._evict, Event.DRAIN: self._drain}[event]()

    def _restart(self) -> None:
        """`kubectl rollout restart daemonset`."""
        notes = {"kubectl.kubernetes.io/restartedAt": str(time.time())}
        self._patch(_DAEMONSET, {"spec": {"template": {"metadata": {"annotations": notes}}}})
        self._settle()

    def _evict(self) -> None:
        self._evicted(self._pods()[0])

    def _drain(self) -> None:
        """A drain that does not spare DaemonSets: the node is cordoned, its pod is evicted; the next one comes all the same."""
        pod = self._pods()[-1]
        node = f"/api/v1/nodes/{pod['spec']['nodeName']}"
        self.stage.cluster.merge(node, {"spec": {"unschedulable": True}})
        self._evicted(pod)
        self.stage.cluster.merge(node, {"spec": {"unschedulable": None}})

    def _evicted(self, pod: Json) -> None:
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}}

        def taken() -> bool:
            """A budget may answer 429 while another pod is away, as it should."""
            answer = self.stage.cluster.http.post(f"{_PODS}/{name}/eviction", json=body)
            return answer.status_code != httpx.codes.TOO_MANY_REQUESTS and bool(answer.raise_for_status())

        wait_for(taken, _REPLACED_WITHIN, f"the eviction of {name}")
        wait_for(lambda: self._replaced(uid), _REPLACED_WITHIN, f"another pod in the place of {name}")

    def _replaced(self, uid: str) -> bool:
        pods = self._pods()
        return len(pods) == self.stage.scenario.nodes and all(pod["metadata"]["uid"] != uid for pod in pods)

    def _pods(self) -> list[Json]:
        pods = self.stage.cluster.ready_pods(GATEWAY_NAMESPACE, SELECTOR)
        own = [pod for pod in pods if pod["spec"].get("hostNetwork")]
        return sorted(own, key=lambda pod: str(pod["spec"]["nodeName"]))

    def _settle(self) -> None:
        wait_for(self._settled, _RESTARTED_WITHIN, "the end of the rolling update")

    def _settled(self) -> bool:
        found = self.stage.cluster.get(_DAEMONSET)
        status, nodes = found["status"], self.stage.scenario.nodes
        counts = (status.get("updatedNumberScheduled"), status.get("numberAvailable"))
        return status.get("observedGeneration") == found["metadata"]["generation"] and counts == (nodes, nodes)

    def _patch(self, path: str, patch: Json) -> None:
        self.stage.cluster.http.patch(path, json=patch, headers=_STRATEGIC).raise_for_status()
