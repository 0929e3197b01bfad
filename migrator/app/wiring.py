"""From settings to working parts: the store, and the ports of a plan's cluster, balancer, gateways and metrics.

Everything heavy is imported where it is used, so that `migrator --help` and `status` stay quick.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.adapters.clock import SystemClock
from migrator.domain.messages.errors import MigratorError, NotFound, StoreError, UsageError
from migrator.domain.messages.message import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from migrator.adapters.cluster.connection import Connection
    from migrator.adapters.gateways.admin import PodStreams
    from migrator.adapters.sigv4 import Keys
    from migrator.app.evidence.collecting import Logs
    from migrator.domain.messages.message import Message
    from migrator.domain.model.spec import PrometheusSpec, SigningSpec, Spec
    from migrator.domain.ports.balancer import BalancerReader
    from migrator.domain.ports.logs import LogReader
    from migrator.domain.ports.outside import ClusterLease, Readers, WitnessPort, Writers
    from migrator.domain.ports.rates import JudgePort, RateSource
    from migrator.domain.ports.telling import Channel, Traces
    from migrator.store import Store, StoreReader

CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Wired:
    """The ports of one plan. `channels` are told of its run; `untold` says why others of the plan cannot be."""

    readers: Readers
    writers: Writers
    lease: ClusterLease
    channels: tuple[Channel, ...] = ()
    untold: tuple[Message, ...] = ()
    traces: Traces | None = None
    logs: Logs | None = None


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


def open_reader(given: str | None) -> StoreReader:
    """Open the store to read of it only, at once; NotFound when there is none, StoreError as above."""
    from migrator.store import StoreReader

    return StoreReader.opened(store_path(given), CLOCK)


@contextmanager
def remembering(given: str | None) -> Iterator[StoreReader | None]:
    """Give the store for a command that can do without one; None where there is none that can be read."""
    try:
        found = open_reader(given)
    except (StoreError, NotFound):
        yield None
        return
    with found:
        yield found


def end_programs() -> None:
    """Kill the programs of hooks, judges and logins that still run: this process leaves."""
    from migrator.adapters.bounded.program import end_all

    end_all()


def who() -> str:
    """Give who asks, as `user@host`."""
    import getpass
    import socket

    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()}"


def holder() -> str:
    """Give who carries a run out, as `user@host pid N`."""
    return f"{who()} pid {os.getpid()}"


def wire(spec: Spec, store: StoreReader | None = None) -> Wired:
    """Connect a spec's ports. Nothing is asked of anybody yet. UsageError for a kubeconfig or provider that is not there.

    `store` remembers what was measured of the balancer; without one its driver's word stands.
    """
    from migrator.adapters.balancers import balancer
    from migrator.adapters.balancers.budget import budgeted
    from migrator.adapters.balancers.calibrated import Calibrated, identity
    from migrator.adapters.clusters import connected, connections_of
    from migrator.adapters.gateways import gateways
    from migrator.adapters.prober import HttpProber
    from migrator.adapters.telling import traces
    from migrator.app.one_run.in_progress import lease_name
    from migrator.domain.ports.outside import Readers, Writers

    cluster = connected(spec, lease_name(spec))
    gateway_reader, gateway_writer = gateways(spec, cluster.ports, CLOCK)
    driver, balancer_writer = balancer(spec.balancer)
    measured = store.calibration(identity(spec.balancer)) if store else None
    balancer_reader = Calibrated(driver, measured, CLOCK.now)
    forward, reserve = budgeted(balancer_writer, balancer_reader.capabilities, CLOCK.monotonic)
    readers = Readers(balancer_reader, cluster.reader, gateway_reader, HttpProber(), None, None)
    readers = _with_answers(spec, _with_judges(spec, _with_second_opinion(spec, readers)), cluster.ports)
    connections = connections_of(cluster)
    readers = replace(readers, logs=_warnings(spec, connections))
    told, untold = told_of(spec, connections)
    writers = Writers(forward, cluster.writer, gateway_writer, reserve)
    return Wired(readers, writers, cluster.lease, told, untold, traces(), _logs(spec, connections))


def _logs(spec: Spec, connections: Mapping[str, Connection]) -> Logs | None:
    """Give who reads the old gateways' logs, where the plan wants some kept."""
    if not spec.evidence.logs:
        return None
    from migrator.adapters.gateways.logs import PodLogs
    from migrator.domain.gateways import gateway_profile
    from migrator.domain.model.balancer import Side
    from migrator.domain.model.refs import place

    return PodLogs(
        connections[place(spec, Side.OLD).at], (spec.gateway.container, *gateway_profile(spec, Side.OLD).containers)
    )


