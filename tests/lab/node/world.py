"""An API server and a node agent for these tests, with plain HTTP calls to the former."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from migrator.lab.process import ready_line, spawn, stop

Json = dict[str, Any]
TOKEN = "node-tests"
PODS = "/api/v1/namespaces/default/pods"


class World:
    """Starts the parts on one loopback prefix, and stops them."""

    def __init__(self, folder: Path, net: str) -> None:
        self.net = net
        self.folder = folder
        self.kubeconfig = folder / "kubeconfig"
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        self._write_kubeconfig()

    def start_api(self) -> None:
        """Start the API server, with the namespaces that tests use."""
        self._start("kube", "--host", f"{self.net}.0.1", "--port", "6443", "--token", TOKEN)

    def start_node(self, nodes: int = 1) -> None:
        """Start the node agent and wait until its nodes are registered."""
        self._start("node", "--kubeconfig", str(self.kubeconfig), "--net", self.net, "--nodes", str(nodes))
        until(lambda: len(self.get("/api/v1/nodes")["items"]) == nodes, "the nodes are registered")

    def stop(self, part: str) -> None:
        """End one part."""
        stop(self._parts.pop(part))

    def kill(self, part: str) -> None:
        """SIGKILL one part."""
        self._parts[part].kill()
        self.stop(part)

    def close(self) -> None:
        """End everything."""
        for part in list(reversed(self._parts)):
            self.stop(part)

    def call(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Call the API; a PATCH is a merge patch."""
        connection = http.client.HTTPConnection(f"{self.net}.0.1", 6443, timeout=10)
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        found = json.loads(answer.read())
        connection.close()
        return answer.status, found

    def get(self, path: str) -> Json:
        """Read one object or list; {} if it is not there."""
        status, found = self.call("GET", path)
        return found if status == 200 else {}

    def pod(self, name: str) -> Json:
        """Read a pod; {} if it is gone."""
        return self.get(f"{PODS}/{name}")

    def run(self, name: str, container: Json, **spec: Any) -> Json:
        """Create a pod of one container `main`, bound to node-1."""
        meta = spec.pop("metadata", {})
        status, found = self.call(
            "POST",
            PODS,
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": name, **meta},
                "spec": {"nodeName": "node-1", "containers": [{"name": "main", **container}], **spec},
            },
        )
        assert status == 201, found
        return found

    def delete(self, name: str, grace: int | None = None) -> None:
        """Ask for a pod's deletion."""
        options = {} if grace is None else {"gracePeriodSeconds": grace}
        status, found = self.call("DELETE", f"{PODS}/{name}", {"kind": "DeleteOptions", "apiVersion": "v1", **options})
        assert status == 200, found

    def until_ready(self, name: str) -> Json:
        """Wait until a pod is Ready and return it."""
        until(lambda: condition(self.pod(name), "Ready") == "True", f"{name} is ready", 15)
        return self.pod(name)

    def events(self, name: str) -> list[str]:
        """The reasons of a pod's events."""
        found = self.get("/api/v1/namespaces/default/events")["items"]
        return [each["reason"] for each in found if each["involvedObject"]["name"] == name]

    def _start(self, part: str, *options: str) -> None:
        out = (self.folder / f"{part}.log").open("ab")
        popen = spawn([sys.executable, "-m", f"migrator.lab.{part}", *options], stderr=out)
        out.close()
        self._parts[part] = popen
        ready_line(popen, 20)

    def _write_kubeconfig(self) -> None:
        names = {"cluster": "lab", "user": "lab"}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "lab",
            "clusters": [{"name": "lab", "cluster": {"server": f"http://{self.net}.0.1:6443"}}],
            "users": [{"name": "lab", "user": {"token": TOKEN}}],
            "contexts": [{"name": "lab", "context": names}],
        }
        self.kubeconfig.write_text(yaml.safe_dump(config))


def condition(pod: Json, kind: str) -> str:
    """The status of one of a pod's conditions; empty if it has none."""
    found = [each["status"] for each in pod.get("status", {}).get("conditions", ()) if each["type"] == kind]
    return str(found[0]) if found else ""


def container(pod: Json) -> Json:
    """The status of a pod's first container; {} before there is one."""
    found: list[Json] = pod.get("status", {}).get("containerStatuses") or [{}]
    return found[0]


def until(true: Callable[[], object], what: str, seconds: float = 10.0) -> None:
    """Wait until `true()` or fail after `seconds`, saying `what` never came."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)
