"""The actions that change something: validated whole, shown at once; the data plane follows a listener in one moment."""

import time

from migrator.lab.balancer.model import Change, Key, Listener, Verb
from migrator.lab.clouds.aws.calls import Call
from migrator.lab.clouds.aws.errors import ApiError, invalid
from migrator.lab.clouds.aws.form import Row, rows, text, whole
from migrator.lab.clouds.aws.groups import USUAL, Group, State
from migrator.lab.clouds.aws.reads import actions

MOST_GROUPS = 5
MOST_TARGETS = 1000
TOP = 999


async def modify_listener(call: Call) -> Row:
    """ModifyListener: the default actions, as a whole."""
    state, listener = call.listener()
    if "DefaultActions" in call.parameters:
        wanted, sticky = _wanted(state, call)
        state.sticky[listener.spec.id] = sticky
        state.follow(listener, wanted)
    shown = {"ListenerArn": state.arn("listener", listener.spec.id), "Port": listener.port, "Protocol": "TCP"}
    return {"Listeners": [shown | {"DefaultActions": actions(state, listener)}]}


def _wanted(state: State, call: Call) -> tuple[dict[str, int], bool]:
    """Return weight by group, and whether a client sticks to a group."""
    actions = rows(call.parameters, "DefaultActions")
    if len(actions) != 1 or actions[0].get("Type") != "forward":
        raise ApiError(400, "InvalidLoadBalancerAction", "A listener of a network balancer has one forward action")
    forward = actions[0].get("ForwardConfig", {})
    listed = rows(forward, "TargetGroups") or [{"TargetGroupArn": text(actions[0], "TargetGroupArn")}]
    wanted = {state.group(text(row, "TargetGroupArn")).arn: whole(row, "Weight", 0, TOP, USUAL) for row in listed}
    if len(wanted) != len(listed) or len(wanted) > MOST_GROUPS:
        raise ApiError(400, "InvalidLoadBalancerAction", f"1 to {MOST_GROUPS} different target groups are needed")
    sticky = forward.get("TargetGroupStickinessConfig", {}).get("Enabled") == "true"
    if not sticky and any(state.groups[arn].attributes["stickiness.enabled"] == "true" for arn in wanted):
        problem = "Target group stickiness must be enabled in the action if a target group has stickiness enabled"
        raise ApiError(400, "InvalidConfigurationRequest", problem)
    return wanted, sticky


async def register_targets(call: Call) -> Row:
    """RegisterTargets: those that are there stay as they are; a group that is forwarded to gives them its weight."""
    state, group = call.group()
    there = state.members(group)
    fresh = {key: instance for key, instance in _targets(call, state, group).items() if key not in there}
    if len(there) + len(fresh) > MOST_TARGETS:
        raise ApiError(400, "TooManyTargets", f"A target group takes {MOST_TARGETS} targets")
    for key in fresh:
        group.draining.pop(key, None)
    listeners = state.at(group)
    changes = [
        change
        for listener in listeners
        for change in state.standing(listener, group, fresh, state.weights(listener)[group.arn])
    ]
    _alone(state, listeners, fresh)
    if listeners:
        state.live.change(changes)
    else:
        group.waiting |= fresh
    return {}


def _alone(state: State, listeners: list[Listener], fresh: dict[Key, str | None]) -> None:
    """The lab's data plane knows a target once on a listener; in AWS it could stand in two of its groups."""
    taken = [str(key) for listener in listeners for key in fresh if key in listener.targets]
    if taken:
        raise ApiError(400, "InvalidTarget", f"in another group of the same listener: {', '.join(taken)}")


async def deregister_targets(call: Call) -> Row:
    """DeregisterTargets: from whatever weight; those that are not there are ignored, the others drain."""
    state, group = call.group()
    there = state.members(group)
    gone = [key for key in _targets(call, state, group) if key in there]
    listeners = state.at(group)
    delay = float(group.attributes["deregistration_delay.timeout_seconds"])
    for key in gone:
        group.waiting.pop(key, None)
        if listeners:
            group.draining[key] = time.monotonic() + delay
    state.live.change([Change(Verb.DEREGISTER, listener.spec.id, key) for listener in listeners for key in gone])
    return {}


async def modify_listener_attributes(call: Call) -> Row:
    """ModifyListenerAttributes."""
    state, listener = call.listener()
    known = state.attributes[listener.spec.id]
    for row in rows(call.parameters, "Attributes"):
        if (name := text(row, "Key")) not in known:
            raise ApiError(400, "InvalidConfigurationRequest", f"Listener attribute key '{name}' is not recognized")
        known[name] = text(row, "Value")
    return {"Attributes": [{"Key": key, "Value": value} for key, value in known.items()]}


async def modify_target_group_attributes(call: Call) -> Row:
    """ModifyTargetGroupAttributes."""
    _, group = call.group()
    for row in rows(call.parameters, "Attributes"):
        if (name := text(row, "Key")) not in group.attributes:
            raise ApiError(400, "InvalidConfigurationRequest", f"Target group attribute key '{name}' is not recognized")
        group.attributes[name] = text(row, "Value")
    return {"Attributes": [{"Key": key, "Value": value} for key, value in group.attributes.items()]}


def _targets(call: Call, state: State, group: Group) -> dict[Key, str | None]:
    listed = rows(call.parameters, "Targets")
    if not listed:
        raise invalid("The request must contain the parameter Targets")
    instances = state.live.model.spec.instances
    targets: dict[Key, str | None] = {}
    for row in listed:
        name, port = text(row, "Id"), whole(row, "Port", 1, 65535, group.port)
        if (group.kind == "instance") is not name.startswith("i-") or (name.startswith("i-") and name not in instances):
            raise ApiError(400, "InvalidTarget", f"{name} is no target of a group of type {group.kind}")
        targets[Key(instances.get(name, name), port)] = name if name.startswith("i-") else None
    return targets


def asked(call: Call) -> list[Row]:
    """Return what a write asks to change, for the record: [{"listener", "target", "weight"}]; weights only if they change."""
    if call.action == "ModifyListener":
        state, listener = call.listener()
        wanted, _ = _wanted(state, call)
        now = state.weights(listener)
        return [
            {"listener": listener.spec.id, "target": str(key), "weight": weight}
            for arn, weight in wanted.items()
            if now.get(arn, 0) != weight
            for key in state.members(state.groups[arn])
        ]
    if "Targets" not in call.parameters:
        return []
    state, group = call.group()
    home = next((listener.spec.id for listener in state.at(group)), "")
    return [{"listener": home, "target": str(key), "weight": None} for key in _targets(call, state, group)]
