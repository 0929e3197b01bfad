"""The HAProxy driver: servers of backend sections as targets; writes as one line of runtime commands, in the order given.

Facts (2.6.12): weights 0-256; health checks go on at weight 0; a line of commands is not atomic, so a batch must be safe
whatever part of it is applied (as those of `domain/weights/planner.py` are). Added servers and runtime weights are gone after a
reload: an op carries the process's identity and is LOST once another process answers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from migrator.adapters.balancers.haproxy.findings import TABLES, kept_by, of_process, of_section
from migrator.adapters.balancers.haproxy.rows import OURS, Section, Server, identity, information, sections
from migrator.adapters.balancers.haproxy.runtime import Runtime
from migrator.adapters.balancers.refusals import require_there, weightless
from migrator.domain.balancers.monitoring import Monitored
from migrator.domain.balancers.settings import Steering
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say
from migrator.domain.model.actions import Deregister, Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Capabilities, Target

SYSTEM = "haproxy"
CAPABILITIES = Capabilities(
    weight_max=256,
    batch=100,
    several_listeners=True,
    health_at_zero=True,
    zero_keeps_connections=True,
    reports_sessions=True,
    settle=0.1,
    drain_floor=1.0,
    writes_per_minute=None,
)
INFO = "show info"
AGAIN = 1.0
LONGEST = 120
"""Letters of what cannot be read that are shown."""

_GOOD = ("New server registered.", "Server deleted.")


class Haproxy:
    """The backend sections of one HAProxy process. Setting the same weights twice equals setting them once."""

    def __init__(self, runtime: Runtime, listeners: tuple[str, ...], check: str) -> None:
        self._runtime, self._listeners, self._check = runtime, listeners, check

    def capabilities(self) -> Capabilities:
        """Give the driver's constants."""
        return CAPABILITIES

    def targets(self) -> tuple[Target, ...]:
        """Give every server of the sections, with live sessions."""
        return tuple(server.target for section in self._sections() for server in section.servers)

    def poll(self, op: Op) -> OpState:
        """Say DONE while the process that took the write still answers; after a reload nobody knows."""
        if not op.id:
            return OpState.DONE
        return OpState.DONE if op.id == identity(information(self._runtime.ask([INFO]))) else OpState.LOST

    def findings(self) -> tuple[Finding, ...]:
        """Give what is wrong with the sections and the process for a run."""
        tables = self._runtime.ask([TABLES])
        return (
            *of_process(information(self._runtime.ask([INFO]))),
            *(finding for section in self._sections() for finding in of_section(section, tables)),
        )

    def steering(self) -> tuple[Steering, ...]:
        """Give how each section chooses servers and keeps clients; timeouts and PROXY protocol stand in its file alone."""
        tables = self._runtime.ask([TABLES])
        return tuple(
            Steering(section.name, section.algorithm, kept_by(section, tables)) for section in self._sections()
        )

    def address(self) -> str:
        """HAProxy does not say which frontends lead to a section; the plan's `address` has to."""
        return ""

    def monitored(self) -> tuple[Monitored, ...]:
        """Give the servers' own counters; a reload begins them anew."""
        return tuple(server.counted for server in self._servers().values())

    def register(self, action: Register) -> Op:
        """Add servers at weight 0, with checks on. One left half-made or half-removed (in maintenance) is readied."""
        there = self._servers()
        commands: list[str] = []
        for backend in action.backends:
            server = there.get(backend)
            if server is None:
                commands += self._added(backend)
            elif server.maintenance and server.weight == 0:
                commands += _enabled(server.path) if server.ours else [f"enable server {server.path}"]
        return self._write(commands)

    def _added(self, backend: Backend) -> list[str]:
        where, path = _dialled(backend), f"{backend.listener}/{OURS}{backend.address}-{backend.port}"
        if backend.listener not in self._listeners:
            raise Refused(say("haproxy.not-of-the-run", listener=backend.listener))
        return [f"add server {path} {where} weight 0 check {self._check}", *_enabled(path)]

    def set_weights(self, action: SetWeights) -> Op:
        """Set these weights on one line."""
        there = self._servers()
        require_there((row.backend for row in action.rows), there, "HAProxy")
        return self._write([f"set server {there[row.backend].path} weight {row.weight}" for row in action.rows])

    def deregister(self, action: Deregister) -> Op:
        """Put servers without weight into maintenance and delete them; with consent, end their sessions first.

        HAProxy deletes no server that still has connections. Without consent that is Unreachable, with nothing done;
        with it, ending sessions takes a moment, and a later try deletes what this one could not.
        """
        present = weightless(action.backends, self._servers())
        used = tuple(_used(server) for server in present if server.sessions)
        if used and not action.consent:
            raise Unreachable(say("haproxy.has-connections", servers=used), AGAIN)
        cut = [f"shutdown sessions server {server.path}" for server in present if server.sessions]
        removed = [
            command
            for server in present
            for command in (f"set server {server.path} state maint", f"del server {server.path}")
        ]
        return self._write([*cut, *removed])

    def _sections(self) -> list[Section]:
        reply = self._runtime.ask([f"show stat {name} 6 -1" for name in self._listeners])
        try:
            there = sections(reply)
        except ValueError as error:
            raise Unreachable(say("haproxy.unreadable-table", words=str(error)[:LONGEST])) from error
        if absent := [name for name in self._listeners if name not in there]:
            raise Refused(say("haproxy.no-backend", backends=tuple(absent), there=self._known()))
        return [there[name] for name in self._listeners]

    def _known(self) -> tuple[str, ...]:
        """Give the names of all sections that there are; none where the table cannot be read."""
        try:
            return tuple(sections(self._runtime.ask(["show stat -1 2 -1"])))
        except (Unreachable, ValueError):
            return ()

    def _servers(self) -> dict[Backend, Server]:
        return {server.backend: server for section in self._sections() for server in section.servers}

    def _write(self, commands: Sequence[str]) -> Op:
        """Send one line; the process that carried it out says who it is in the same reply."""
        if not commands:
            return Op(SYSTEM)
        reply = self._runtime.ask([*commands, INFO])
        answers, mark, info = reply.partition("Name: HAProxy")
        problems = [line for line in answers.splitlines() if line and line not in _GOOD]
        if not mark:
            raise Unreachable(say("haproxy.half-an-answer"))
        if len(problems) >= len(commands):
            raise Refused(say("haproxy.refused", words=_some(problems)))
        if problems:
            raise Unreachable(say("haproxy.partly-done", words=_some(problems)))
        return Op(SYSTEM, identity(information(info)))


def _used(server: Server) -> Message:
    return say("haproxy.connections", server=str(server.backend), connections=server.sessions)


def _enabled(path: str) -> list[str]:
    """Give the commands without which an added server is neither checked nor used."""
    return [f"enable health {path}", f"enable server {path}"]


def _dialled(backend: Backend) -> str:
    """Give address:port as a server line takes it."""
    try:
        address = ipaddress.ip_address(backend.address)
    except ValueError:
        raise Refused(say("haproxy.no-ip-address", address=backend.address)) from None
    return f"[{address}]:{backend.port}" if address.version == 6 else f"{address}:{backend.port}"


def _some(problems: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(problems))[:3]
