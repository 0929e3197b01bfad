"""A balancer of the lab with a listener of the plan and one for tests, and HTTP backends that name themselves."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.cli.world import Terminal, write
from tests.lab.clouds.world import Balancer, Process


class Named(ThreadingHTTPServer):
    """Answers everything with its name in `x-gateway`; /healthz fails while the file `sick` is there."""

    daemon_threads = True

    def __init__(self, name: str, sick: Path | None = None) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                bad = self.path == "/healthz" and sick is not None and sick.exists()
                self.send_response(503 if bad else 200)
                self.send_header("x-gateway", name)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Answer)
        self.port: int = self.server_address[1]
        self.text = f"127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def target(self, weight: int) -> dict[str, Any]:
        """Give its row on a listener."""
        return {"address": "127.0.0.1", "port": self.port, "weight": weight}

    def close(self) -> None:
        self.shutdown()
        self._thread.join(5)
        self.server_close()


def plan_file(terminal: Terminal, process: Process, balancer: Balancer) -> str:
    """Write a plan file whose listener is the balancer's first."""
    path = Path(terminal.plan(balancer=f"http://{process.control}"))
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    listener = {"id": "lbl-1", "port": balancer.ports[0]}
    content["spec"]["loadBalancer"] |= {"id": balancer.id, "listeners": [listener], "address": "127.0.0.1"}
    content["spec"]["gateway"].pop("probeHost", None)
    return str(write(path, content))


def weights(balancer: Balancer, listener: str) -> dict[str, int]:
    """Give the weights of a listener's API."""
    view = balancer.process.admin("GET", f"/balancers/{balancer.id}")
    found = next(each for each in view["listeners"] if each["id"] == listener)
    return {f"{row['address']}:{row['port']}": row["weight"] for row in found["targets"]}
