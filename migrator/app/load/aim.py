"""Where requests of our own go: to the balancer's address, as the plan's clients dial it. It sends none."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from migrator.adapters.prober import TLS_PORTS
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.spec import ListenerSpec, Spec
from migrator.domain.ports.balancer import BalancerReader


@dataclass(frozen=True, slots=True)
class Aim:
    """An address and what is asked there. `header` is the one in which a gateway names itself."""

    address: str
    port: int
    host: str
    path: str
    header: str
    tls: bool

    @property
    def dialled(self) -> str:
        """Give the address with its port, as a URL has them: one of IPv6 stands in brackets."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


CLIENTS = 8
"""How many clients share the rate; each may have begun one request more than its part when the time is over."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many requests a second, for how many seconds: it stops by itself."""

    rate: float
    seconds: float

    @property
    def most(self) -> int:
        """Give how many requests that are at most."""
        return ceil(self.rate * self.seconds) + CLIENTS


def aimed(spec: Spec, balancer: BalancerReader, listener: str | None, path: str | None) -> Aim:
    """Give the aim of a plan. UsageError: it has no such listener, or nobody knows the balancer's address."""
    chosen = _chosen(spec, listener)
    address = spec.balancer.address or balancer.address()
    if not address:
        raise UsageError(say("load.no-address"))
    gateway = spec.gateway
    host, where = gateway.probe_host or address, path or gateway.probe_path
    return Aim(address, chosen.port, host, where, gateway.name_header, chosen.port in TLS_PORTS)


def _chosen(spec: Spec, listener: str | None) -> ListenerSpec:
    known = spec.balancer.listeners
    found = next((each for each in known if listener in (None, each.id, str(each.port))), None)
    if found is None:
        raise UsageError(say("load.no-listener", listener=listener, there=tuple(each.id for each in known)))
    return found
