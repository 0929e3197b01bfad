"""The actions that change nothing."""

from typing import Any

from migrator.lab.balancer.model import Listener, Target
from migrator.lab.balancer.tasks import TaskState
from migrator.lab.clouds.tencent import shapes
from migrator.lab.clouds.tencent.calls import Call, balancer_of, known, listeners_of, shown
from migrator.lab.clouds.tencent.errors import ApiError
from migrator.lab.clouds.tencent.fields import Fields

Json = dict[str, Any]  # Any: JSON values

_STATUS = {TaskState.DONE: 0, TaskState.FAILED: 1, TaskState.RUNNING: 2}


async def describe_load_balancers(call: Call) -> Json:
    """DescribeLoadBalancers by ids, name or vip; others of its many filters are refused."""
    fields = call.fields.only("LoadBalancerIds", "LoadBalancerName", "LoadBalancerVips", "Offset", "Limit", "Forward")
    ids, vips = fields.texts("LoadBalancerIds", 20), fields.texts("LoadBalancerVips", 20)
    name = fields.maybe_text("LoadBalancerName") or ""
    chosen = [
        live
        for live in call.fleet
        if (not ids or live.model.spec.id in ids)
        and (not vips or live.model.spec.vip in vips)
        and name in (live.model.spec.name or live.model.spec.id)
    ]
    first = fields.maybe_number("Offset", 0, 1 << 31) or 0
    limit = fields.maybe_number("Limit", 1, 100) or 20
    page = chosen[first : first + limit]
    return {"TotalCount": len(chosen), "LoadBalancerSet": [shapes.balancer(live) for live in page]}


async def describe_listeners(call: Call) -> Json:
    """DescribeListeners of one balancer."""
    fields = call.fields.only("LoadBalancerId", "ListenerIds", "Protocol", "Port")
    live = balancer_of(call)
    listeners = listeners_of(live, fields.texts("ListenerIds", 100), fields)
    return {"TotalCount": len(listeners), "Listeners": [shapes.listener(live, listener) for listener in listeners]}


async def describe_targets(call: Call) -> Json:
    """DescribeTargets of one balancer: the weights of the API, which the data plane may not have yet."""
    fields = call.fields.only("LoadBalancerId", "ListenerIds", "Protocol", "Port", "Filters")
    live = balancer_of(call)
    filters = _filters(fields)
    listeners = listeners_of(live, fields.texts("ListenerIds", 20), fields)
    return {
        "Listeners": [shapes.backends(live, listener, lambda part: _passing(part, filters)) for listener in listeners]
    }


def _passing(part: Listener, filters: list[tuple[str, list[str]]]) -> list[Target]:
    return [target for target in part.targets.values() if all(_passes(part, target, *one) for one in filters)]


def _filters(fields: Fields) -> list[tuple[str, list[str]]]:
    if not fields.has("Filters"):
        return []
    filters = []
    for row in fields.rows("Filters", 10):
        name = row.only("Name", "Values").text("Name")
        if name not in ("location-id", "private-ip-address", "tag"):
            raise ApiError("InvalidParameterValue.InvalidFilter", f"The filter `{name}` is not known.")
        filters.append((name, row.texts("Values", 100)))
    return filters


def _passes(part: Listener, target: Target, name: str, values: list[str]) -> bool:
    if name == "private-ip-address":
        return target.key.address in values
    if name == "location-id":
        return part.rule is not None and part.rule.id in values
    return target.tag in values


async def describe_target_health(call: Call) -> Json:
    """DescribeTargetHealth: the health checker's verdicts, whatever the weights."""
    fields = call.fields.only("LoadBalancerIds", "ListenerIds", "LocationIds")
    wanted, rules = fields.texts("ListenerIds", 100), fields.texts("LocationIds", 100)
    ids = fields.texts("LoadBalancerIds", 30)
    if not ids:
        raise ApiError("MissingParameter", "The request is missing a required parameter `LoadBalancerIds`.")
    lives = [known(call, name) for name in ids]
    balancers = []
    for live in lives:
        listeners = [name for name in shown(live) if not wanted or name.spec.id in wanted]
        balancers.append(shapes.health(live, listeners, rules))
    return {"LoadBalancers": balancers}


async def describe_task_status(call: Call) -> Json:
    """DescribeTaskStatus: 0 done, 1 failed, 2 running."""
    task = call.fleet.tasks.get(call.fields.only("TaskId", "DealName").text("TaskId"))
    if task is None:
        raise ApiError("InvalidParameter", "The TaskId is not found.")
    return {"Status": _STATUS[task.state], "LoadBalancerIds": None, "Message": task.message or None}


async def describe_quota(call: Call) -> Json:
    """DescribeQuota of the account: those that are counted per balancer or listener have no current use."""
    call.fields.only()
    bound = min((live.model.spec.bind_quota for live in call.fleet), default=200)
    limits = {"TOTAL_LISTENER_QUOTA": 50, "TOTAL_LISTENER_RULE_QUOTA": 50, "TOTAL_TARGET_BIND_QUOTA": bound}
    rows = [{"QuotaId": name, "QuotaCurrent": None, "QuotaLimit": limit} for name, limit in limits.items()]
    internal = {"QuotaId": "TOTAL_INTERNAL_CLB_QUOTA", "QuotaCurrent": len(list(call.fleet)), "QuotaLimit": 100}
    return {"QuotaSet": [internal, *rows]}
