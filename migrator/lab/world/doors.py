"""The doors of a lab: what stands behind each, the files that lead through them, and the orders that they take."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from migrator.lab import certificates
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.layout import API_2, HAPROXY, TWO_CLUSTERS, Layout, Scenario

FOLDER = "faults"
_FILES = (("cert", "pem"), ("key", "key"))
_ADDRESSES = ("balancer", "prometheus")


class Refused(RuntimeError):
    """The doors do not do what was ordered; the text says why."""


def config(folder: Path) -> Path:
    """The file that the process of the doors reads."""
    return folder / FOLDER / "doors.json"


def through(folder: Path) -> Path:
    """The kubeconfig that leads through the door before the API server, or through those before both."""
    return folder / FOLDER / "kubeconfig"


def prepare(scenario: Scenario, known: Path, folder: Path) -> None:
    """Write what the doors read, and the kubeconfig that leads through them. An API's door speaks TLS, as API servers do."""
    layout = scenario.layout
    at, clusters = layout.doors, {"api": kubeconfig.current_context(known)}
    if scenario.way == TWO_CLUSTERS:
        clusters[API_2] = kubeconfig.context_of(scenario.receiving)
    for name in clusters:
        certificates.make(folder / FOLDER / name, at[name].host, ("server",))
    doors = [_served(name, folder) | _behind(*kubeconfig.reaches(known, context)) for name, context in clusters.items()]
    trusts = {clusters[name]: (f"https://{at[name]}", folder / FOLDER / name / "ca.pem") for name in clusters}
    kubeconfig.led(known, through(folder), trusts)
    for name in _ADDRESSES:
        behind = getattr(layout, name)
        speaks = not (name == "balancer" and scenario.balancer == HAPROXY)
        doors.append({"name": name, "host": behind.host, "port": behind.port, "http": speaks})
    listed = [door | {"listen": str(at[door["name"]])} for door in doors]
    config(folder).write_text(json.dumps({"admin": str(layout.faults), "doors": listed}, indent=2) + "\n")


def fitted(plan: str, layout: Layout, folder: Path) -> str:
    """Return a plan file's text whose cluster, cloud and Prometheus are reached through the doors."""
    led = plan.replace("127.77.", f"{layout.net}.").replace("build/lab/kubeconfig", str(through(folder)))
    led = led.replace(str(folder / "kubeconfig"), str(through(folder)))
    for name in _ADDRESSES:
        led = led.replace(str(getattr(layout, name)), str(layout.doors[name]))
    return led


def ask(layout: Layout, method: str, body: dict[str, Any] | None = None, target: str = "") -> dict[str, Any]:
    """Order, list or take back faults; return what is in force. Raise `Refused`."""
    url = f"http://{layout.faults}/faults"
    try:
        asked = {"target": target} if target else {}
        answer = httpx.request(method, url, json=body, params=asked, timeout=5, trust_env=False)
        said: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Refused(f"the lab's doors do not answer at {layout.faults}: {type(error).__name__}") from error
    if answer.status_code != httpx.codes.OK:
        raise Refused(str(said.get("error", answer.status_code)))
    return said


def _served(name: str, folder: Path) -> dict[str, Any]:
    files = {part: str(folder.absolute() / FOLDER / name / f"server.{end}") for part, end in _FILES}
    return {"name": name, "serve": files, "http": True}


def _behind(server: str, tls: dict[str, str] | None) -> dict[str, Any]:
    parts = urlsplit(server)
    assert parts.hostname is not None
    return {"host": parts.hostname, "port": parts.port or (443 if tls is not None else 80), "tls": tls}
