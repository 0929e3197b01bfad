"""Which Gateway servers a pod serves and on which port it really listens: Istio's selection and its port trap."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.lab.controllers.api.matching import has_labels
from migrator.lab.controllers.api.objects import age_key, labels_of, name_of, namespace_of
from migrator.lab.controllers.api.resources import ISTIO_GATEWAYS, SERVICES, Json
from migrator.lab.controllers.api.writes import World
from migrator.lab.controllers.services.endpointslices import target_number

_log = logging.getLogger(__name__)
_PLAIN = frozenset({"HTTP", "HTTP2", "GRPC"})
_FIRST_UNPRIVILEGED = 1024


@dataclass(frozen=True, slots=True)
class Server:
    """One server of one Gateway on one pod: the port that the Gateway names and the port that the pod listens on."""

    gateway: Json
    hosts: tuple[str, ...]
    number: int
    port: int


def servers_of(pod: Json, world: World) -> Iterator[Server]:
    """Yield the pod's servers, those of the oldest Gateway first. TLS and TCP servers are beyond the lab and left out."""
    gateways = [item for item in world.all(ISTIO_GATEWAYS) if _selects(item, pod)]
    for gateway in sorted(gateways, key=age_key):
        for server in gateway["spec"].get("servers") or []:
            named = server.get("port") or {}
            number, protocol = int(named.get("number") or 0), str(named.get("protocol", "HTTP")).upper()
            port = listening_port(number, pod, world)
            if not number:
                _log.warning("gateway %s: a server without a port is left out", name_of(gateway))
            elif protocol not in _PLAIN:
                _log.debug("gateway %s: %s servers are not part of the lab", name_of(gateway), protocol)
            elif port < _FIRST_UNPRIVILEGED and _is_unprivileged(pod):
                _log.debug("gateway %s: port %d is privileged and skipped", name_of(gateway), port)
            else:
                yield Server(gateway, tuple(server.get("hosts") or ()), number, port)


def _selects(gateway: Json, pod: Json) -> bool:
    # Gateways select pods of every namespace: that is Istio's default.
    return "spec" in gateway and has_labels(gateway["spec"].get("selector") or {}, labels_of(pod))


def listening_port(number: int, pod: Json, world: World) -> int:
    """Translate a Gateway port: the targetPort of the first Service that selects the pod and has this port, else itself.

    Source: istio pilot/pkg/model/gateway.go, resolvePorts with the legacy label selector.
    """
    services = [item for item in world.within(SERVICES, namespace_of(pod)) if _serves(item, pod)]
    for service in sorted(services, key=age_key):
        for port in service["spec"].get("ports") or []:
            if port["port"] == number and (target := target_number(port, pod)) is not None:
                return target
    return number


def _serves(service: Json, pod: Json) -> bool:
    selector = service["spec"].get("selector")
    return bool(selector) and has_labels(selector, labels_of(pod))


def _is_unprivileged(pod: Json) -> bool:
    wanted = {"name": "ISTIO_META_UNPRIVILEGED_POD", "value": "true"}
    return any(wanted == env for one in pod["spec"].get("containers") or [] for env in one.get("env") or [])
