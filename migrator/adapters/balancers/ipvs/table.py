"""The table that `ipvsadm -Ln` prints, read into values. Pure; lines of UDP and firewall-mark services are left out.

Source: ipvsadm(8) and its list format: a service line (protocol, address:port, scheduler, flags), then `->` lines
(address:port, forward, weight, active and inactive connections).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Target

FORWARDS = {"Masq": "-m", "Route": "-g", "Tunnel": "-i", "Local": "-g"}
"""The forwarding method as it is listed, and the option that keeps it: an edit without one would change it to Route."""


@dataclass(frozen=True, slots=True)
class Server:
    """A real server of a virtual service."""

    backend: Backend
    forward: str
    weight: int
    active: int

    @property
    def target(self) -> Target:
        """Give it in the domain's words. IPVS checks no health."""
        return Target(self.backend, self.weight, sessions=self.active)


@dataclass(frozen=True, slots=True)
class Service:
    """A TCP virtual service: address:port, scheduler, flags (`persistent 360`, …) and its servers."""

    name: str
    scheduler: str
    flags: tuple[str, ...]
    servers: tuple[Server, ...]


def services(listing: str) -> dict[str, Service]:
    """Read a listing. ValueError for a line of a TCP service that does not look like one."""
    table: dict[str, Service] = {}
    for head, rows in _groups(listing):
        name, scheduler, flags = head[1], head[2], tuple(head[3:])
        table[name] = Service(name, scheduler, flags, tuple(_server(name, row) for row in rows))
    return table


def thresholds(listing: str) -> list[str]:
    """Give the servers that have connection thresholds, from `ipvsadm -Ln --thresholds`."""
    return [f"{head[1]} -> {row[1]}" for head, rows in _groups(listing) for row in rows if row[2:4] != ["0", "0"]]


def _groups(listing: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Give each TCP service's line and the lines of its servers, in words."""
    head: list[str] = []
    rows: list[list[str]] = []
    for words in (line.split() for line in listing.splitlines()):
        if not words or words[0] in ("IP", "Prot") or words[1:2] == ["RemoteAddress:Port"]:
            continue
        if words[0] == "->":
            rows.append(words)
            continue
        if head[:1] == ["TCP"]:
            yield head, rows
        head, rows = words, []
    if head[:1] == ["TCP"]:
        yield head, rows


def _server(service: str, words: list[str]) -> Server:
    if len(words) < 6:
        raise ValueError(f"not a server line: {' '.join(words)}")
    address, _, port = words[1].rpartition(":")
    backend = Backend(service, address.strip("[]"), int(port))
    return Server(backend, words[2], int(words[3]), int(words[4]))
