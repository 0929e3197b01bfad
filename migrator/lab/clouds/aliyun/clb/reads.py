"""The actions that change nothing."""

from math import ceil

from migrator.lab.balancer.model import Health, Listener, Target
from migrator.lab.clouds.aliyun.clb.groups import default_group, group_id, group_of, groups, live_of
from migrator.lab.clouds.aliyun.clb.rows import shown
from migrator.lab.clouds.aliyun.rpc.calls import Call, Json
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.groups import Group
from migrator.lab.clouds.aliyun.rpc.servers import eni, server_of
from migrator.lab.clouds.live import Live

_HEALTH = {Health.ALIVE: "normal", Health.DEAD: "abnormal", Health.UNKNOWN: "unavailable", Health.OFF: "unavailable"}
_SCHEDULERS = {"WRR": "wrr", "LEAST_CONN": "wlc"}


async def describe_load_balancer_attribute(call: Call) -> Json:
    """DescribeLoadBalancerAttribute: the balancer, its listeners, and the default group, whose servers have no port."""
    live = live_of(call)
    spec = live.model.spec
    listeners = [
        {
            "ListenerPort": listener.port,
            "ListenerProtocol": "tcp",
            "ListenerForward": "off",
            "Description": listener.spec.name,
        }
        for listener in live.model.listeners.values()
    ]
    defaults = default_group(live)
    return {
        "LoadBalancerId": spec.id,
        "LoadBalancerName": spec.name or spec.id,
        "LoadBalancerStatus": "active",
        "LoadBalancerSpec": "slb.s2.small",
        "Address": spec.vip,
        "AddressType": "intranet",
        "NetworkType": "vpc",
        "VpcId": "vpc-lab",
        "RegionId": spec.region,
        "ListenerPorts": {"ListenerPort": [listener.port for listener in live.model.listeners.values()]},
        "ListenerPortsAndProtocol": {"ListenerPortAndProtocol": listeners},
        "BackendServers": {
            "BackendServer": [_portless(live, t) for t in defaults[0].targets.values()] if defaults else []
        },
    }


def _portless(live: Live, target: Target) -> Json:
    row = shown(live, target)
    del row["Port"]
    return row


async def describe_v_server_groups(call: Call) -> Json:
    """DescribeVServerGroups, with the listeners that lead to each when IncludeListener asks for them."""
    live = live_of(call)
    listed = call.parameters.yes("IncludeListener")
    return {"VServerGroups": {"VServerGroup": [_group(group, listed) for group in groups(live).values()]}}


def _group(group: Group, listed: bool) -> Json:
    ports = [{"Port": listener.port, "Protocol": "tcp"} for listener in group.listeners] if listed else []
    return {
        "VServerGroupId": group.id,
        "VServerGroupName": group.id,
        "ServerCount": len(group.targets),
        "AssociatedObjects": {"Listeners": {"Listener": ports}, "Rules": {"Rule": []}},
    }


async def describe_v_server_group_attribute(call: Call) -> Json:
    """DescribeVServerGroupAttribute: all backends of a group, not paged."""
    group = group_of(call)
    return {
        "VServerGroupId": group.id,
        "VServerGroupName": group.id,
        "LoadBalancerId": group.live.model.spec.id,
        "BackendServers": {"BackendServer": [shown(group.live, target) for target in group.targets.values()]},
    }


async def describe_health_status(call: Call) -> Json:
    """DescribeHealthStatus: one row per listener and backend. At weight 0 it is always `normal`, whatever the check says."""
    live = live_of(call)
    port = call.parameters.number("ListenerPort", 1, 65535, 0) if call.parameters.maybe("ListenerPort") else 0
    rows = [
        _health(live, listener, target)
        for listener in live.model.listeners.values()
        if port in (0, listener.port)
        for target in listener.targets.values()
    ]
    return {"BackendServers": {"BackendServer": rows}}


def _health(live: Live, listener: Listener, target: Target) -> Json:
    state = live.health(listener.spec.id, target.key)
    return {
        "ListenerPort": listener.port,
        "Protocol": "tcp",
        "Port": target.key.port,
        "ServerId": target.instance_id or eni(target.key.address),
        "ServerIp": target.key.address,
        "Type": server_of(live, target.key.address).kind,
        "ServerHealthStatus": _HEALTH[state] if target.weight or state is Health.OFF else "normal",
    }


async def describe_load_balancer_tcp_listener_attribute(call: Call) -> Json:
    """DescribeLoadBalancerTCPListenerAttribute: what a listener does with weights and with connections of the removed."""
    live = live_of(call)
    port = call.parameters.number("ListenerPort", 1, 65535, 0)
    listener = next((known for known in live.model.listeners.values() if known.port == port), None)
    if listener is None:
        raise ApiError(404, "ListenerNotFound", f"The specified listener {port} does not exist.")
    health = listener.spec.health or live.model.spec.health
    name = group_id(live, listener)
    return {
        "ListenerPort": port,
        "LoadBalancerId": live.model.spec.id,
        "Status": "running",
        "Scheduler": _SCHEDULERS.get(listener.spec.scheduler, listener.spec.scheduler.lower()),
        "PersistenceTimeout": listener.spec.session_expire_s,
        "EstablishedTimeout": 900,
        "ConnectionDrain": "on" if listener.spec.deregister_rst else "off",
        "ConnectionDrainTimeout": 10 if listener.spec.deregister_rst else 0,
        "HealthCheck": "off" if health.kind == "off" else "on",
        "HealthCheckType": health.kind,
        "HealthCheckInterval": ceil(health.interval_s),
        "HealthCheckConnectTimeout": ceil(health.timeout_s),
        "HealthCheckConnectPort": health.port if health.kind == "http" and health.port else -520,  # the backend's own
        "HealthCheckURI": health.path if health.kind == "http" else "",
        "HealthyThreshold": health.rise,
        "UnhealthyThreshold": health.fall,
        "VServerGroupId": name,
        "MasterSlaveServerGroupId": "" if name or listener.spec.target_type == "DEFAULT" else f"rsp-{listener.spec.id}",
        "BackendServerPort": 0 if name else listener.port,
    }
