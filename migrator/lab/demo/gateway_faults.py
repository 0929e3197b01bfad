"""Make some of the new gateways bad on purpose, the way gateways go bad: wrong answers, slow ones, deaths, old config."""

import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from migrator.lab.demo.processes import envoys_of
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, Layout

FAULTS = ("errors", "latency", "crash", "stale-config")
BAD_NODES = 2
_ADMIN_PORT = 15000


@dataclass(frozen=True, slots=True)
class Trouble:
    """The fault `kind` on the new gateways of the first `BAD_NODES` nodes."""

    kind: str
    layout: Layout
    cluster: Cluster
    supervisor: int
    namespace: str = GATEWAY_NAMESPACE

    @property
    def nodes(self) -> tuple[str, ...]:
        """The addresses of the gateways that turn bad."""
        return tuple(self.layout.node(number) for number in range(1, BAD_NODES + 1))

    def strike(self) -> None:
        """Make them bad; called again and again, it kills again what was restarted and changes nothing else."""
        _STRIKES[self.kind](self)

    def modify_runtime(self, setting: str) -> None:
        for node in self.nodes:
            url = f"http://{node}:{_ADMIN_PORT}/runtime_modify?{setting}"
            httpx.post(url, timeout=2, trust_env=False).raise_for_status()

    def kill_envoys(self) -> None:
        for pid in envoys_of(self.supervisor, self.nodes):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def go_stale(self) -> None:
        for pod in self.cluster.get(f"/api/v1/namespaces/{self.namespace}/pods")["items"]:
            if pod["status"].get("podIP") in self.nodes:
                fault = {"namespace": self.namespace, "pod": pod["metadata"]["name"], "kind": "stale"}
                url = f"http://{self.layout.istiod}/v1/fault"
                httpx.post(url, json=fault, timeout=2, trust_env=False).raise_for_status()


_STRIKES: dict[str, Callable[[Trouble], None]] = {
    "errors": lambda trouble: trouble.modify_runtime("fault.abort.percent=100"),
    "latency": lambda trouble: trouble.modify_runtime("fault.delay.percent=100"),
    "crash": Trouble.kill_envoys,
    "stale-config": Trouble.go_stale,
}
