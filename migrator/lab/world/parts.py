"""How each part of the lab is started: its command line and the files it needs beforehand."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.world import kubeconfig
from migrator.lab.world.layout import ADMIN_TOKEN, Address, Scenario


@dataclass(frozen=True, slots=True)
class Place:
    """A scenario and the directory where its files are."""

    scenario: Scenario
    folder: Path

    @property
    def kubeconfig(self) -> Path:
        """The strangers' own file where there are strangers, else the lab's."""
        return self.scenario.strangers or self.folder / "kubeconfig"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def ledger(self) -> Path:
        """Where the load part writes its account."""
        return self.folder / "load.json"


def prepare(place: Place) -> None:
    """Write every file that a part reads when it starts."""
    place.logs.mkdir(parents=True, exist_ok=True)
    if place.scenario.strangers is None:
        kubeconfig.write(place.kubeconfig, place.scenario.layout)


def present(part: str) -> bool:
    """Say whether this machine can run `part`; only Prometheus may be missing."""
    return part != "prometheus" or shutil.which("prometheus") is not None


def command(part: str, place: Place) -> list[str]:
    """Give the argv of `part`."""
    scenario, where = place.scenario, place.scenario.layout
    known = ["--kubeconfig", str(place.kubeconfig)]
    module = [sys.executable, "-m", f"migrator.lab.{_MODULES.get(part, part)}"]
    match part:
        case "api":
            return [*module, *_at(where.api), "--token", ADMIN_TOKEN]
        case "app":
            return [*module, *_at(where.app)]
        case "controllers":
            return [*module, *known]
        case "istiod":
            return [*module, *known, *_at(where.istiod)]
        case "node":
            return [*module, *known, "--net", scenario.net, "--nodes", str(scenario.nodes)]
        case "balancer":
            return [*module, "--net", scenario.net, "--propagation", f"{scenario.propagation}"]
        case "load":
            return [*module, "--target", str(where.vip), "--out", str(place.ledger)]
        case _:
            raise ValueError(f"no part is called {part!r}")


def _at(address: Address) -> list[str]:
    return ["--host", address.host, "--port", str(address.port)]


_MODULES = {"api": "kube"}
