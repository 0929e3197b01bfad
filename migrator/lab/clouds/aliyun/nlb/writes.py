"""The actions that change servers: validated whole, accepted as a job, and one job at a time per group.

A client token answers the same request again with the same job. Where Aliyun documents nothing (adding a server that is
there) the harsher reading is taken.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from migrator.lab.balancer.model import Change, Key, Verb
from migrator.lab.clouds.aliyun.nlb.groups import Group, groups, known, named
from migrator.lab.clouds.aliyun.rpc.calls import Action, Call, Json
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.parameters import Row, whole
from migrator.lab.clouds.aliyun.rpc.servers import address_of

LIMIT = 200
DEFAULT_WEIGHT = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """One server as it was asked for; `weight` and `description` None: not given."""

    key: Key
    server: str
    kind: str
    weight: int | None
    description: str | None


def group_of(call: Call) -> Group:
    """Return the group that the call names."""
    name = call.parameters.text("ServerGroupId")
    return groups(known(call, name))[name]


async def add_servers_to_server_group(call: Call) -> Json:
    """AddServersToServerGroup: a missing weight is 100, and a server that is there is refused."""
    group, wanted = _asked(call, low=0)
    if there := [str(server.key) for server in wanted if server.key in group.targets]:
        raise ApiError(400, "ResourceInUse.Server", f"The specified resource is already in use: {', '.join(there)}.")
    return _begin(call, group, [_adding(server) for server in wanted])


async def update_server_group_servers_attribute(call: Call) -> Json:
    """UpdateServerGroupServersAttribute: weight and description; the port is part of who a server is."""
    group, wanted = _asked(call, low=1)
    _there(group, wanted)
    return _begin(call, group, [_weighing(group, server) for server in wanted])


async def remove_servers_from_server_group(call: Call) -> Json:
    """RemoveServersFromServerGroup: a server that is not there is refused, unlike CLB's."""
    group, wanted = _asked(call, low=0)
    _there(group, wanted)
    return _begin(call, group, [Change(Verb.DEREGISTER, "", server.key) for server in wanted])


def _asked(call: Call, low: int) -> tuple[Group, list[Wanted]]:
    group, raw = group_of(call), call.parameters.rows("Servers")
    if not 1 <= len(raw) <= LIMIT:
        raise ApiError(400, "IllegalParam.Servers", f"{len(raw)} servers; 1 to {LIMIT} are allowed.")
    wanted = [_wanted(group, row, low) for row in raw]
    if len({server.key for server in wanted}) != len(wanted):
        raise ApiError(400, "DuplicatedParam.Server", "A server is given twice.")
    return group, wanted


def _wanted(group: Group, row: Row, low: int) -> Wanted:
    for name in ("ServerId", "ServerType"):
        if not row.get(name):
            raise ApiError(400, f"MissingParam.{name}", f"The param of {name} is missing.")
    server, kind = row["ServerId"], row["ServerType"]
    address = server if kind == "Ip" else address_of(group.live, server)
    if address is None:
        raise ApiError(404, "ResourceNotFound.BackendServer", f"The specified server {server} is not found.")
    if named(group, address) != (kind, server):
        raise ApiError(400, "Mismatch.ServerType", f"A group of type {group.typed} takes no {kind} {server}.")
    if row.get("ServerIp", address) != address:
        raise ApiError(400, "IllegalParam.ServerIp", f"{server} has no address {row['ServerIp']}.")
    port = whole(row.get("Port", low or 1), "Port", low, 65535, "IllegalParam.Port")
    weight = whole(row["Weight"], "Weight", 0, 100, "IllegalParam.Weight") if "Weight" in row else None
    description = row.get("Description")
    if description is not None and not 2 <= len(description) <= 256:
        raise ApiError(400, "IllegalParam.Description", "A description has 2 to 256 characters.")
    return Wanted(Key(address, port), server, kind, weight, description)


def _there(group: Group, wanted: list[Wanted]) -> None:
    if absent := [str(server.key) for server in wanted if server.key not in group.targets]:
        raise ApiError(
            404, "ResourceNotFound.BackendServer", f"The specified resource is not found: {', '.join(absent)}."
        )


def _adding(wanted: Wanted) -> Change:
    instance = wanted.server if wanted.kind == "Ecs" else None
    weight = DEFAULT_WEIGHT if wanted.weight is None else wanted.weight
    return Change(Verb.REGISTER, "", wanted.key, weight, instance, wanted.description)


def _weighing(group: Group, wanted: Wanted) -> Change:
    weight = group.targets[wanted.key].weight if wanted.weight is None else wanted.weight
    return Change(Verb.WEIGH, "", wanted.key, weight, tag=wanted.description)


def _begin(call: Call, group: Group, changes: list[Change]) -> Json:
    if call.parameters.yes("DryRun"):
        raise ApiError(400, "DryRunOperation", "Request validation has been passed with DryRun flag set.")
    spread = [
        Change(change.verb, listener.spec.id, change.key, change.weight, change.instance_id, change.tag)
        for listener in group.listeners
        for change in changes
    ]
    task = group.live.accept(call.id, spread)
    return {"JobId": task.id, "ServerGroupId": group.id}


class Tokens:
    """Answers of writes by client token: the same request gets its answer again, another one is refused."""

    def __init__(self) -> None:
        """Begin without tokens."""
        self._kept: dict[str, tuple[tuple[str, bytes], Json]] = {}

    def replaying(self, action: Action) -> Action:
        """Let a write be replayed; no token, no memory."""

        async def replayed(call: Call) -> Json:
            return await self._answer(action, call)

        return replayed

    def answered(self, call: Call) -> bool:
        """Return whether this very request has been answered before."""
        return self._same(call) is not None

    async def _answer(self, action: Callable[[Call], Awaitable[Json]], call: Call) -> Json:
        token, before = call.parameters.maybe("ClientToken"), self._same(call)
        if before is not None:
            return before
        reply = await action(call)
        if token:
            self._kept[token] = ((call.action, call.body), reply)
        return reply

    def _same(self, call: Call) -> Json | None:
        kept = self._kept.get(call.parameters.maybe("ClientToken"))
        if kept is None:
            return None
        if kept[0] != (call.action, call.body):
            raise ApiError(400, "IdempotenceSignatureMismatch", "The client token stands for another request.")
        return kept[1]
