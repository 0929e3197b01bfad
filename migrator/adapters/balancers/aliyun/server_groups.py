"""From a plan's listener to the server group behind it. Pure; one rule for CLB's vServer groups and NLB's server groups.

A plan's listener id is a port (`80`), a protocol and port (`tcp:80`), the vendor's listener id (NLB) or a group's id.
Weights belong to the group: whatever other listeners lead to it move with it, so a group is named once in a plan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from migrator.domain.messages.errors import Refused
from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import say
from migrator.domain.model.subjects import listeners_subject


@dataclass(frozen=True, slots=True)
class ListenerPort:
    """A listener as the vendor lists it. `id` is "" where listeners have none; `group` is "" for one of another kind."""

    port: int
    protocol: str
    group: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.protocol}:{self.port}"

    def called(self, name: str) -> bool:
        """Say whether a plan means this listener by `name`."""
        return name in (str(self.port), str(self), self.id) and bool(name)


@dataclass(frozen=True, slots=True)
class ServerGroup:
    """The group that a plan's listener leads to, with every listener of the balancer that leads there too."""

    listener: str
    id: str
    ports: tuple[ListenerPort, ...]


@dataclass(frozen=True, slots=True)
class ServerGroups:
    """The plan's listeners resolved: those that lead to a group, (one, the one before it) of the same group, the others."""

    leading: tuple[ServerGroup, ...]
    sharing: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    def of(self, listeners: Iterable[str]) -> ServerGroup:
        """Give the one group of a batch. Refused: none, or several: a call changes one group."""
        named = sorted(set(listeners))
        groups = [group for group in self.leading if group.listener in named]
        if len(named) != 1 or len(groups) != 1:
            raise Refused(say("aliyun.not-one-group", listeners=tuple(named)))
        return groups[0]


def resolved(listeners: Sequence[str], ports: Sequence[ListenerPort], groups: Collection[str]) -> ServerGroups:
    """Resolve the plan's listeners, in the plan's order; the first one of a group has it."""
    leading: dict[str, ServerGroup] = {}
    sharing: list[tuple[str, str]] = []
    missing: list[str] = []
    for name in listeners:
        group = name if name in groups else next((port.group for port in ports if port.called(name)), "")
        if not group:
            missing.append(name)
        elif group in leading:
            sharing.append((name, leading[group].listener))
        else:
            leading[group] = ServerGroup(name, group, tuple(port for port in ports if port.group == group))
    return ServerGroups(tuple(leading.values()), tuple(sharing), tuple(missing))


def findings(groups: ServerGroups, ports: Sequence[ListenerPort], balancer: str) -> Iterable[Finding]:
    """Say which of the plan's listeners cannot be moved by weights, and which move together."""
    for name in groups.missing:
        yield _portless(name) if any(port.called(name) for port in ports) else _absent(name, balancer, ports)
    for name, first in groups.sharing:
        yield block("balancer.shared-group:aliyun", listeners_subject([name]), other=first, listener=name)
    for group in groups.leading:
        if not group.ports:
            yield block("balancer.idle-group", listeners_subject([group.listener]), balancer=balancer, group=group.id)


def _portless(name: str) -> Finding:
    return block("balancer.default-group", listeners_subject([name]))


def _absent(name: str, balancer: str, ports: Sequence[ListenerPort]) -> Finding:
    there = tuple(dict.fromkeys(map(str, ports)))
    return block("balancer.no-listener:aliyun", listeners_subject([name]), balancer=balancer, there=there)
