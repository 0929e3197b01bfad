"""A server group's rows: how the API shows them, and how a call names them. Server, type, address and port are the name."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.balancers.access import strict
from migrator.adapters.balancers.aliyun.servers import Server
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, text

IP = "Ip"
"""The type of a group (and of its servers) whose servers are addresses, known by no other id."""

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One server as it is. `status` is Adding, Available, Configuring or Removing."""

    backend: Backend
    server: Server
    weight: int
    description: str
    status: str

    @property
    def key(self) -> Key:
        """Give who it is among the servers that are not normal."""
        return self.server.id, self.backend.address, self.backend.port


def row_of(listener: str, raw: dict[str, Json]) -> Row:
    """Read a server."""
    server = Server(text(raw, "ServerType"), text(raw, "ServerId"))
    backend = Backend(listener, text(raw, "ServerIp") or server.id, strict.port(raw, "Port"), str(server))
    return Row(backend, server, strict.whole(raw, "Weight"), text(raw, "Description"), text(raw, "Status"))


def key_of(raw: dict[str, Json]) -> Key:
    """Give who a server that is not normal is."""
    return text(raw, "ServerId"), text(raw, "ServerIp") or text(raw, "ServerId"), strict.port(raw, "Port")


def named(server: Server, backend: Backend) -> dict[str, Json]:
    """Name a server in a call."""
    return {
        "ServerId": server.id,
        "ServerType": server.kind,
        "ServerIp": backend.address,
        "Port": backend.port,
    }


def weighed(row: Row, weight: int) -> dict[str, Json]:
    """Name a server with its new weight, and echo its description."""
    return {**named(row.server, row.backend), "Weight": weight, "Description": row.description or None}


def added(server: Server, backend: Backend, description: str) -> dict[str, Json]:
    """Name a new server, at weight 0."""
    return {**named(server, backend), "Weight": 0, "Description": description}
