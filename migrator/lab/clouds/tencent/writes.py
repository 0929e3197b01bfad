"""The actions that change targets. Each is validated whole, then accepted whole; one at a time per balancer.

Where Tencent documents nothing (registering a bound target, removing an absent one) the harsher reading is taken.
"""

from collections.abc import Callable
from typing import Any

from migrator.lab.balancer.model import Change, Key, Listener, Verb
from migrator.lab.balancer.tasks import Task, TaskState
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.tencent.calls import Call, balancer_of, part_of
from migrator.lab.clouds.tencent.errors import ApiError, in_operating, too_many
from migrator.lab.clouds.tencent.fields import Fields

Json = dict[str, Any]  # Any: JSON values

DEFAULT_WEIGHT = 10
_SINGLE = 20  # targets of RegisterTargets and DeregisterTargets
_BATCH = 500
_RULES, _RULE_TARGETS = 100, 50  # of BatchModifyTargetWeight
_TARGET = ("Port", "Type", "InstanceId", "Weight", "EniIp", "Tag")
_BATCH_TARGET = ("ListenerId", "Port", "InstanceId", "EniIp", "Weight", "LocationId", "Tag")
_SCOPE = ("LoadBalancerId", "ListenerId", "Targets", "LocationId", "Domain", "Url")


async def register_targets(call: Call) -> Json:
    """RegisterTargets: asynchronous; a target that is bound already takes the new weight."""
    fields, live = call.fields.only(*_SCOPE), balancer_of(call)
    listener = part_of(live, fields)
    rows = [row.only(*_TARGET) for row in fields.rows("Targets", _SINGLE)]
    _begin(call, live, [_registering(live, listener, row) for row in rows])
    return {}


async def deregister_targets(call: Call) -> Json:
    """DeregisterTargets: asynchronous; an absent target is refused."""
    fields, live = call.fields.only(*_SCOPE), balancer_of(call)
    listener = part_of(live, fields)
    rows = [row.only(*_TARGET) for row in fields.rows("Targets", _SINGLE)]
    _begin(call, live, [Change(Verb.DEREGISTER, listener.spec.id, _bound(live, listener, row)) for row in rows])
    return {}


async def modify_target_weight(call: Call) -> Json:
    """ModifyTargetWeight: asynchronous; the call's Weight counts for rows that bring none."""
    fields, live = call.fields.only(*_SCOPE, "Weight"), balancer_of(call)
    _begin(call, live, _weighing(live, fields, _BATCH))
    return {}


async def batch_modify_target_weight(call: Call) -> Json:
    """BatchModifyTargetWeight: asynchronous; at most 100 rules of 50 targets, 500 in all, over any listeners."""
    fields, live = call.fields.only("LoadBalancerId", "ModifyList"), balancer_of(call)
    changes: list[Change] = []
    for rule in fields.rows("ModifyList", _RULES):
        rule.only("ListenerId", "Targets", "LocationId", "Domain", "Url", "Weight")
        changes += _weighing(live, rule, _RULE_TARGETS)
    if len(changes) > _BATCH:
        raise ApiError("InvalidParameterValue.Length", f"{len(changes)} targets in all, more than {_BATCH}.")
    _begin(call, live, changes)
    return {}


async def batch_register_targets(call: Call) -> Json:
    """BatchRegisterTargets: synchronous; listeners that failed are named in FailListenerIdSet, with HTTP 200."""

    def change(live: Live, listener: Listener, row: Fields) -> Change:
        return _registering(live, listener, row)

    return await _batch(call, change)


async def batch_deregister_targets(call: Call) -> Json:
    """BatchDeregisterTargets: synchronous; a listener of an absent target is named in FailListenerIdSet."""

    def change(live: Live, listener: Listener, row: Fields) -> Change:
        return Change(Verb.DEREGISTER, listener.spec.id, _key(live, row))

    return await _batch(call, change)


async def _batch(call: Call, change: Callable[[Live, Listener, Fields], Change]) -> Json:
    fields, live = call.fields.only("LoadBalancerId", "Targets"), balancer_of(call)
    changes, missing = [], []
    for row in fields.rows("Targets", _BATCH):
        part = part_of(live, row.only(*_BATCH_TARGET))
        one = change(live, part, row)
        absent = one.verb is Verb.DEREGISTER and one.key not in part.targets
        if absent:
            missing.append(part.spec.id)
        else:
            changes.append(one)
    task = _begin(call, live, changes)
    await task.ended.wait()
    failed = sorted({name.partition("/")[0] for name in (*missing, *task.refused)})  # listeners, never rules
    return {"FailListenerIdSet": failed, "Message": (task.message or "target not bound") if failed else None}


def _weighing(live: Live, fields: Fields, limit: int) -> list[Change]:
    listener = part_of(live, fields)
    default = fields.maybe_number("Weight", 0, 100)
    changes = []
    for row in fields.rows("Targets", limit):
        weight = row.only(*_TARGET).maybe_number("Weight", 0, 100)
        weight = default if weight is None else weight
        key = _bound(live, listener, row)
        changes.append(Change(Verb.WEIGH, listener.spec.id, key, DEFAULT_WEIGHT if weight is None else weight))
    return changes


def _registering(live: Live, listener: Listener, row: Fields) -> Change:
    if listener.spec.target_type != "NODE":
        raise ApiError("InvalidParameter", f"listener {listener.spec.id} takes target groups only")
    weight = row.maybe_number("Weight", 0, 100)
    weight = DEFAULT_WEIGHT if weight is None else weight
    instance, tag = row.maybe_text("InstanceId"), row.maybe_text("Tag")
    return Change(Verb.REGISTER, listener.spec.id, _key(live, row), weight, instance, tag)


def _key(live: Live, row: Fields) -> Key:
    instance, address = row.maybe_text("InstanceId"), row.maybe_text("EniIp")
    if (instance is None) is (address is None):
        raise ApiError("InvalidParameter", "exactly one of InstanceId and EniIp is needed")
    if instance is not None:
        address = live.model.spec.instances.get(instance)
    if address is None:
        raise ApiError("InvalidParameter", f"instance `{instance}` not found")
    return Key(address, row.number("Port", 1, 65535))


def _bound(live: Live, listener: Listener, row: Fields) -> Key:
    """Return the key of a target that is bound, and bound the way it is named (InstanceId or EniIp)."""
    key = _key(live, row)
    target = listener.targets.get(key)
    if target is None or target.instance_id != row.maybe_text("InstanceId"):
        raise ApiError("InvalidParameter", f"target {key} is not bound to {listener.spec.id} by that name")
    return key


def _fit(live: Live, changes: list[Change]) -> None:
    """Refuse what would put more targets on a listener than the account's quota allows."""
    limit = live.model.spec.bind_quota
    for listener in live.model.listeners.values():
        mine = [change for change in changes if change.listener == listener.spec.id and change.verb is Verb.REGISTER]
        if mine and len({*listener.targets, *(change.key for change in mine)}) > limit:
            raise too_many(limit)


def _begin(call: Call, live: Live, changes: list[Change]) -> Task:
    named = [(change.listener, change.key) for change in changes]
    if len(set(named)) != len(named):
        raise ApiError("InvalidParameterValue.Duplicate", "a target is given twice")
    if live.busy:
        raise in_operating(live.model.spec.id)
    _fit(live, changes)
    if not changes:
        task = Task(call.id, live.model.spec.id, ())
        task.end(TaskState.DONE)
        call.fleet.tasks.add(task)
        return task
    return live.accept(call.id, changes)
