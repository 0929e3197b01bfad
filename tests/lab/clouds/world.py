"""What the balancer's tests need: the process, a client of each of its APIs, the official SDK, and plain servers."""

import json
import socket
import struct
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tencentcloud.clb.v20180317 import models
from tencentcloud.clb.v20180317.clb_client import ClbClient
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from migrator.lab.process import ready_line, spawn, stop

SECRET = ("lab-id", "lab-key")
QUICK = {"task_s": 0.03, "propagation_s": 0.0, "jitter_s": 0.0}
NO_CHECKS = {"kind": "off"}
_RESET = struct.pack("ii", 1, 0)


def until(true: Callable[[], Any], limit: float = 5.0) -> Any:
    """Give the first true value of `true`, asked every few milliseconds for at most `limit` seconds."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.005)
    raise AssertionError(f"not true within {limit:g} s")


def reset(sock: socket.socket) -> None:
    """Close with a RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    sock.close()


class Process:
    """The balancer's process, with its admin API."""

    def __init__(self, *options: str) -> None:
        argv = ["-m", "migrator.lab.clouds", "--control", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
        self._popen = spawn([sys.executable, *argv, "--vip", "127.0.0.1", "--listener", "lbl-lab:0", *options])
        ready = ready_line(self._popen, 60)
        self.pid = self._popen.pid
        self.control, self._admin = ready["control"], ready["admin"]
        self._made = 0
        self.clients: list[socket.socket] = []

    def hang_up(self) -> None:
        """Close every client's connection."""
        while self.clients:
            self.clients.pop().close()

    def close(self) -> int:
        return stop(self._popen)

    def admin(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://{self._admin}{path}", data, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Give status and text of a call that the admin API refuses."""
        try:
            self.admin(method, path, body)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())["error"]
        raise AssertionError(f"{method} {path} was not refused")

    def balancer(self, *listeners: dict[str, Any], **spec: Any) -> "Balancer":
        """Create a balancer of its own; each listener gets a free port, `spec` replaces the quick defaults."""
        self._made += 1
        rows = [{"id": f"lbl-{at}", "port": 0} | each for at, each in enumerate(listeners or ({},), 1)]
        timings = QUICK | spec.pop("timings", {})
        body = {"id": f"lb-{self._made}", "vip": "127.0.0.1", "health": NO_CHECKS, "listeners": rows} | spec
        return Balancer(self, self.admin("POST", "/balancers", body | {"timings": timings}))


@dataclass
class Balancer:
    """One balancer of the process."""

    process: Process
    view: dict[str, Any]

    def __post_init__(self) -> None:
        self.id = self.view["id"]
        self.ports = [each["port"] for each in self.view["listeners"]]
        self.cloud = Cloud(self.process.control, self.id)

    def stats(self, listener: str = "lbl-1") -> dict[str, Any]:
        found = self.process.admin("GET", f"/stats?balancer={self.id}")
        return found["balancers"][self.id]["listeners"][listener]

    def faults(self, **order: Any) -> None:
        self.process.admin("POST", "/faults", {"balancer": self.id, **order})

    def log(self, *kinds: str) -> list[dict[str, Any]]:
        return self.process.admin("GET", f"/log?balancer={self.id}&kind={','.join(kinds)}")["events"]

    def connect(self, at: int = 0) -> socket.socket:
        sock = socket.create_connection(("127.0.0.1", self.ports[at]), timeout=5)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.process.clients.append(sock)
        return sock

    def who(self, at: int = 0) -> str:
        """Give the name of the server that a new connection reaches; ConnectionResetError where there is none."""
        with self.connect(at) as sock:
            return sock.recv(64).decode()

    def settle(self) -> None:
        """Wait until every weight of the API is in effect and no task runs."""
        until(lambda: self._settled())

    def _settled(self) -> bool:
        view = self.process.admin("GET", f"/balancers/{self.id}")
        targets = [t for each in view["listeners"] for t in self.stats(each["id"])["targets"].values()]
        return not view["busy"] and all(t["weight"] == t["effective_weight"] for t in targets)


class Cloud:
    """The official SDK, pointed at the emulator, for one balancer."""

    def __init__(self, control: str, balancer: str, secret: tuple[str, str] = SECRET) -> None:
        http = HttpProfile(protocol="http", endpoint=control, reqTimeout=5)
        http.proxy = None
        self._client = ClbClient(credential.Credential(*secret), "ap-guangzhou", ClientProfile(httpProfile=http))
        self._balancer = balancer

    def call(self, action: str, **parameters: Any) -> Any:
        """Call `action` with LoadBalancerId filled in where the request has one; give the SDK's response object."""
        request = getattr(models, f"{action}Request")()
        if hasattr(request, "_LoadBalancerId"):
            parameters.setdefault("LoadBalancerId", self._balancer)
        request.from_json_string(json.dumps(parameters))
        return getattr(self._client, action)(request)

    def raw(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Give the reply as it was sent."""
        found: dict[str, Any] = self._client.call_json(action, parameters)["Response"]
        return found

    def refused(self, action: str, **parameters: Any) -> str:
        """Give the code with which a call is refused."""
        try:
            self.call(action, **parameters)
        except TencentCloudSDKException as error:
            return str(error.code)
        raise AssertionError(f"{action} was not refused")

    def done(self, task: str) -> int:
        """Wait until the task has ended; give its status."""
        states = []

        def ended() -> bool:
            states.append(self.call("DescribeTaskStatus", TaskId=task).Status)
            time.sleep(0.05)  # 20 calls of an action per second are allowed
            return states[-1] != 2

        until(ended)
        return int(states[-1])

    def weigh(self, weights: dict[tuple[str, int], int], listener: str = "lbl-1") -> int:
        rows = [{"EniIp": host, "Port": port, "Weight": weight} for (host, port), weight in weights.items()]
        answer = self.call("BatchModifyTargetWeight", ModifyList=[{"ListenerId": listener, "Targets": rows}])
        return self.done(answer.RequestId)

    def weights(self, listener: str = "lbl-1") -> dict[tuple[str, int], int]:
        found = self.call("DescribeTargets", ListenerIds=[listener]).Listeners[0].Targets
        return {(row.PrivateIpAddresses[0], row.Port): row.Weight for row in found}


class Server:
    """A TCP server that says its name first, then echoes. `sessions` are its sides of the connections."""

    def __init__(self, name: str, *, greet: bool = True, echo: bool = True) -> None:
        self.name = name
        self._greet, self._echo = greet, echo
        self.sessions: list[socket.socket] = []
        self._sock = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.key: tuple[str, int] = self._sock.getsockname()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def target(self, weight: int = 10) -> dict[str, Any]:
        return {"address": self.key[0], "port": self.key[1], "weight": weight}

    @property
    def text(self) -> str:
        return f"{self.key[0]}:{self.key[1]}"

    def session(self, at: int = 0) -> socket.socket:
        """Give the server's side of its connection number `at`, once it is there."""
        until(lambda: len(self.sessions) > at)
        return self.sessions[at]

    def close(self) -> None:
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._accepting.join(5)  # a connection accepted in this moment is still to be closed below
        self._sock.close()
        for sock in self.sessions:
            sock.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._sock.accept()
                self._greeted(sock)
                self.sessions.append(sock)

    def _greeted(self, sock: socket.socket) -> None:
        """Say the name and echo; a caller that has gone already (a health check) ends nothing but itself."""
        with suppress(OSError):
            if self._greet:
                sock.sendall(self.name.encode())
            if self._echo:
                threading.Thread(target=_echoed, args=(sock,), daemon=True).start()


def _echoed(sock: socket.socket) -> None:
    with suppress(OSError):
        while data := sock.recv(65536):
            sock.sendall(data)
        sock.close()
