"""What tests of the API server share: the server as a process, a plain HTTP client, and small objects."""

import contextlib
import http.client
import json
import socket
import sys
import threading
import time
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from migrator.lab.process import ready_line, spawn, stop

TOKEN = "sesame"
MEDIA = {
    "json": "application/json",
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "jsonpatch": "application/json-patch+json",
    "apply": "application/apply-patch+yaml",
}


class Server:
    """A server process on a free port, and requests to it."""

    def __init__(self, *options: str) -> None:
        argv = [sys.executable, "-m", "migrator.lab.kube", "--host", "127.0.0.1", "--port", "0", "--token", TOKEN]
        self.process = spawn([*argv, *options])
        try:
            self.url = ready_line(self.process, 30)["url"]
        except BaseException:
            stop(self.process)
            raise
        self.host, self.port = urlsplit(self.url).hostname, urlsplit(self.url).port

    def close(self) -> None:
        """End the process."""
        stop(self.process)

    def send(self, method: str, path: str, body: Any = None, media: str = "json", **more: Any) -> tuple[int, Any]:
        """Give the status and the decoded body. `query`, `token` and `accept` are optional."""
        code, _, found = self.asked(method, path, body, media, **more)
        return code, found

    def asked(self, method: str, path: str, body: Any = None, media: str = "json", **more: Any) -> tuple[int, Any, Any]:
        """Give the status, the headers and the decoded body."""
        token, query = more.get("token", TOKEN), more.get("query")
        headers = {"Accept": more.get("accept", "application/json"), "User-Agent": "tester/1"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers["Content-Type"] = MEDIA.get(media, media)
        blob = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            target = quote(path) + (f"?{urlencode(query)}" if query else "")
            connection.request(method, target, blob, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, decoded(answer.read())
        finally:
            connection.close()

    def watch(self, path: str, **query: Any) -> "Watch":
        """Open a watch."""
        return Watch(self, path, query)


class Watch:
    """A watch that a thread reads; its events are plain values."""

    def __init__(self, server: Server, path: str, query: dict[str, Any]) -> None:
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
        query = {"watch": "true", "timeoutSeconds": 8, **query}
        self._connection.request("GET", f"{path}?{urlencode(query)}", headers={"Authorization": f"Bearer {TOKEN}"})
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        self.events: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(http.client.IncompleteRead):  # the test hung up
            while line := self._answer.readline():
                self.events.append(json.loads(line))
        self._answer.close()

    def seen(self, count: int) -> list[tuple[str, str]]:
        """Give type and name of the first `count` events, once they are there."""
        until(lambda: len(self.events) >= count, f"{count} events")
        return [(event["type"], event["object"].get("metadata", {}).get("name", "")) for event in self.events]

    def ended(self) -> bool:
        """Wait until the server ends the watch."""
        self._thread.join(10)
        done = not self._thread.is_alive()
        self.close()
        return done

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError):  # the server was first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._connection.close()


def decoded(blob: bytes) -> Any:
    """Give JSON, or the text if it is none."""
    try:
        return json.loads(blob)
    except ValueError:
        return blob.decode()


def until(true: Any, what: str, seconds: float = 8.0) -> Any:
    """Wait for a condition, at most `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {what}")


class Space:
    """One namespace of a server, and short ways to use it."""

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        code, _ = server.send("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
        assert code == 201

    def path(self, resource: str) -> str:
        """Give the path of `pods`, `pods/a`, `apps/deployments` or `apps/deployments/a`."""
        groups = {"apps": "apis/apps/v1", "policy": "apis/policy/v1", "istio": "apis/networking.istio.io/v1"}
        group, _, rest = resource.partition("/")
        prefix, rest = (groups[group], rest) if group in groups else ("api/v1", resource)
        return f"/{prefix}/namespaces/{self.name}/{rest}"

    def send(self, method: str, resource: str, body: Any = None, media: str = "json", **more: Any) -> tuple[int, Any]:
        """Send a request for a resource of this namespace."""
        return self.server.send(method, self.path(resource), body, media, **more)

    def make(self, resource: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create an object; gives it."""
        code, found = self.send("POST", resource, body)
        assert code == 201, found
        return found

    def get(self, resource: str) -> dict[str, Any]:
        """Read an object that exists."""
        code, found = self.send("GET", resource)
        assert code == 200, found
        return found

    def gone(self, resource: str) -> bool:
        """Say whether an object is gone."""
        return self.send("GET", resource)[0] == 404


def config_map(name: str, data: dict[str, str] | None = None, **meta: Any) -> dict[str, Any]:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **meta}, "data": data or {"a": "1"}}


def pod(name: str, node: str = "", **meta: Any) -> dict[str, Any]:
    """A pod, on a node if one is given."""
    containers = [{"name": "c", "image": "i", "ports": [{"containerPort": 80}], "env": [{"name": "A", "value": "1"}]}]
    spec = {"containers": containers} | ({"nodeName": node} if node else {})
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **meta}, "spec": spec}


def workload(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    """A Deployment, ReplicaSet or DaemonSet with one container."""
    template = {"metadata": {"labels": {"x": name}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    body = {"selector": {"matchLabels": {"x": name}}, "template": template, **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": body}


def owned_by(owner: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """The ownerReferences of a dependent."""
    meta = owner["metadata"]
    row = {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": meta["name"], "uid": meta["uid"]}
    return [row | more]
