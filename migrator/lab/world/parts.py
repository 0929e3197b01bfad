"""How each part of the lab is started: its command line and the files it needs beforehand."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.layout import (
    ADMIN_TOKEN,
    BALANCER_ID,
    CLOUD_CONTROLLER,
    CONTOUR,
    DOORS,
    ENVOY_GATEWAY,
    FROM_NGINX,
    HAPROXY,
    LAYER_7,
    LISTENER_ID,
    OURS,
    REGION,
    RULES,
    SECRET_ID,
    SECRET_KEY,
    TAINT,
    TWO_CLUSTERS,
    Address,
    Scenario,
)
from migrator.lab.ground.manifests import MEMBERS_SERVICE, NODE_LABELS
from migrator.lab.haproxy import program as haproxy
from migrator.lab.nginx import program as nginx
from migrator.lab.starts.start import start_of
from migrator.lab.world import doors

CHECKED_EVERY = 2.0  # seconds, where a check asks the port that clients use: each is a request that the gateway counts
MONITORED_EVERY = (
    1.0  # seconds of one figure of the cloud's monitoring, and until it is there; a real one has a minute for both
)
LOAD_FINISHES = 10.0  # seconds for what is in flight when the load is told to end; the longest request takes 8


@dataclass(frozen=True, slots=True)
class Workspace:
    """A scenario and the directory where its files are."""

    scenario: Scenario
    folder: Path

    @property
    def kubeconfig(self) -> Path:
        """The strangers' own file where there are strangers, else the lab's."""
        return self.scenario.strangers or self.folder / "kubeconfig"

    @property
    def beside(self) -> Path:
        """The kubeconfig of a second cluster."""
        return self.folder / "kubeconfig-2"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def ledger(self) -> Path:
        """The directory where the load writes its account."""
        return self.folder / "load"


def prepare(workspace: Workspace) -> None:
    """Write every file that a part reads when it starts."""
    workspace.logs.mkdir(parents=True, exist_ok=True)
    if workspace.scenario.strangers is None:
        write_kubeconfigs(workspace)
    if workspace.scenario.has(DOORS):
        doors.prepare(workspace.scenario, workspace.kubeconfig, workspace.folder)
    (workspace.folder / _BALANCER).write_text(json.dumps(balancer_config(workspace.scenario), indent=2) + "\n")


def write_kubeconfigs(workspace: Workspace) -> None:
    """Write the lab's kubeconfig. Where it has two clusters, the one names both, and another leads to the second."""
    scenario = workspace.scenario
    second = [scenario.receiving] if scenario.way == TWO_CLUSTERS else []
    kubeconfig.write(workspace.kubeconfig, scenario.layout, *second)
    if second:
        kubeconfig.write(workspace.beside, *second)


def load_options(workspace: Workspace) -> list[str]:
    """Return what the load aims at, who its clients are, and where it writes its account."""
    scenario = workspace.scenario
    where = ["--target", str(scenario.layout.vip), "--out", str(workspace.ledger)]
    return [*where, "--mix", scenario.clients, "--finish", f"{LOAD_FINISHES:g}"]


def balancer_config(scenario: Scenario) -> dict[str, Any]:
    """Describe the one balancer with its one listener; it has no targets until they are registered."""
    timings = {
        "propagation_s": scenario.propagation,
        "jitter_s": scenario.propagation / 5,
        "delay_up_s": scenario.delay,
        "delay_down_s": scenario.delay,
        "monitor_period_s": MONITORED_EVERY,
        "monitor_delay_s": MONITORED_EVERY,
    }
    port = start_of(scenario).ready[0]
    balancer = {
        "id": BALANCER_ID,
        "vip": scenario.layout.vip.host,
        "region": REGION,
        "listeners": [{"id": LISTENER_ID, "port": scenario.layout.vip.port} | _rules(scenario)],
        "timings": timings,
        "pooled": scenario.balancer == "aws",
        "health": {
            "port": port,
            "path": start_of(scenario).ready[1],
            "interval_s": scenario.health_interval if port else max(CHECKED_EVERY, scenario.health_interval),
            "timeout_s": min(2.0, scenario.health_interval),
        },
    }
    if scenario.balancer == "aliyun-clb":  # it knows nodes by the instances they are, and pods by their ENIs
        numbers = range(1, scenario.nodes + 1)
        balancer["instances"] = {f"i-lab{number}": scenario.layout.node(number) for number in numbers}
    return {"balancers": [balancer], "credentials": {SECRET_ID: SECRET_KEY}}


