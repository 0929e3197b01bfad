"""Server groups: listeners that name the same group share its servers, and one that a running job is about to change.

Nothing is kept here: what is changing is read from the balancer's running task.
"""

from dataclasses import dataclass

from migrator.lab.balancer.model import Change, Key, Listener, Target, Verb
from migrator.lab.clouds.aliyun.rpc import groups as groups_of_both
from migrator.lab.clouds.aliyun.rpc.calls import Call, Json
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.groups import by_group
from migrator.lab.clouds.aliyun.rpc.servers import server_of
from migrator.lab.clouds.live import Live

_STATUS = {Verb.REGISTER: "Adding", Verb.WEIGH: "Configuring", Verb.DEREGISTER: "Removing"}


@dataclass(frozen=True, slots=True)
class Group(groups_of_both.Group):
    """A server group, and what a running job is doing to it."""

    @property
    def changing(self) -> dict[Key, Change]:
        """Return what a running job is doing to this group's servers."""
        first, task = self.listeners[0].spec.id, self.live.running
        return {change.key: change for change in task.changes if change.listener == first} if task else {}

    @property
    def typed(self) -> str:
        """Return `Instance` where the balancer's spec names instances, else `Ip`."""
        return "Instance" if self.live.model.spec.instances else "Ip"


def group_id(live: Live, listener: Listener) -> str:
    """Return the server group of a listener. Ids are unique in the whole cloud."""
    return listener.spec.group or f"sgp-{live.model.spec.id}-{listener.spec.id}"


def listener_id(live: Live, listener: Listener) -> str:
    """Return the id of a listener, also unique in the whole cloud."""
    return f"lsn-{live.model.spec.id}-{listener.spec.id}"


def groups(live: Live) -> dict[str, Group]:
    """Return the server groups of a balancer by id."""
    return {name: Group(name, live, listeners) for name, listeners in by_group(live, group_id).items()}


def known(call: Call, name: str) -> Live:
    """Return the balancer that has a group."""
    owner = next((live for live in call.fleet if name in groups(live)), None)
    if owner is None:
        raise ApiError(
            404, "ResourceNotFound.serverGroup", f"The specified resource of server group {name} is not found."
        )
    return owner


def servers(group: Group) -> list[Json]:
    """Return every server of a group as ListServerGroupServers shows it, those that a job is adding too."""
    changing = group.changing
    there = [_server(group, target, changing.get(key)) for key, target in group.targets.items()]
    coming = [c for key, c in changing.items() if c.verb is Verb.REGISTER and key not in group.targets]
    return there + [_coming(group, target) for target in coming]


def _server(group: Group, target: Target, change: Change | None) -> Json:
    return _shown(group, target.key, target.weight, target.tag, _STATUS[change.verb] if change else "Available")


def _coming(group: Group, change: Change) -> Json:
    return _shown(group, change.key, change.weight, change.tag, "Adding")


def _shown(group: Group, key: Key, weight: int, description: str | None, status: str) -> Json:
    kind, name = named(group, key.address)
    return {
        "ServerGroupId": group.id,
        "ServerId": name,
        "ServerIp": key.address,
        "ServerType": kind,
        "Port": key.port,
        "Weight": weight,
        "Status": status,
        "ZoneId": f"{group.live.model.spec.region}-a",
        "Description": description or "",
    }


def named(group: Group, address: str) -> tuple[str, str]:
    """Return type and id of a server: Ecs or Eni in an instance group, the address itself in one of IPs."""
    if group.typed == "Ip":
        return "Ip", address
    server = server_of(group.live, address)
    return server.kind.capitalize(), server.id
