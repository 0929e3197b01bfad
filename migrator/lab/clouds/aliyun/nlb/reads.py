"""The actions that change nothing."""

from math import ceil

from migrator.lab.balancer.model import Health, Listener
from migrator.lab.balancer.tasks import TaskState
from migrator.lab.clouds.aliyun.nlb.groups import Group, group_id, groups, known, listener_id, servers
from migrator.lab.clouds.aliyun.rpc.calls import Call, Json
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.live import Live

_JOB = {TaskState.DONE: "Succeeded", TaskState.FAILED: "Failed", TaskState.RUNNING: "Processing"}
_SCHEDULERS = {"WRR": "Wrr", "LEAST_CONN": "Wlc"}
_PAGE = 100
_JOBS = 20


def page(call: Call, listed: list[Json]) -> tuple[list[Json], str]:
    """Return one page of rows and the token of the next one, "" at the end. The token is where it starts."""
    token = call.parameters.maybe("NextToken")
    if token and not token.isdigit():
        raise ApiError(400, "IllegalParam.NextToken", "The param of NextToken is illegal.")
    start, most = int(token or 0), call.parameters.number("MaxResults", 1, _PAGE, 20)
    return listed[start : start + most], str(start + most) if start + most < len(listed) else ""


async def list_server_group_servers(call: Call) -> Json:
    """ListServerGroupServers, by pages of at most 100."""
    name = call.parameters.text("ServerGroupId")
    ids, addresses = call.parameters.texts("ServerIds", 40), call.parameters.texts("ServerIps", 40)
    listed = [
        row
        for row in servers(groups(known(call, name))[name])
        if (not ids or row["ServerId"] in ids) and (not addresses or row["ServerIp"] in addresses)
    ]
    rows, token = page(call, listed)
    return {"Servers": rows, "NextToken": token, "TotalCount": len(listed), "MaxResults": len(rows)}


async def list_server_groups(call: Call) -> Json:
    """ListServerGroups by ids."""
    ids = call.parameters.texts("ServerGroupIds", _JOBS)
    every = [group for live in call.fleet for group in groups(live).values()]
    rows, token = page(call, [_group(group) for group in every if not ids or group.id in ids])
    return {"ServerGroups": rows, "NextToken": token, "TotalCount": len(rows)}


def _group(group: Group) -> Json:
    first = group.listeners[0].spec
    health = first.health or group.live.model.spec.health
    return {
        "ServerGroupId": group.id,
        "ServerGroupName": group.id,
        "ServerGroupType": group.typed,
        "ServerGroupStatus": "Configuring" if group.changing else "Available",
        "ServerCount": len(group.targets),
        "Protocol": "TCP",
        "Scheduler": _SCHEDULERS.get(first.scheduler, first.scheduler.lower()),
        "AnyPortEnabled": False,
        "ConnectionDrainEnabled": first.deregister_rst,
        "ConnectionDrainTimeout": 10 if first.deregister_rst else 0,
        "PreserveClientIpEnabled": True,
        "RelatedLoadBalancerIds": [group.live.model.spec.id],
        "HealthCheck": {
            "HealthCheckEnabled": health.kind != "off",
            "HealthCheckType": health.kind.upper(),
            "HealthCheckInterval": ceil(health.interval_s),
            "HealthCheckConnectTimeout": ceil(health.timeout_s),
            "HealthCheckConnectPort": health.port if health.kind == "http" else 0,  # 0: the server's own
            "HealthCheckUrl": health.path if health.kind == "http" else "",
            "HealthyThreshold": health.rise,
            "UnhealthyThreshold": health.fall,
        },
        "VpcId": "vpc-lab",
    }


async def list_listeners(call: Call) -> Json:
    """ListListeners by balancers or by their own ids."""
    ids, owners = call.parameters.texts("ListenerIds", _JOBS), call.parameters.texts("LoadBalancerIds", _JOBS)
    if missing := [owner for owner in owners if call.fleet.get(owner) is None]:
        raise ApiError(404, "ResourceNotFound.loadBalancer", f"The specified load balancer {missing[0]} is not found.")
    listed = [
        _listener(live, listener)
        for live in call.fleet
        for listener in live.model.listeners.values()
        if (not ids or listener_id(live, listener) in ids) and (not owners or live.model.spec.id in owners)
    ]
    rows, token = page(call, listed)
    return {"Listeners": rows, "NextToken": token, "TotalCount": len(listed)}