def _rules(scenario: Scenario) -> dict[str, Any]:
    """Give the HTTP listener its rules: those of the gateway, without targets yet, and one of somebody else's.

    Layer 7 checks the targets' own port, so each check is a request that the gateway counts.
    """
    if scenario.balancer != LAYER_7:
        return {}
    check = {"port": 0, "path": "/", "interval_s": 2.0, "timeout_s": 1.0}
    app = {"address": scenario.layout.app.host, "port": scenario.layout.app.port}
    foreign = {"id": "loc-other", "domain": "other.lab.example", "health": check, "targets": [app]}
    return {"rules": [*({"id": name, "url": url, "health": check} for name, url in RULES.items()), foreign]}


def present(part: str) -> bool:
    """Return whether this machine can run `part`; only Prometheus may be missing."""
    return part != "prometheus" or shutil.which("prometheus") is not None


def lacking(scenario: Scenario) -> str:
    """Return what this machine lacks for the scenario, and how to get it; "" where it can be started."""
    if scenario.way in FROM_NGINX and scenario.has("node"):
        return nginx.missing()
    return haproxy.missing() if scenario.balancer == HAPROXY and scenario.has("balancer") else ""


def command(part: str, workspace: Workspace) -> list[str]:
    """Return the argv of `part`."""
    name = HAPROXY if part == "balancer" and workspace.scenario.balancer == HAPROXY else part
    module = [sys.executable, "-P", "-m", f"migrator.lab.{_MODULES.get(name, name)}"]
    return [*module, *_options(workspace)[part]]


def _options(workspace: Workspace) -> dict[str, list[str]]:
    scenario, where = workspace.scenario, workspace.scenario.layout
    known = ["--kubeconfig", str(workspace.kubeconfig)]
    return {
        "api": [*_at(where.api), "--token", ADMIN_TOKEN],
        "app": _at(where.app),
        "controllers": known,
        "istiod": [*known, *_at(where.istiod)],
        ENVOY_GATEWAY: [*known, *_at(where.envoy_gateway)],
        CONTOUR: [*known, *_at(where.contour)],
        "node": [*known, "--net", scenario.net, "--nodes", str(scenario.nodes), *_among_strangers(scenario)],
        "balancer": ["--net", scenario.net, "--config", str(workspace.folder / _BALANCER)],
        "prometheus": [
            *known,
            *_second(workspace),
            *_at(where.prometheus),
            "--data",
            str(workspace.folder / "prometheus"),
        ],
        DOORS: ["--config", str(doors.config(workspace.folder))],
        "load": load_options(workspace),
        **_beside(workspace),
        CLOUD_CONTROLLER: [*known, "--cloud", str(where.balancer), "--service", f"{LISTENER_ID}={MEMBERS_SERVICE}"],
    }


def _second(workspace: Workspace) -> list[str]:
    """Name the kubeconfig of the second cluster, where there is one."""
    return ["--kubeconfig", str(workspace.beside)] if workspace.scenario.way == TWO_CLUSTERS else []


def _beside(workspace: Workspace) -> dict[str, list[str]]:
    """The parts of a second cluster, which are the same programs as the first one's."""
    scenario, where = workspace.scenario, workspace.scenario.receiving
    known, nodes = ["--kubeconfig", str(workspace.beside)], ["--nodes", str(scenario.nodes)]
    return {
        "api-2": [*_at(where.api), "--token", ADMIN_TOKEN],
        "controllers-2": known,
        "istiod-2": [*known, *_at(where.istiod)],
        "node-2": [*known, "--net", scenario.net, *nodes, "--cluster", "2", "--istiod", f"http://{where.istiod}"],
    }


def _among_strangers(scenario: Scenario) -> list[str]:
    """Mark the nodes of a lab on a control plane that is not its own, and keep everybody else's pods off them."""
    labels = ",".join(f"{name}={value}" for name, value in {**NODE_LABELS, **dict([OURS])}.items())
    return ["--labels", labels, "--taint", TAINT] if scenario.strangers else []


def _at(address: Address) -> list[str]:
    return ["--host", address.host, "--port", str(address.port)]


_BALANCER = "balancer.json"
_MODULES = {
    "api": "kube",
    "api-2": "kube",
    "controllers-2": "controllers",
    "istiod-2": "istiod",
    "node-2": "node",
    "balancer": "clouds",
    "prometheus": "world.prometheus",
    HAPROXY: "haproxy",
    ENVOY_GATEWAY: "envoygateway",
    CLOUD_CONTROLLER: "controllers.services.tke",
}
