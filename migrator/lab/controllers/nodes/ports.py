"""Declared host ports of pods and when two pods cannot share a node because of them. Undeclared ports are invisible."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.lab.controllers.api.resources import Json

_ANY = "0.0.0.0"


@dataclass(frozen=True, slots=True)
class HostPort:
    """One claimed port of a node."""

    address: str
    protocol: str
    port: int


def host_ports(pod: Json) -> set[HostPort]:
    """Return the node ports a pod declares; with hostNetwork every container port is one."""
    spec = pod["spec"]
    ports = set()
    for container in spec.get("containers") or []:
        for port in container.get("ports") or []:
            number = port.get("hostPort") or (port.get("containerPort") if spec.get("hostNetwork") else 0)
            if number:
                ports.add(HostPort(port.get("hostIP") or _ANY, port.get("protocol") or "TCP", int(number)))
    return ports


def clashes(pod: Json, other: Json) -> bool:
    """Return whether the two pods want the same port of one node; the wildcard address overlaps every address."""
    theirs = host_ports(other)
    return any(_overlap(mine, taken) for mine in host_ports(pod) for taken in theirs)


def _overlap(one: HostPort, two: HostPort) -> bool:
    if (one.protocol, one.port) != (two.protocol, two.port):
        return False
    return one.address == two.address or _ANY in (one.address, two.address)