def _warnings(spec: Spec, connections: Mapping[str, Connection]) -> LogReader | None:
    """Give who reads logs for warnings, where the plan wants that."""
    if not spec.evidence.warnings:
        return None
    from migrator.adapters.gateways.warned_logs import Heard, WarningLogs
    from migrator.domain.gateways import gateway_profile
    from migrator.domain.gateways.log_rights import controller_of
    from migrator.domain.model.balancer import Side
    from migrator.domain.model.refs import place

    sides = {
        side: Heard(
            connections[place(spec, side).at],
            (spec.gateway_of(side).container, *gateway_profile(spec, side).containers),
            controller_of(spec, side),
        )
        for side in Side
    }
    return WarningLogs(sides, spec.evidence.warnings)


def told_of(spec: Spec, connections: Mapping[str, Connection]) -> tuple[tuple[Channel, ...], tuple[Message, ...]]:
    """Give who is told of a plan's run, and why others of the plan cannot be. `connections` lead to its clusters, by name."""
    from migrator.adapters.telling import channels
    from migrator.adapters.telling.cluster_events import ClusterEvents

    ready, untold = channels(spec.notify)
    events = (ClusterEvents(each, spec, CLOCK.now, name) for name, each in connections.items() if spec.events)
    return (*events, *ready), untold


def _with_judges(spec: Spec, readers: Readers) -> Readers:
    """Add the plan's own judges, where it names any. UsageError for a balancer that counts nothing."""
    if not spec.judge.others:
        return readers
    from migrator.adapters.gates.judges import Others
    from migrator.adapters.gates.monitoring import Judges

    balancer = _monitoring(spec, readers.balancer) if spec.judge.asks_balancer else None
    return replace(readers, judges=Judges(Others(spec, CLOCK.now), balancer))


def _monitoring(spec: Spec, driver: BalancerReader) -> JudgePort:
    """Give the judge that the balancer is. UsageError: neither it nor its cloud counts anything."""
    from migrator.adapters.gates.monitoring import Balancer, LateBalancer
    from migrator.domain.ports.balancer import Monitors, MonitorsLate

    if isinstance(driver, MonitorsLate):
        return LateBalancer(driver, spec.judge.error_rate, CLOCK.now)
    if not isinstance(driver, Monitors):
        raise UsageError(say("judge.balancer-unmonitored", provider=spec.balancer.provider))
    return Balancer(driver, spec.judge.error_rate)


def _with_second_opinion(spec: Spec, readers: Readers) -> Readers:
    """Add the second opinion, where the plan names one."""
    if spec.judge.prometheus is None:
        return readers
    from migrator.adapters.metrics.prometheus import PrometheusRates

    return replace(readers, rates=PrometheusRates(spec, spec.judge.prometheus, _signing(spec.judge.prometheus)))


def past_rates(spec: Spec, moment: Callable[[], float]) -> RateSource:
    """Connect the plan's Prometheus to be asked about a moment of the past (Unix seconds)."""
    from migrator.adapters.metrics.prometheus import PrometheusRates

    assert spec.judge.prometheus is not None
    return PrometheusRates(spec, spec.judge.prometheus, _signing(spec.judge.prometheus), moment)


def _signing(prometheus: PrometheusSpec) -> Callable[[], Keys] | None:
    access = prometheus.access
    return _keys(access.signing) if access and access.signing else None


def _keys(signing: SigningSpec) -> Callable[[], Keys]:
    """Give the credentials that AWS's own tools would find, whenever a request is signed. Nobody is asked before."""
    from migrator.adapters.balancers.aws.access.chain import chain
    from migrator.adapters.sigv4 import Keys

    found = chain(signing.region)

    def give() -> Keys:
        now = found()
        return Keys(now.key, now.secret, now.token)

    return give


def _with_answers(spec: Spec, readers: Readers, streams: PodStreams) -> Readers:
    """Add what asks both sides the same questions, where the plan wants that."""
    if spec.answers is None:
        return readers
    from migrator.adapters.answers.asker import Asker

    return replace(readers, answers=Asker(spec.answers.headers, streams))


def witness(spec: Spec, balancer: BalancerReader) -> WitnessPort | None:
    """Give the witness of new connections; None where nobody knows the address that clients dial.

    Asks the balancer for it where the plan does not say. One that does not answer now is asked again later.
    """
    from migrator.adapters.witness.pending import PendingWitness

    if not spec.balancer.listeners:
        return None
    if spec.balancer.address:
        return tcp_witness(spec, spec.balancer.address)
    try:
        found = balancer.address()
    except MigratorError:
        return PendingWitness(balancer.address, lambda address: tcp_witness(spec, address), CLOCK.sleep)
    return tcp_witness(spec, found) if found else None


def tcp_witness(spec: Spec, address: str) -> WitnessPort:
    """Give the witness that dials this address."""
    from migrator.adapters.witness.tcp import TcpWitness

    return TcpWitness(
        address,
        spec.balancer.listeners[0].port,
        spec.gateway.probe_host,
        spec.gateway.probe_path,
        spec.gateway.name_header,
    )
