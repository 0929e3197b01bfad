"""Gateways of each kind behind one pair of ports. Which kind it is is decided here, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from migrator.adapters.clock import SystemClock
from migrator.adapters.gateways.admin import Admin, PodStreams
from migrator.adapters.gateways.envoy import EnvoyReader, EnvoyWriter, Reads
from migrator.adapters.gateways.fan_out import FanOut
from migrator.adapters.gateways.no_admin import NoAdminReader, NoAdminWriter
from migrator.domain.model.actions import PodRef
from migrator.domain.model.message import say
from migrator.domain.model.spec import GatewayKind, Spec
from migrator.domain.ports.outside import Clock, GatewayReader, GatewayWriter

__all__ = ["TELL_TO_GO", "Telling", "gateways"]


class Telling(StrEnum):
    """Whether a gateway kind can be told to go, and whether that can be taken back."""

    REVERSIBLE = "reversible"
    IRREVERSIBLE = "irreversible"
    NONE = "none"


TELL_TO_GO: Mapping[GatewayKind, Telling] = {
    GatewayKind.ISTIO: Telling.REVERSIBLE,
    GatewayKind.ENVOY: Telling.REVERSIBLE,
    GatewayKind.NGINX: Telling.NONE,  # `quit` closes the listening sockets at once: there is no accept-while-draining
    GatewayKind.NONE: Telling.NONE,
}
_NO_ADMIN = {
    GatewayKind.NGINX: say("gateway.is-nginx"),
    GatewayKind.NONE: say("gateway.is-none"),
}


def gateways(spec: Spec, streams: PodStreams, clock: Clock | None = None) -> tuple[GatewayReader, GatewayWriter]:
    """Give the ports to the gateways of `spec`. `streams` opens streams to pods (`connect(spec.cluster).ports`)."""
    kind, clock = spec.gateway.kind, clock or SystemClock()
    if kind in _NO_ADMIN:
        return NoAdminReader(_NO_ADMIN[kind]), NoAdminWriter(_NO_ADMIN[kind])
    fan_out = FanOut()
    admin = Admin(
        streams, spec.gateway.admin_port, belongs_to if kind is GatewayKind.ISTIO else may_belong_to, clock.now
    )
    latency = spec.judge.latency
    wants = Reads(
        admin_port=spec.gateway.admin_port,
        over=latency.over if latency else None,
        ports=tuple((mapped.old, mapped.new) for mapped in spec.target.ports),
        istio=kind is GatewayKind.ISTIO,
    )
    return EnvoyReader(admin, wants, clock, fan_out), EnvoyWriter(admin, fan_out)


def belongs_to(node_id: str, pod: PodRef) -> bool:
    """Say whether an Istio proxy is this pod's: its node id is `router~<ip>~<pod>.<namespace>~<domain>`."""
    parts = node_id.split("~")
    return len(parts) == 4 and parts[2] == f"{pod.name}.{pod.namespace}"


def may_belong_to(node_id: str, pod: PodRef) -> bool:
    """Say whether a plain Envoy may be this pod's: an Istio-like id must name it, any other id is the operator's word."""
    return belongs_to(node_id, pod) if "~" in node_id else True
