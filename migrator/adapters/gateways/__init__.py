"""Gateways of each kind behind one pair of ports, by the client that the kind's profile names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from migrator.adapters.clock import SystemClock
from migrator.adapters.gateways.admin import Admin, PodStreams
from migrator.adapters.gateways.envoy import EnvoyReader, EnvoyWriter, Reads
from migrator.adapters.gateways.fan_out import FanOut
from migrator.adapters.gateways.nginx import Controllers, NginxReader, names
from migrator.adapters.gateways.no_admin import NoAdminReader, NoAdminWriter
from migrator.adapters.gateways.sided import SidedReader, SidedWriter
from migrator.domain.gateways import gateway_profile
from migrator.domain.gateways.profile import OwnListeners
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.spec import Spec
from migrator.domain.ports.outside import Clock, GatewayReader, GatewayWriter

__all__ = ["CLIENTS", "gateways"]


Ports = tuple[GatewayReader, GatewayWriter]


def gateways(spec: Spec, streams: PodStreams, clock: Clock | None = None) -> Ports:
    """Give the ports to the gateways of `spec`. `streams` opens streams to pods (`connect(spec.cluster).ports`)."""
    at = clock or SystemClock()
    if spec.gateway_of(Side.OLD) == spec.gateway_of(Side.NEW):
        return _of_side(spec, Side.OLD, streams, at)
    (old, tells_old), (new, tells_new) = (_of_side(spec, side, streams, at) for side in (Side.OLD, Side.NEW))
    return SidedReader(old, new), SidedWriter(tells_old, tells_new)


def _of_side(spec: Spec, side: Side, streams: PodStreams, clock: Clock) -> Ports:
    return CLIENTS[gateway_profile(spec, side).client](spec, side, streams, clock)


def _by_envoys_admin(spec: Spec, side: Side, streams: PodStreams, clock: Clock) -> Ports:
    gateway, fan_out, latency = gateway_profile(spec, side), FanOut(), spec.judge.latency
    whose = belongs_to if gateway.names_its_pod else may_belong_to
    admin = Admin(streams, spec.gateway_of(side).admin_port, whose, clock.now)
    wants = Reads(
        own=_own(spec, side),
        over=latency.over if latency else None,
        ports=tuple((mapped.old, mapped.new) for mapped in spec.target.ports),
        own_counter=gateway.counts_twice,
        allow=spec.parity.allow,
        orders=gateway.reversible,
    )
    return EnvoyReader(admin, wants, clock, fan_out), EnvoyWriter(admin, fan_out)


def _own(spec: Spec, side: Side) -> OwnListeners:
    """Give the listeners through which no client of this plan comes: one to which the plan leads clients is none of them."""
    own = gateway_profile(spec, side).own
    serving = {port for mapped in spec.target.ports for port in (mapped.old, mapped.new)}
    serving |= {listener.backend_port for listener in spec.balancer.listeners}
    return replace(own, ports=own.ports | {spec.gateway_of(side).admin_port}).without(serving)


def _without_admin(spec: Spec, side: Side, _streams: PodStreams, _clock: Clock) -> Ports:
    why = gateway_profile(spec, side).mute
    return NoAdminReader(why), NoAdminWriter(why)


def _by_nginxs_metrics(spec: Spec, side: Side, streams: PodStreams, clock: Clock) -> Ports:
    gateway = gateway_profile(spec, side)
    over = spec.judge.latency.over if spec.judge.latency else None
    controllers = Controllers(streams, gateway.readiness.port, names, clock.now)
    return NginxReader(gateway.mute, controllers, clock, FanOut(), over), NoAdminWriter(gateway.mute)


CLIENTS: Mapping[str, Callable[[Spec, Side, PodStreams, Clock], Ports]] = {
    "envoy-admin": _by_envoys_admin,
    "nginx-metrics": _by_nginxs_metrics,
    "no-admin": _without_admin,
}
"""The clients by the name that a gateway's profile gives."""


def belongs_to(node_id: str, pod: PodRef) -> bool:
    """Say whether an Istio proxy is this pod's: its node id is `router~<ip>~<pod>.<namespace>~<domain>`."""
    parts = node_id.split("~")
    return len(parts) == 4 and parts[2] == f"{pod.name}.{pod.namespace}"


def may_belong_to(node_id: str, pod: PodRef) -> bool:
    """Say whether a plain Envoy may be this pod's: an Istio-like id must name it, any other id is the operator's word."""
    return belongs_to(node_id, pod) if "~" in node_id else True
