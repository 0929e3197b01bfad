"""A vServer group's rows: how the API shows them, and how a call names them. Ports and weights are sent as text.

A row is named by server and port, an ENI's by its address too: one ENI has many. The description is how Aliyun's own
controller knows its rows, so a change echoes it; rows that migrator adds carry a description of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.adapters.balancers.access.strict import port, whole
from migrator.adapters.balancers.aliyun.servers import Server
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json, text


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is: its backend, server, weight and description."""

    backend: Backend
    server: Server
    weight: int
    description: str

    @property
    def key(self) -> tuple[str, int, str]:
        """Give who it is in DescribeHealthStatus: instances by id alone, whose address is not always told."""
        return self.server.id, self.backend.port, "" if self.server.kind == "ecs" else self.backend.address


def server_of(raw: dict[str, Json]) -> Server:
    """Give the server of a row; a row without a type is an ECS instance."""
    return Server(text(raw, "Type") or "ecs", text(raw, "ServerId"))


def row_of(listener: str, raw: dict[str, Json], address: str) -> Row:
    """Read a row; `address` stands in where the API does not tell it."""
    server = server_of(raw)
    backend = Backend(listener, text(raw, "ServerIp") or address or server.id, port(raw, "Port"), str(server))
    return Row(backend, server, whole(raw, "Weight"), text(raw, "Description"))


def key_of(raw: dict[str, Json]) -> tuple[str, int, str]:
    """Give who a row of DescribeHealthStatus is; only an instance is known by its id alone."""
    server = text(raw, "ServerId")
    return server, port(raw, "Port"), "" if server.startswith("i-") else text(raw, "ServerIp")


def named(server: Server, backend: Backend) -> dict[str, Json]:
    """Name a row in a call."""
    name: dict[str, Json] = {"ServerId": server.id, "Type": server.kind, "Port": str(backend.port)}
    return name if server.kind == "ecs" else {**name, "ServerIp": backend.address}


def weighed(row: Row, weight: int) -> dict[str, Json]:
    """Name a row with its new weight, and echo its description."""
    fields: dict[str, Json] = {**named(row.server, row.backend), "Weight": str(weight)}
    return {**fields, "Description": row.description} if row.description else fields


def added(server: Server, backend: Backend, description: str) -> dict[str, Json]:
    """Name a new row, at weight 0."""
    return {**named(server, backend), "Weight": "0", "Description": description}
