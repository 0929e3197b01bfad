"""The table that `ipvsadm -Ln` prints, read into values. Pure; lines of UDP and firewall-mark services are left out.

Source: ipvsadm(8) and its list format: a service line (protocol, address:port, scheduler, flags), then `->` lines
(address:port, forward, weight, active and inactive connections).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Target
from migrator.domain.model.outside.reading import whole_number

FORWARDS = {"Masq": "-m", "Route": "-g", "Tunnel": "-i", "Local": "-g"}
"""The forwarding method as it is listed, and the option that keeps it: an edit without one would change it to Route."""


COLUMNS = 6
NAMED = 3
"""Words of a line: of a server, and of a service at least."""

MOST_PORT = 65535


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
        if len(head) < NAMED:
            raise ValueError(f"not a service line: {' '.join(head)}")
        name, scheduler, flags = head[1], head[2], tuple(head[3:])
        table[name] = Service(name, scheduler, flags, tuple(_server(name, row) for row in rows))
    return table


def thresholds(listing: str) -> list[str]:
    """Give the servers that have connection thresholds, from `ipvsadm -Ln --thresholds`."""
    return [
        f"{' '.join(head[1:2])} -> {' '.join(row[1:2])}"
        for head, rows in _groups(listing)
        for row in rows
        if row[2:4] != ["0", "0"]
    ]


def idle_seconds(listing: str) -> int | None:
    """Give after how many idle seconds a TCP connection is forgotten, from `ipvsadm -Ln --timeout`; None: it is not said."""
    found = re.search(r"^Timeout \(tcp tcpfin udp\): (\d+) ", listing, re.MULTILINE)
    return whole_number(found[1]) if found else None


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
    address, _, digits = words[1].rpartition(":") if len(words) >= COLUMNS else ("", "", "")
    port, weight, active = (whole_number(digits), *map(whole_number, words[3:5])) if address else (None, None, None)
    if not port or port > MOST_PORT or weight is None or active is None or words[2] not in FORWARDS:
        raise ValueError(f"not a server line: {' '.join(words)}")
    return Server(Backend(service, address.strip("[]"), port), words[2], weight, active)