def _listener(live: Live, listener: Listener) -> Json:
    return {
        "ListenerId": listener_id(live, listener),
        "ListenerPort": listener.port,
        "ListenerProtocol": "TCP",
        "ListenerStatus": "Running",
        "LoadBalancerId": live.model.spec.id,
        "ServerGroupId": group_id(live, listener),
        "IdleTimeout": 900,
        "ProxyProtocolEnabled": False,
        "ProxyProtocolV2Config": {"Ppv2VpcIdEnabled": False},
    }


async def get_listener_health_status(call: Call) -> Json:
    """GetListenerHealthStatus: only servers that are not normal are named. One without weight is not checked, so never."""
    name = call.parameters.text("ListenerId")
    for live, listener in [(balancer, each) for balancer in call.fleet for each in balancer.model.listeners.values()]:
        if listener_id(live, listener) == name:
            row = {"ListenerId": name, "ListenerPort": listener.port, "ListenerProtocol": "TCP"}
            return {"ListenerHealthStatus": [row | {"ServerGroupInfos": [_checked(live, listener)]}], "NextToken": ""}
    raise ApiError(404, "ResourceNotFound.listener", f"The specified resource of listener {name} is not found.")


def _checked(live: Live, listener: Listener) -> Json:
    health = listener.spec.health or live.model.spec.health
    shown = {row["ServerIp"]: row["ServerId"] for row in servers(groups(live)[group_id(live, listener)])}
    rows = [
        {
            "ServerId": shown[key.address],
            "ServerIp": key.address,
            "Port": key.port,
            "Status": "Unhealthy" if state is Health.DEAD else "Initial",
            "Reason": {"ReasonCode": "CONNECT_FAILED" if state is Health.DEAD else ""},
        }
        for key, target in listener.targets.items()
        if target.weight and (state := live.health(listener.spec.id, key)) in (Health.DEAD, Health.UNKNOWN)
    ]
    # The API spells it so.
    return {
        "ServerGroupId": group_id(live, listener),
        "HeathCheckEnabled": health.kind != "off",
        "NonNormalServers": rows,
    }


async def get_load_balancer_attribute(call: Call) -> Json:
    """GetLoadBalancerAttribute: the balancer's name and addresses."""
    name = call.parameters.text("LoadBalancerId")
    if (live := call.fleet.get(name)) is None:
        raise ApiError(404, "ResourceNotFound.loadBalancer", f"The specified load balancer {name} is not found.")
    spec = live.model.spec
    return {
        "LoadBalancerId": name,
        "LoadBalancerName": spec.name or name,
        "LoadBalancerStatus": "Active",
        "AddressType": "Intranet",
        "DNSName": f"{name}.nlb.lab.invalid",
        "VpcId": "vpc-lab",
        "ZoneMappings": [{"ZoneId": f"{spec.region}-a", "LoadBalancerAddresses": [{"PrivateIPv4Address": spec.vip}]}],
    }


async def list_asyn_jobs(call: Call) -> Json:
    """ListAsynJobs: the state of at most 20 jobs; one that is not known is left out."""
    tasks = [task for name in call.parameters.texts("JobIds", _JOBS) if (task := call.fleet.tasks.get(name))]
    jobs = [{"Id": task.id, "Status": _JOB[task.state]} for task in tasks]
    return {"Jobs": jobs, "TotalCount": len(jobs)}


async def get_job_status(call: Call) -> Json:
    """GetJobStatus: it knows no failure; a failed job is Processing for ever."""
    task = call.fleet.tasks.get(call.parameters.text("JobId"))
    if task is None:
        raise ApiError(404, "ResourceNotFound.job", "The specified job is not found.")
    return {"Status": "Succeeded" if task.state is TaskState.DONE else "Processing"}
