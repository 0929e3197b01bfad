"""HAProxy's own words read: `show stat` rows as targets, `show info` as the identity of the process. Pure.

`uweight` is the weight that was set; `weight` is what is in effect and shows 1 for a server in maintenance.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrator.domain.balancers.monitoring import Monitored
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.outside.reading import whole_number

SERVER, BACKEND = "2", "1"
MOST_PORT = 65535
NAME = re.compile(r"[A-Za-z0-9_.:-]+")
"""HAProxy's own rule for a server's name: it becomes part of a command, so nothing else is taken for one."""

OURS = "migrator-"


@dataclass(frozen=True, slots=True)
class Server:
    """One server line. `backend.ref` is its name; `maintenance` means that it takes no connection whatever its weight."""

    backend: Backend
    weight: int
    health: Health
    sessions: int
    maintenance: bool
    backup: bool
    cookie: bool
    counted: Monitored

    @property
    def target(self) -> Target:
        """Give it in the domain's words."""
        return Target(self.backend, self.weight, self.health, self.sessions)

    @property
    def ours(self) -> bool:
        """Say whether migrator added it at runtime."""
        return self.backend.ref.startswith(OURS)

    @property
    def path(self) -> str:
        """Give how commands name it."""
        return f"{self.backend.listener}/{self.backend.ref}"


@dataclass(frozen=True, slots=True)
class Section:
    """A backend section: its balancing algorithm and its servers."""

    name: str
    algorithm: str
    servers: tuple[Server, ...]


def sections(reply: str) -> dict[str, Section]:
    """Read one or more CSV tables of `show stat` as sections by name. ValueError: a server's port or weight cannot be read."""
    algorithms: dict[str, str] = {}
    servers: dict[str, list[Server]] = {}
    for row in _rows(reply):
        name = row.get("pxname", "")
        if row.get("type") == BACKEND:
            algorithms[name] = row.get("algo", "")
        elif row.get("type") == SERVER and (server := _server(name, row)):
            servers.setdefault(name, []).append(server)
    return {name: Section(name, algo, tuple(servers.get(name, ()))) for name, algo in algorithms.items()}


def _rows(reply: str) -> Iterator[dict[str, str]]:
    columns: list[str] = []
    for fields in _fields(reply):
        if fields and fields[0].startswith("# "):
            columns = [fields[0].removeprefix("# "), *fields[1:]]
        elif fields and columns:
            yield dict(zip(columns, fields, strict=False))


def _fields(reply: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(reply.splitlines())
    except csv.Error as error:
        raise ValueError("no CSV") from error


def _server(section: str, row: Mapping[str, str]) -> Server | None:
    """Give a server; None for one without an address (by name, not resolved)."""
    address, _, digits = row.get("addr", "").rpartition(":")
    if not digits:
        return None
    port = whole_number(digits)
    if not address or not port or port > MOST_PORT or not NAME.fullmatch(row.get("svname", "")):
        raise ValueError(f"addr {row.get('addr')!r}")
    backend = Backend(section, address.strip("[]"), port, row.get("svname", ""))
    return Server(
        backend,
        _whole(row, "uweight"),
        health(row.get("status", ""), row.get("check_status", "")),
        _whole(row, "scur"),
        row.get("status", "").startswith("MAINT"),
        row.get("bck") == "1",
        bool(row.get("cookie")),
        _counted(backend, row),
    )


def _counted(backend: Backend, row: Mapping[str, str]) -> Monitored:
    """Give what it has counted: how often the server was chosen, what could not be opened or was broken off, and 5xx answers,
    which only a section in HTTP mode reads. What is not there counts as nothing."""
    asked, opened, broken = (whole_number(row.get(name, "")) or 0 for name in ("lbtot", "econ", "eresp"))
    return Monitored(backend, asked, opened + broken, whole_number(row.get("hrsp_5xx", "")))


def _whole(row: Mapping[str, str], name: str) -> int:
    value = whole_number(row.get(name, ""))
    if value is None:  # not 0: that is a decision of somebody's
        raise ValueError(f"{name} {row.get(name)!r}")
    return value


def health(status: str, check: str) -> Health:
    """Give the health of a server. Maintenance and drain take no new connection, so they are as good as unhealthy.

    A server whose first check is not over (INI) is called UP by HAProxy; it is pending to us.
    """
    if status.startswith(("DOWN", "MAINT", "NOLB", "DRAIN")):
        return Health.UNHEALTHY
    if status.startswith("no check"):
        return Health.UNKNOWN
    if not status.startswith("UP"):
        return Health.UNKNOWN
    return Health.PENDING if check == "INI" else Health.HEALTHY


def information(reply: str) -> dict[str, str]:
    """Read `show info` as names and values."""
    pairs = (line.partition(": ") for line in reply.splitlines() if ": " in line)
    return {name: value for name, _, value in pairs}


def identity(info: Mapping[str, str]) -> str:
    """Give what tells one HAProxy process from the next: its pid and when it started."""
    return f"{info.get('Pid', '')}@{info.get('Start_time_sec', '')}"
