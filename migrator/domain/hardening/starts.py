"""How a pod starts and is asked: no traffic before the configuration has come, and no restart because it drains. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.domain.gateways.profile import ADMIN_PORT, GatewayProfile
from migrator.domain.hardening.values import Ground, Measure, What
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import command_of, pod_containers
from migrator.domain.model.manifests import Json, Manifest, dig, mapping, text

STARTS = {"periodSeconds": 1, "failureThreshold": 300, "timeoutSeconds": 3}
"""A start may take five minutes, and is noticed within a second of its end."""


def starts(ground: Ground) -> Iterator[Measure]:
    """Give the measures of the probes: what is missing is added, a liveness that the drain flips is changed, others stay."""
    container = ground.gateway
    if not mapping(container, "startupProbe"):
        yield _startup(ground)
    if (
        not ground.filled_in
        and not mapping(container, "readinessProbe")
        and (asked := mapping(dict(ground.probes), "readinessProbe"))
    ):
        yield _measure(ground, What.READINESS, None, asked, say("harden.readiness-numbers"), say("harden.readiness"))
    asks = asks_of(mapping(container, "livenessProbe"))
    if flips(asks, ground.flipped) and (port := _port_of(ground)):
        now: Json = {"httpGet": None, "exec": None, "tcpSocket": {"port": port}}
        reason = say("harden.liveness", path=ground.flipped)
        yield _measure(ground, What.LIVENESS, asks, now, say("harden.liveness-numbers", port=port), reason)


def listens(port: int) -> Json:
    """Give the probe that waits for a client's port: it opens once the control plane has sent its listener."""
    return {"tcpSocket": {"port": port}, **STARTS}


def suggested(gateway: GatewayProfile, admin_port: int) -> Manifest:
    """Give a set of probes for such a gateway: start waits five minutes for configuration, liveness is patient."""
    path, port = gateway.readiness.path, gateway.readiness.port if gateway.readiness.port != ADMIN_PORT else admin_port
    asked: Json = {"path": path, "port": port}
    alive: dict[str, Json] = {"tcpSocket": {"port": port}} if path == gateway.flipped_path else {"httpGet": asked}
    return {
        "startupProbe": {"httpGet": asked, "periodSeconds": 5, "failureThreshold": 60, "timeoutSeconds": 3},
        "readinessProbe": {"httpGet": asked, "periodSeconds": 2, "failureThreshold": 3, "timeoutSeconds": 2},
        "livenessProbe": {**alive, "periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 3},
    }


def _startup(ground: Ground) -> Measure:
    if ground.product.waits_for_listeners and ground.ports:
        numbers = say("harden.startup-numbers", seconds=300)
        reason = say("harden.startup-listener", port=ground.ports[0])
        return _measure(ground, What.STARTUP, None, listens(ground.ports[0]), numbers, reason)
    asked = mapping(dict(ground.probes), "startupProbe")
    return _measure(
        ground, What.STARTUP, None, asked, say("harden.startup-numbers", seconds=300), say("harden.startup")
    )


def _port_of(ground: Ground) -> int:
    return ground.ports[0] if ground.ports else 0


def asks_of(probe: Manifest) -> str:
    """Give what a probe asks: its path and port, or its command."""
    path, port = text(probe, "httpGet", "path"), dig(probe, "httpGet", "port")
    return f"GET :{port} {path}" if path else command_of(probe)


def flips(asks: str, path: str) -> bool:
    """Say whether what a probe asks turns to 503 once the gateway was told to go."""
    return bool(asks and path) and re.search(rf"(^|[^a-z/]){re.escape(path)}\b", asks) is not None


def steady(pod_spec: Json, path: str) -> tuple[Manifest, ...]:
    """Give a strategic merge patch for each container whose livenessProbe asks for what turns: it asks that port alone then."""
    found: list[Manifest] = []
    for container in pod_containers(pod_spec):
        probe = mapping(container, "livenessProbe")
        if flips(asks_of(probe), path) and (port := dig(probe, "httpGet", "port")) is not None:
            alive: Manifest = {"httpGet": None, "tcpSocket": {"port": port}}
            found.append({"name": text(container, "name"), "livenessProbe": alive})
    return tuple(found)


def _measure(ground: Ground, what: What, was: Json, now: Json, numbers: Message, reason: Message) -> Measure:
    row: Json = {"name": text(ground.gateway, "name"), what.value: now}
    patch: Manifest = {"spec": {"template": {"spec": {"containers": [row]}}}}
    return Measure(what, what.value, was, now, numbers, reason, patch)
