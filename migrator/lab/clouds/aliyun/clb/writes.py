"""The actions that change backends. Each answers once it is accepted; what it changed is seen, and free, a little later.

Where Aliyun documents nothing (adding a backend that is there, weighing an absent one) the harsher reading is taken.
"""

import uuid
from collections.abc import Sequence

from migrator.lab.balancer.model import Change, Key, Listener, Target, Verb
from migrator.lab.clouds.aliyun.clb.groups import default_group, group_of, live_of
from migrator.lab.clouds.aliyun.clb.rows import DEFAULT_WEIGHT, Row, echoed, rows, shown
from migrator.lab.clouds.aliyun.rpc.calls import Call, Json
from migrator.lab.clouds.aliyun.rpc.errors import ApiError, broken
from migrator.lab.clouds.aliyun.rpc.groups import Group
from migrator.lab.clouds.live import Live


async def set_v_server_group_attribute(call: Call) -> Json:
    """SetVServerGroupAttribute: weight and description of the rows given; rows that are not listed stay."""
    group = group_of(call)
    wanted = rows(group.live, call.parameters)
    _once(wanted)
    _present(group.targets, [row.key for row in wanted])
    _begin(group.live, group.listeners, [_weighing(row, row.key, group.targets) for row in wanted])
    return _answer(group, [echoed(row, group.targets.get(row.key)) for row in wanted])


async def add_v_server_group_backend_servers(call: Call) -> Json:
    """AddVServerGroupBackendServers: a missing weight is 100; a backend that is there is refused."""
    group = group_of(call)
    wanted = rows(group.live, call.parameters)
    _once(wanted)
    if there := [str(row.key) for row in wanted if row.key in group.targets]:
        raise ApiError(400, "InvalidParameter", f"Backend servers are in the group already: {', '.join(there)}.")
    _begin(group.live, group.listeners, [_adding(row, row.key) for row in wanted])
    return _answer(group, [shown(group.live, target) for target in group.targets.values()])


async def remove_v_server_group_backend_servers(call: Call) -> Json:
    """RemoveVServerGroupBackendServers: rows that are not there are ignored."""
    group = group_of(call)
    keys = [row.key for row in rows(group.live, call.parameters)]
    _begin(group.live, group.listeners, [Change(Verb.DEREGISTER, "", key) for key in keys if key in group.targets])
    return _answer(group, [shown(group.live, target) for key, target in group.targets.items() if key not in keys])


async def modify_v_server_group_backend_servers(call: Call) -> Json:
    """ModifyVServerGroupBackendServers: replaces servers; it is not for weights."""
    group = group_of(call)
    old = [row.key for row in rows(group.live, call.parameters, "OldBackendServers")]
    new = rows(group.live, call.parameters, "NewBackendServers")
    _present(group.targets, old)
    changes = [Change(Verb.DEREGISTER, "", key) for key in old if key not in {row.key for row in new}]
    _begin(group.live, group.listeners, [*changes, *(_adding(row, row.key) for row in new)])
    return _answer(group, [echoed(row, None) for row in new])


async def set_backend_servers(call: Call) -> Json:
    """SetBackendServers of the default group; the answer's weights are texts."""
    live, wanted = _of_default(call)
    present = {target.key.address for listener in default_group(live) for target in listener.targets.values()}
    if absent := [row.server for row in wanted if row.address not in present]:
        raise ApiError(404, "InvalidServerId.NotFound", f"Not in the default group: {', '.join(absent)}.")
    for_each = [
        (listener, _weighing(row, _key_on(listener, row), listener.targets))
        for listener in default_group(live)
        for row in wanted
    ]
    _accept(live, [_on(listener, change) for listener, change in for_each])
    return _texts(live, wanted)


async def add_backend_servers(call: Call) -> Json:
    """AddBackendServers of the default group: of a server given twice the first counts; one that is there is refused."""
    live, wanted = _of_default(call)
    first = {row.server: row for row in reversed(wanted)}
    present = {target.key.address for listener in default_group(live) for target in listener.targets.values()}
    if there := [row.server for row in first.values() if row.address in present]:
        raise ApiError(400, "InvalidParameter", f"In the default group already: {', '.join(there)}.")
    changes = [
        _on(listener, _adding(row, _key_on(listener, row)))
        for listener in default_group(live)
        for row in first.values()
    ]
    _accept(live, changes)
    return _texts(live, list(first.values()))


async def remove_backend_servers(call: Call) -> Json:
    """RemoveBackendServers of the default group: servers that are not there are ignored."""
    live, wanted = _of_default(call)
    keys = [(listener, _key_on(listener, row)) for listener in default_group(live) for row in wanted]
    _accept(
        live, [_on(listener, Change(Verb.DEREGISTER, "", key)) for listener, key in keys if key in listener.targets]
    )
    return _texts(live, [])


def _of_default(call: Call) -> tuple[Live, list[Row]]:
    live = live_of(call)
    return live, rows(live, call.parameters, ported=False)


def _key_on(listener: Listener, row: Row) -> Key:
    """Return a portless server's key on a listener: the port is the listener's BackendServerPort."""
    return Key(row.address, listener.port)


def _weighing(row: Row, key: Key, targets: dict[Key, Target]) -> Change:
    kept = targets[key].weight if key in targets else DEFAULT_WEIGHT
    return Change(Verb.WEIGH, "", key, kept if row.weight is None else row.weight, tag=row.description)


def _adding(row: Row, key: Key) -> Change:
    weight = DEFAULT_WEIGHT if row.weight is None else row.weight
    return Change(Verb.REGISTER, "", key, weight, row.instance, row.description)


def _once(wanted: Sequence[Row]) -> None:
    if len({row.key for row in wanted}) != len(wanted):
        raise ApiError(400, "BackendServersMalformed", "A backend server is given twice.")


def _present(targets: dict[Key, Target], keys: Sequence[Key]) -> None:
    if absent := [str(key) for key in keys if key not in targets]:
        raise ApiError(404, "InvalidServerId.NotFound", f"Backend servers are not in the group: {', '.join(absent)}.")


def _begin(live: Live, listeners: Sequence[Listener], changes: Sequence[Change]) -> None:
    """Make the changes on every listener that shares the group."""
    _accept(live, [_on(listener, change) for listener in listeners for change in changes])


def _on(listener: Listener, change: Change) -> Change:
    return Change(change.verb, listener.spec.id, change.key, change.weight, change.instance_id, change.tag)


def _accept(live: Live, changes: Sequence[Change]) -> None:
    if changes and live.accept(str(uuid.uuid4()), changes).refused == tuple(dict.fromkeys(c.listener for c in changes)):
        raise broken()  # a write that fails as a whole says so; one that fails in part does not


def _answer(group: Group, shown_rows: list[Json]) -> Json:
    return {"VServerGroupId": group.id, "VServerGroupName": group.id, "BackendServers": {"BackendServer": shown_rows}}


def _texts(live: Live, wanted: Sequence[Row]) -> Json:
    listed: list[Json] = []
    for row in wanted:
        echo = echoed(row, None)
        del echo["Port"]
        listed.append(echo | {"Weight": str(echo["Weight"])})
    return {"LoadBalancerId": live.model.spec.id, "BackendServers": {"BackendServer": listed}}
