"""Backend rows of the API, read and shown: a server is named by id and type, a port may be text, a weight is 0 to 100."""

from dataclasses import dataclass

from migrator.lab.balancer.model import Key, Target
from migrator.lab.clouds.aliyun.rpc.calls import Json
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.parameters import Parameters, whole
from migrator.lab.clouds.aliyun.rpc.servers import address_of, eni, server_of
from migrator.lab.clouds.live import Live

LIMIT = 40
"""Rows of a call. 20 are documented; Aliyun's own cloud controller sends 40."""
DEFAULT_WEIGHT = 100
_KNOWN = frozenset({"ServerId", "Port", "Weight", "Type", "ServerIp", "Description"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was asked for. `port` None: the default group's; `weight` and `description` None: not given."""

    address: str
    server: str
    kind: str
    port: int | None
    weight: int | None
    description: str | None

    @property
    def key(self) -> Key:
        """Return who it is on a listener; a row of the default group has no port, so 0."""
        return Key(self.address, self.port or 0)

    @property
    def instance(self) -> str | None:
        """Return the id of its instance; None for an ENI."""
        return self.server if self.kind == "ecs" else None


def rows(live: Live, parameters: Parameters, name: str = "BackendServers", *, ported: bool = True) -> list[Row]:
    """Read the rows of a call; `ApiError` for more than the limit, and for any row that is wrong."""
    listed = parameters.documents(name)
    if len(listed) > LIMIT:
        raise ApiError(400, "TooManyBackendServers", f"{len(listed)} backend servers are more than {LIMIT}.")
    return [_row(live, raw, ported) for raw in listed]


def _row(live: Live, raw: Json, ported: bool) -> Row:
    if unknown := sorted(set(raw) - _KNOWN):
        raise ApiError(400, "BackendServersMalformed", f"`{unknown[0]}` is not a field of a backend server.")
    server, kind = str(raw.get("ServerId", "")), str(raw.get("Type", "ecs"))
    address = address_of(live, server)
    if address is None or kind != ("eni" if server.startswith("eni-") else "ecs"):
        raise ApiError(404, "InvalidServerId.NotFound", f"The specified server {kind} {server!r} does not exist.")
    if kind == "eni" and raw.get("ServerIp", address) != address:
        raise ApiError(400, "InvalidParameter", f"{server} has no address {raw['ServerIp']!r}.")
    weight = whole(raw["Weight"], "Weight", 0, 100, "InvalidWeight.Malformed") if "Weight" in raw else None
    port = whole(raw.get("Port", ""), "Port", 1, 65535, "BackendServersMalformed") if ported else None
    description = str(raw["Description"]) if "Description" in raw else None
    if description is not None and len(description) > 80:
        raise ApiError(400, "InvalidParameter", "A description has at most 80 characters.")
    return Row(address, server, kind, port, weight, description)


def shown(live: Live, target: Target) -> Json:
    """Return a backend of a vServer group."""
    server = server_of(live, target.key.address)
    return {
        "ServerId": target.instance_id or eni(target.key.address),
        "ServerIp": target.key.address,
        "Port": target.key.port,
        "Type": server.kind,
        "Weight": target.weight,
        "Description": target.tag or "",
    }


def echoed(row: Row, target: Target | None) -> Json:
    """Return a row as a write's answer has it: what was asked for, else what is there."""
    weight = row.weight if row.weight is not None else target.weight if target else DEFAULT_WEIGHT
    shown = {"ServerId": row.server, "Type": row.kind, "Port": row.port, "Weight": weight}
    return shown | {"Description": row.description or (target.tag if target else "") or ""}
