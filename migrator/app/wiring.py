"""From settings to working parts: the store, and the ports of a plan's cluster, balancer, gateways and metrics.

Everything heavy is imported where it is used, so that `migrator --help` and `status` stay quick.
"""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.adapters.clock import SystemClock
from migrator.domain.ports import ClusterLease, Readers, WitnessPort, Writers
from migrator.domain.spec import Spec

if TYPE_CHECKING:
    from migrator.store import Store

CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Wired:
    """The ports of one plan."""

    readers: Readers
    writers: Writers
    lease: ClusterLease


def store_path(given: str | None) -> str:
    """Give where the store is: the option, MIGRATOR_STORE, or the XDG state home."""
    if given or os.environ.get("MIGRATOR_STORE"):
        return given or os.environ["MIGRATOR_STORE"]
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return str(Path(home) / "migrator" / "migrator.db")


def open_store(given: str | None, *, reading: bool = False) -> Store:
    """Open the store; StoreError says what is wrong with it and what to do."""
    from migrator.store import Store

    return Store.open(store_path(given), CLOCK, reading=reading)


def who() -> str:
    """Give who asks, as `user@host`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def holder() -> str:
    """Give who carries a run out, as `user@host pid N`."""
    return f"{who()} pid {os.getpid()}"


def wire(spec: Spec) -> Wired:
    """Connect a spec's ports. Nothing is asked of anybody yet. UsageError for a kubeconfig or provider that is not there."""
    from migrator.adapters.balancers import balancer
    from migrator.adapters.cluster import connect
    from migrator.adapters.gateways import gateways
    from migrator.adapters.prober import HttpProber

    cluster = connect(spec.cluster, f"migrator-{spec.source.name}")
    gateway_reader, gateway_writer = gateways(spec, cluster.ports, CLOCK)
    balancer_reader, balancer_writer = balancer(spec.balancer)
    readers = Readers(balancer_reader, cluster.reader, gateway_reader, HttpProber(), None, None)
    return Wired(_with_watchers(spec, readers), Writers(balancer_writer, cluster.writer, gateway_writer), cluster.lease)


def _with_watchers(spec: Spec, readers: Readers) -> Readers:
    """Add the witness and the second opinion, where the plan names what they need."""
    from dataclasses import replace

    if spec.judge.prometheus is not None:
        from migrator.adapters.metrics.prometheus import PrometheusRates

        readers = replace(readers, rates=PrometheusRates(spec, spec.judge.prometheus))
    return replace(readers, witness=_witness(spec, readers))


def _witness(spec: Spec, readers: Readers) -> WitnessPort | None:
    from migrator.adapters.witness import TcpWitness

    address = spec.balancer.address or readers.balancer.address()
    if not address or not spec.balancer.listeners:
        return None
    return TcpWitness(address, spec.balancer.listeners[0].port, spec.gateway.probe_host, spec.gateway.probe_path)
