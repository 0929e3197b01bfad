"""The actions that only look. Health is what the lab's checks say; a group that no listener forwards to is not checked."""

from migrator.lab.balancer.model import Health, Key, Listener
from migrator.lab.clouds.aws.calls import Call
from migrator.lab.clouds.aws.errors import ApiError
from migrator.lab.clouds.aws.form import Row, text, texts
from migrator.lab.clouds.aws.groups import Group, State

_HEALTH: dict[Health, Row] = {
    Health.ALIVE: {"State": "healthy"},
    Health.DEAD: {
        "State": "unhealthy",
        "Reason": "Target.FailedHealthChecks",
        "Description": "Health checks failed",
    },
    Health.UNKNOWN: {
        "State": "initial",
        "Reason": "Elb.InitialHealthChecking",
        "Description": "Initial health checks in progress",
    },
    Health.OFF: {
        "State": "unavailable",
        "Reason": "Target.HealthCheckDisabled",
        "Description": "Health checks are not enabled for this target",
    },
}
_UNUSED: Row = {
    "State": "unused",
    "Reason": "Target.NotInUse",
    "Description": "Target group is not configured to receive traffic from the load balancer",
}
_DRAINING: Row = {
    "State": "draining",
    "Reason": "Target.DeregistrationInProgress",
    "Description": "Target deregistration is in progress",
}


async def describe_load_balancers(call: Call) -> Row:
    """Return balancers by ARN or by name, or all."""
    arns, names = texts(call.parameters, "LoadBalancerArns"), texts(call.parameters, "Names")
    states = [call.balancer(arn) for arn in arns] if arns else call.every()
    chosen = [state for state in states if not names or state.live.model.spec.id in names]
    if names and not chosen:
        call.balancer(names[0])
    return {"LoadBalancers": [_balancer(state) for state in chosen]}


def _balancer(state: State) -> Row:
    spec = state.live.model.spec
    return {
        "LoadBalancerArn": state.arn("loadbalancer"),
        "DNSName": spec.vip,  # a name in AWS; in the lab what it would resolve to
        "LoadBalancerName": spec.id,
        "Scheme": "internal",
        "VpcId": "vpc-lab",
        "State": {"Code": "active"},
        "Type": "network",
        "IpAddressType": "ipv4",
    }


