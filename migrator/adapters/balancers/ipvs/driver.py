"""The IPVS driver: one `ipvsadm` command per look and one per server changed. It starts nothing else and repeats nothing.

Facts: weights 0-65535; a server at weight 0 (quiescent) gets no new connection and keeps its old ones, with every scheduler;
an edit resets the forwarding method unless it is given again. Health is somebody else's business: it is UNKNOWN here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from migrator.adapters.balancers.ipvs.findings import Host, of_host, of_service, of_thresholds, switches
from migrator.adapters.balancers.ipvs.table import FORWARDS, Server, Service, idle_seconds, services, thresholds
from migrator.adapters.balancers.process import Ended
from migrator.adapters.balancers.refusals import require_no_weight
from migrator.domain.balancers.settings import Steering
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import say
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Target

T = TypeVar("T")

SYSTEM = "ipvs"
CAPABILITIES = Capabilities(
    weight_max=65535,
    batch=1,
    several_listeners=False,
    health_at_zero=False,
    zero_keeps_connections=True,
    reports_sessions=True,
    settle=0.1,
    drain_floor=1.0,
    writes_per_minute=None,
)
SSH_FAILED = 255
LONGEST = 120
"""Letters of what cannot be read that are shown."""


class Ipvs:
    """Virtual services of one machine. `run` runs ipvsadm with these arguments; `host` None: settings cannot be read."""

    def __init__(
        self, run: Callable[[Sequence[str]], Ended], listeners: tuple[str, ...], forward: str, host: Host | None
    ) -> None:
        self._run, self._listeners, self._forward, self._host = run, listeners, forward, host

    def capabilities(self) -> Capabilities:
        """Give the driver's constants."""
        return CAPABILITIES

    def targets(self) -> tuple[Target, ...]:
        """Give every real server with its active connections."""
        return tuple(server.target for service in self._services() for server in service.servers)

    def poll(self, op: Op) -> OpState:
        """A command that has ended is done; ids are nobody's."""
        return OpState.LOST if op.id else OpState.DONE

    def address(self) -> str:
        """Give the first virtual service's address."""
        return self._listeners[0].rpartition(":")[0].strip("[]")

    def steering(self) -> tuple[Steering, ...]:
        """Give how each service chooses servers, its flags (persistence), and what the machine does with connections."""
        seconds = idle_seconds(self._ask(["-Ln", "--timeout"]))
        idle = "" if seconds is None else f"{seconds} s"
        on = switches(self._host)
        return tuple(
            Steering(service.name, service.scheduler, " ".join(service.flags) or "none", idle=idle, switches=on)
            for service in self._services()
        )

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the services and the machine for a run."""
        limited = thresholds(self._ask(["-Ln", "--thresholds"]))
        return (
            *of_host(self._host),
            *of_thresholds(limited),
            *(finding for service in self._services() for finding in of_service(service)),
        )

    def register(self, action: Register) -> Op:
        """Add one server at weight 0, forwarded like the others of its service."""
        for backend in _one(action.backends):
            service = self._service(backend.listener)
            if backend not in {server.backend for server in service.servers}:
                forward = FORWARDS[self._method(service, backend)]
                self._ask(["-a", "-t", service.name, "-r", _dialled(backend), forward, "-w", "0"])
        return Op(SYSTEM)

    def set_weights(self, action: SetWeights) -> Op:
        """Set one server's weight, keeping how it is forwarded."""
        for row in _one(action.rows):
            server = self._server(row.backend)
            if server is None:
                raise Refused(say("ipvs.no-server", server=str(row.backend)))
            where = ["-t", row.backend.listener, "-r", _dialled(row.backend)]
            self._ask(["-e", *where, FORWARDS[server.forward], "-w", str(row.weight)])
        return Op(SYSTEM)

    def deregister(self, action: Deregister) -> Op:
        """Remove one server that has no weight."""
        servers = [server for backend in action.backends if (server := self._server(backend))]
        require_no_weight((server.backend, server.weight) for server in servers)
        for server in _one(servers):
            self._ask(["-d", "-t", server.backend.listener, "-r", _dialled(server.backend)])
        return Op(SYSTEM)

    def _services(self) -> list[Service]:
        listing = self._ask(["-Ln"])
        try:
            table = services(listing)
        except ValueError as error:
            raise Unreachable(say("ipvs.unreadable-table", words=str(error)[:LONGEST])) from error
        if absent := [name for name in self._listeners if name not in table]:
            raise Refused(say("ipvs.no-service", services=tuple(absent), there=tuple(table)))
        return [table[name] for name in self._listeners]

    def _service(self, name: str) -> Service:
        return next(service for service in self._services() if service.name == name)

    def _server(self, backend: Backend) -> Server | None:
        return next((s for s in self._service(backend.listener).servers if s.backend == backend), None)

    def _method(self, service: Service, backend: Backend) -> str:
        """Give how a new server is forwarded: as the plan says, else as all others of its service are."""
        methods = {self._forward} if self._forward else {server.forward for server in service.servers}
        if len(methods) != 1:
            raise Refused(say("ipvs.no-forward", service=service.name))
        method = methods.pop()
        if method != "Masq" and backend.port != int(service.name.rpartition(":")[2]):
            raise Refused(say("ipvs.fixed-port", server=str(backend), forward=method))
        return method

    def _ask(self, arguments: Sequence[str]) -> str:
        ended = self._run(arguments)
        if ended.code < 0 or ended.code == SSH_FAILED:
            then = say("driver.read-again" if lists(arguments) else "driver.perhaps-done")
            raise Unreachable(say("ipvs.no-answer", ended=ended.code, then=then))
        if ended.code:
            words = "".join(ended.err.strip().splitlines()[:1])[:300]
            raise Refused(say("ipvs.refused", command=arguments[0], ended=ended.code, words=words))
        return ended.out


def lists(arguments: Sequence[str]) -> bool:
    """Say whether a call only lists the table."""
    return arguments[0].startswith("-L")


def _one(rows: Sequence[T]) -> Sequence[T]:
    """Give the row; IPVS takes one server in a command, and a batch is one command."""
    if len(rows) > 1:
        raise Refused(say("ipvs.several-servers", servers=len(rows)))
    return rows


def _dialled(backend: Backend) -> str:
    return f"[{backend.address}]:{backend.port}" if ":" in backend.address else f"{backend.address}:{backend.port}"
