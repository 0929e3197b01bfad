"""Make gateways bad on purpose, the way they go bad: wrong answers, slow ones, deaths, old config; or restart the old ones."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import httpx

from migrator.lab.contour.ports import ADMIN_SOCKET
from migrator.lab.demo.processes import environment, envoys_of
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import DERIVED, GATEWAY_NAMESPACE, Layout
from migrator.lab.ground.manifests import Json
from migrator.lab.ground.volumes import in_pod
from migrator.lab.load.client import AGENT
from migrator.lab.process import spawn
from migrator.lab.starts.start import STARTS, Start

STRANGER = "stranger"
"""A stranger on the ports of the new gateways' nodes answers clients by 503: no gateway counts it, the balancer alone does."""

FAULTS = ("errors", "latency", "crash", "stale-config", "not-found")
"""What makes new gateways bad: the run turns back."""

OLD_RESTART = "old-restart"
"""A restart of the old gateways while the run goes on: nobody is bad, and the run completes."""

DRIFT = "drift"
"""A configuration for the new gateways alone: no answer that anybody counts is bad, so the run holds and a person decides."""

BAD_NODES = 2
HOST_PORT = 18080
"""The new gateways' port on their nodes, in the plan of the way that is derived."""

ON_ALL = frozenset({"not-found", DRIFT})
"""What strikes every new gateway: a side that is wrong as a whole has no good gateway to be compared with."""

_MUTATION = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"


class Strikes(Protocol):
    """What happens to a run on its way."""

    @property
    def kind(self) -> str: ...

    def strike(self) -> None:
        """Let it happen."""

    def told(self) -> str:
        """Say in a line what is about to be done."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The fault `kind` on the new gateways of the first `BAD_NODES` of all `count` nodes, or of all of them."""

    kind: str
    layout: Layout
    cluster: Cluster
    supervisor: int
    count: int = BAD_NODES
    namespace: str = GATEWAY_NAMESPACE
    start: Start = STARTS[DERIVED]

    @property
    def nodes(self) -> tuple[str, ...]:
        """The addresses of the gateways that turn bad."""
        if self.kind == OLD_RESTART:
            return ()
        struck = self.count if self.kind in ON_ALL else BAD_NODES
        return tuple(self.layout.node(number) for number in range(1, struck + 1))

    def strike(self) -> None:
        """Make them bad; called again and again, it kills again what was restarted and changes nothing else."""
        _STRIKES[self.kind](self)

    def told(self) -> str:
        """Say in a line what is about to be done."""
        if self.kind == OLD_RESTART:
            serving = f"{self.start.kind} {self.start.deployment}"
            return f"now the old gateways are restarted, as by `kubectl rollout restart {serving}`"
        return f"now {len(self.nodes)} new gateways turn bad: {self.kind} on {', '.join(self.nodes)}"

    def modify_runtime(self, setting: str) -> None:
        for node in self.nodes:
            with self._admin(node) as admin:
                admin.post(f"/runtime_modify?{setting}").raise_for_status()

    def _admin(self, node: str) -> httpx.Client:
        """Return who asks the admin interface of a node's Envoy: by its port, or by its socket in a volume of its pod."""
        if self.start.admin:
            return httpx.Client(base_url=f"http://{node}:{self.start.admin}", timeout=2, trust_env=False)
        [pid] = envoys_of(self.supervisor, (node,))
        socket = httpx.HTTPTransport(uds=str(in_pod(environment(pid), ADMIN_SOCKET)))
        return httpx.Client(base_url="http://envoy", transport=socket, timeout=2)

    def kill_envoys(self) -> None:
        for pid in envoys_of(self.supervisor, self.nodes):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def share_ports(self) -> None:
        """Let a stranger share the bad nodes' ports: it takes most connections, and leads who is no client to a good one."""
        well = self.layout.node(self.count)
        for node in self.nodes:
            command = (node, str(HOST_PORT), well, AGENT)
            spawn([sys.executable, "-P", "-m", "migrator.lab.demo.stranger", *command], stdout=subprocess.DEVNULL)

    def go_stale(self) -> None:
        for pod in self.cluster.get(f"/api/v1/namespaces/{self.namespace}/pods")["items"]:
            if pod["status"].get("podIP") in self.nodes:
                fault = {"namespace": self.namespace, "pod": pod["metadata"]["name"], "kind": "stale"}
                url = f"http://{self.start.control(self.layout)}/v1/fault"
                httpx.post(url, json=fault, timeout=2, trust_env=False).raise_for_status()

    def reconfigure(self) -> None:
        """Apply an EnvoyFilter that selects only the new pods: their answers get a header that the old ones lack."""
        daemon_sets = self.cluster.get(f"/apis/apps/v1/namespaces/{self.namespace}/daemonsets")["items"]
        new = next(one for one in daemon_sets if one["metadata"]["name"] != self.start.deployment)
        labels = new["spec"]["template"]["metadata"]["labels"]
        self.cluster.create(no_store(self.namespace, labels))


def no_store(namespace: str, labels: Json) -> Json:
    """Return an EnvoyFilter by which the pods with these labels forbid caches to keep any answer."""
    header = {"append": {"header": {"key": "cache-control", "value": "no-store"}}}
    config = {"@type": _MUTATION, "mutations": {"response_mutations": [header]}}
    value = {"name": "envoy.filters.http.header_mutation", "typed_config": config}
    patch = {
        "applyTo": "HTTP_FILTER",
        "match": {"context": "GATEWAY"},
        "patch": {"operation": "INSERT_BEFORE", "value": value},
    }
    return {
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": {"name": "no-store", "namespace": namespace},
        "spec": {"workloadSelector": {"labels": labels}, "configPatches": [patch]},
    }


_STRIKES: dict[str, Callable[[Trouble], None]] = {
    STRANGER: Trouble.share_ports,
    "errors": lambda trouble: trouble.modify_runtime("fault.abort.percent=100"),
    "latency": lambda trouble: trouble.modify_runtime("fault.delay.percent=100"),
    "crash": Trouble.kill_envoys,
    "stale-config": Trouble.go_stale,
    DRIFT: Trouble.reconfigure,
    OLD_RESTART: lambda trouble: trouble.cluster.restart(
        trouble.namespace, trouble.start.deployment, trouble.start.kind
    ),
    "not-found": lambda trouble: trouble.modify_runtime("fault.abort.status=404&fault.abort.percent=100"),
}