async def describe_load_balancer_attributes(call: Call) -> Row:
    """Return the balancer's own attributes: the lab's data plane knows no zones."""
    call.balancer(text(call.parameters, "LoadBalancerArn"))
    return {"Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]}


async def describe_tags(call: Call) -> Row:
    """Return the tags of each resource: the lab's controller, where it owns the balancer, has put its own."""
    arns = texts(call.parameters, "ResourceArns")
    owned = {s.arn("loadbalancer"): s.live.model.spec.tags for s in call.every()}
    return {
        "TagDescriptions": [
            {"ResourceArn": arn, "Tags": [{"Key": k, "Value": v} for k, v in owned.get(arn, {}).items()]}
            for arn in arns
        ]
    }


async def describe_listeners(call: Call) -> Row:
    """Return listeners by ARN, or those of a balancer."""
    if arns := texts(call.parameters, "ListenerArns"):
        return {"Listeners": [_listener(*call.listener_of(arn)) for arn in arns]}
    state = call.balancer(text(call.parameters, "LoadBalancerArn"))
    return {"Listeners": [_listener(state, listener) for listener in state.live.model.listeners.values()]}


async def describe_listener_attributes(call: Call) -> Row:
    """Return a listener's attributes; a network balancer's has one."""
    state, listener = call.listener()
    return {"Attributes": [{"Key": k, "Value": v} for k, v in state.attributes[listener.spec.id].items()]}


def _listener(state: State, listener: Listener) -> Row:
    return {
        "ListenerArn": state.arn("listener", listener.spec.id),
        "LoadBalancerArn": state.arn("loadbalancer"),
        "Port": listener.port,
        "Protocol": "TCP",
        "DefaultActions": actions(state, listener),
    }


def actions(state: State, listener: Listener) -> list[Row]:
    """Return the default actions of a listener: one, which forwards."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in state.weights(listener).items()]
    sticky: Row = {"Enabled": True, "DurationSeconds": 3600} if state.sticky[listener.spec.id] else {"Enabled": False}
    forward: Row = {"TargetGroups": groups, "TargetGroupStickinessConfig": sticky}
    alone = groups[0]["TargetGroupArn"] if len(groups) == 1 else None
    return [{"Type": "forward", "TargetGroupArn": alone, "Order": 1, "ForwardConfig": forward}]


async def describe_rules(call: Call) -> Row:
    """Return the rules of a listener: a network balancer's has the default one only."""
    state, listener = call.listener()
    name = f"{state.arn('listener-rule', listener.spec.id)}/default"
    rule = {"RuleArn": name, "Priority": "default", "Conditions": [], "IsDefault": True}
    return {"Rules": [rule | {"Actions": actions(state, listener)}]}


async def describe_target_groups(call: Call) -> Row:
    """Return target groups by ARN or by name, or those of a balancer that a listener forwards to."""
    if names := texts(call.parameters, "Names"):
        named = [(state, group) for state in call.every() for group in state.groups.values() if group.name in names]
        if len(named) < len(names):
            raise ApiError(400, "TargetGroupNotFound", f"One or more target groups not found: {', '.join(names)}")
        return {"TargetGroups": [_group(*group) for group in named]}
    if arns := texts(call.parameters, "TargetGroupArns"):
        return {"TargetGroups": [_group(*call.group_of(arn)) for arn in arns]}
    state = call.balancer(text(call.parameters, "LoadBalancerArn"))
    return {"TargetGroups": [_group(state, group) for group in state.groups.values() if state.at(group)]}


def _group(state: State, group: Group) -> Row:
    health = state.live.model.spec.health
    return {
        "TargetGroupArn": group.arn,
        "TargetGroupName": group.name,
        "Protocol": "TCP",
        "Port": group.port,
        "VpcId": "vpc-lab",
        "HealthCheckProtocol": health.kind.upper() if health.kind != "off" else "TCP",
        "HealthCheckPort": str(health.port) if health.kind == "http" and health.port else "traffic-port",
        "HealthCheckEnabled": health.kind != "off",
        "HealthCheckIntervalSeconds": max(1, round(health.interval_s)),
        "HealthCheckTimeoutSeconds": max(1, round(health.timeout_s)),
        "HealthyThresholdCount": health.rise,
        "UnhealthyThresholdCount": health.fall,
        "HealthCheckPath": health.path if health.kind == "http" else None,
        "LoadBalancerArns": [state.arn("loadbalancer")] if state.at(group) else [],
        "TargetType": group.kind,
        "IpAddressType": "ipv4",
    }


async def describe_target_group_attributes(call: Call) -> Row:
    """Return a group's attributes."""
    _, group = call.group()
    return {"Attributes": [{"Key": key, "Value": value} for key, value in group.attributes.items()]}


async def describe_target_health(call: Call) -> Row:
    """Return every target of a group with its health, those that still drain too."""
    state, group = call.group()
    listener = next(iter(state.at(group)), None)
    descriptions = []
    for key, instance in state.members(group).items():
        health = _HEALTH[state.live.health(listener.spec.id, key)] if listener else _UNUSED
        descriptions.append(_target(key, instance, health))
    descriptions += [_target(key, None, _DRAINING) for key in state.drained(group)]
    return {"TargetHealthDescriptions": descriptions}


def _target(key: Key, instance: str | None, health: Row) -> Row:
    target: Row = {"Id": instance or key.address, "Port": key.port}
    return {"Target": target, "HealthCheckPort": str(key.port), "TargetHealth": dict(health)}
