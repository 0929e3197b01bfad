"""Envoys with a shutdown manager beside them (Envoy Gateway, Contour), and an Envoy that has none.

Sources: envoyproxy/gateway internal/cmd/envoy/shutdown_manager.go, internal/infrastructure/kubernetes/proxy/resource.go;
projectcontour/contour cmd/contour/shutdownmanager.go. Both ask Envoy's `/healthcheck/fail` in their preStop, wait, and then
poll the open connections; what `/healthcheck/fail` does was tried with a real Envoy 1.40.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from migrator.domain.gateways.products.row import Check, Clients, Known, OwnDrain, Product, Turn, any_template
from migrator.domain.messages.durations import PATTERN, seconds_of
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import command_of, pod_containers
from migrator.domain.model.manifests import Json, Manifest, dig, labels, mapping, text

MANAGER = "shutdown-manager"
_LEAST_EG = 5.0
"""The least of the defaults that its versions had for minDrainDuration."""


def _manager(template: Manifest, program: str) -> Manifest:
    """Give the container whose preStop runs this program; an empty one where none does."""
    rows = pod_containers(mapping(template, "spec"))
    return next((row for row in rows if program in command_of(mapping(row, "lifecycle", "preStop"))), {})


def _reading(program: str, flag: str, default: float) -> Callable[[Manifest, str], float]:
    def read(template: Manifest, _settings: str) -> float:
        words = command_of(mapping(_manager(template, program), "lifecycle", "preStop"))
        told = re.search(rf"{flag}[= ]({PATTERN})(?=\s|$)", words)
        return seconds_of(told[1]) if told else default

    return read


def _writing(program: str, flag: str) -> Callable[[Manifest, str, float], Manifest]:
    def write(template: Manifest, _settings: str, seconds: float) -> Manifest:
        manager = _manager(template, program)
        said = dig(manager, "lifecycle", "preStop", "exec", "command")
        words: list[Json] = list(said) if isinstance(said, list) else []
        kept: list[Json] = [word for word in words if not str(word).startswith(f"{flag}=")]
        hook: Json = {"preStop": {"exec": {"command": [*kept, f"{flag}={seconds:g}s"]}}}
        return {"spec": {"containers": [{"name": text(manager, "name"), "lifecycle": hook}]}}

    return write


def _is_envoy_gateway(template: Manifest) -> bool:
    owner = labels(template, "metadata", "labels").get("app.kubernetes.io/managed-by")
    return owner == "envoy-gateway" or bool(_manager(template, "envoy-gateway envoy shutdown"))


def _is_contour(template: Manifest) -> bool:
    return bool(_manager(template, "contour envoy shutdown"))


_BY_MANAGER = (
    Turn(say("turn.manager"), Check.FAILS, Clients.ASKED, Known.TRIED),
    Turn(say("turn.sigterm"), Check.CLOSED, Clients.REFUSED, Known.TRIED),
)

ENVOY_GATEWAY = Product(
    name="envoy-gateway",
    title="Envoy Gateway's Envoy",
    marks=_is_envoy_gateway,
    turns=_BY_MANAGER,
    drain=OwnDrain(
        "minDrainDuration",
        say("drain.manager", setting="minDrainDuration"),
        _reading("envoy-gateway envoy shutdown", "--min-drain-duration", _LEAST_EG),
        _writing("envoy-gateway envoy shutdown", "--min-drain-duration"),
    ),
    waits_for_listeners=True,
    owned=True,
    chart="gateway-helm",
)

CONTOUR = Product(
    name="contour",
    title="Contour's Envoy",
    marks=_is_contour,
    turns=_BY_MANAGER,
    drain=OwnDrain(
        "--check-delay",
        say("drain.manager", setting="--check-delay"),
        _reading("contour envoy shutdown", "--check-delay", 0.0),
        _writing("contour envoy shutdown", "--check-delay"),
    ),
    waits_for_listeners=True,
    chart="contour",
)

PLAIN_ENVOY = Product(
    name="envoy",
    title="Envoy",
    marks=any_template,
    turns=(
        Turn(say("turn.fail"), Check.FAILS, Clients.ASKED, Known.TRIED),
        Turn(say("turn.drain-graceful"), Check.STAYS, Clients.ASKED, Known.TRIED),
        Turn(say("turn.drain-at-once"), Check.STAYS, Clients.REFUSED, Known.TRIED),
        Turn(say("turn.pre-stop"), Check.STAYS, Clients.SERVED, Known.TRIED),
        Turn(say("turn.sigterm"), Check.CLOSED, Clients.REFUSED, Known.TRIED),
    ),
)
