"""vServer groups: listeners that name the same group share its backends. The default group has servers without a port.

Nothing is kept here: a group is the listeners that name it, and they always have the same targets.
"""

from migrator.lab.balancer.model import Listener
from migrator.lab.clouds.aliyun.rpc.calls import Call
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.aliyun.rpc.groups import Group, by_group
from migrator.lab.clouds.live import Live

DEFAULT = "DEFAULT"
"""The `target_type` of a listener that uses the default server group."""


def group_id(live: Live, listener: Listener) -> str:
    """Return the vServer group of a listener, "" where it uses another kind. Ids are unique in the whole cloud."""
    if listener.spec.target_type != "NODE":
        return ""
    return listener.spec.group or f"rsp-{live.model.spec.id}-{listener.spec.id}"


def groups(live: Live) -> dict[str, Group]:
    """Return the vServer groups of a balancer by id."""
    return {name: Group(name, live, listeners) for name, listeners in by_group(live, group_id).items()}


def group_of(call: Call) -> Group:
    """Return the group that the call names. The refusal's code is what the API really gives: a sentence."""
    name = call.parameters.text("VServerGroupId")
    group = next((known for live in call.fleet if (known := groups(live).get(name)) is not None), None)
    if group is None:
        text = "The specified VServerGroupId does not exist"
        raise ApiError(404, text, text)
    return group


def default_group(live: Live) -> tuple[Listener, ...]:
    """Return the listeners that use the default server group."""
    return tuple(listener for listener in live.model.listeners.values() if listener.spec.target_type == DEFAULT)


def live_of(call: Call) -> Live:
    """Return the balancer that the call names."""
    if (live := call.fleet.get(call.parameters.text("LoadBalancerId"))) is None:
        raise ApiError(404, "InvalidLoadBalancerId.NotFound", "The specified LoadBalancerId does not exist.")
    return live
