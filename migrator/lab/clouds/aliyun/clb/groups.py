"""vServer groups: listeners that name the same group share its backends. The default group has servers without a port.

Nothing is kept here: a group is the listeners that name it, and they always have the same targets.
"""

from dataclasses import dataclass

from migrator.lab.balancer.model import Key, Listener, Target
from migrator.lab.clouds.aliyun.rpc.calls import Call
from migrator.lab.clouds.aliyun.rpc.errors import ApiError
from migrator.lab.clouds.live import Live

DEFAULT = "DEFAULT"
"""The `target_type` of a listener that uses the default server group."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of one balancer: its id and the listeners that lead to it, all with the same targets."""

    id: str
    live: Live
    listeners: tuple[Listener, ...]

    @property
    def targets(self) -> dict[Key, Target]:
        """Give the targets, as the first listener has them."""
        return self.listeners[0].targets


def group_id(live: Live, listener: Listener) -> str:
    """Give the vServer group of a listener, "" where it uses another kind. Ids are unique in the whole cloud."""
    if listener.spec.target_type != "NODE":
        return ""
    return listener.spec.group or f"rsp-{live.model.spec.id}-{listener.spec.id}"


def groups(live: Live) -> dict[str, Group]:
    """Give the vServer groups of a balancer by id."""
    by_id: dict[str, list[Listener]] = {}
    for listener in live.model.listeners.values():
        if name := group_id(live, listener):
            by_id.setdefault(name, []).append(listener)
    return {name: Group(name, live, tuple(listeners)) for name, listeners in by_id.items()}


def group_of(call: Call) -> Group:
    """Give the group that the call names. The refusal's code is what the API really gives: a sentence."""
    name = call.parameters.text("VServerGroupId")
    found = next((each for live in call.fleet if (each := groups(live).get(name)) is not None), None)
    if found is None:
        text = "The specified VServerGroupId does not exist"
        raise ApiError(404, text, text)
    return found


def default_group(live: Live) -> tuple[Listener, ...]:
    """Give the listeners that use the default server group."""
    return tuple(each for each in live.model.listeners.values() if each.spec.target_type == DEFAULT)


def live_of(call: Call) -> Live:
    """Give the balancer that the call names."""
    if (live := call.fleet.get(call.parameters.text("LoadBalancerId"))) is None:
        raise ApiError(404, "InvalidLoadBalancerId.NotFound", "The specified LoadBalancerId does not exist.")
    return live
