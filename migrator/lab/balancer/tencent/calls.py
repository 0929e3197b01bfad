"""What every action has in common: the call itself, and finding the balancer and listener it names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from migrator.lab.balancer.fleet import Fleet
from migrator.lab.balancer.live import Live
from migrator.lab.balancer.model import Listener
from migrator.lab.balancer.tencent.errors import ApiError
from migrator.lab.balancer.tencent.fields import Fields


@dataclass(frozen=True, slots=True)
class Call:
    """One verified call. `id` becomes its RequestId and, for a write, its TaskId."""

    id: str
    fleet: Fleet
    fields: Fields


Action = Callable[[Call], Awaitable[dict[str, Any]]]  # Any: JSON values


def balancer_of(call: Call, name: str = "LoadBalancerId") -> Live:
    """Give the balancer the call names; `ApiError` LBIdNotFound."""
    return known(call, call.fields.text(name))


def known(call: Call, balancer: str) -> Live:
    """Give the balancer with that id; `ApiError` LBIdNotFound."""
    if (live := call.fleet.get(balancer)) is None:
        raise ApiError("InvalidParameter.LBIdNotFound", f"LoadBalancerId `{balancer}` not found")
    return live


def listener_of(live: Live, listener: str) -> Listener:
    """Give the listener; `ApiError` ListenerIdNotFound. L4 only: there are no rules below it."""
    if (found := live.model.listeners.get(listener)) is None:
        raise ApiError("InvalidParameter.ListenerIdNotFound", f"ListenerId `{listener}` not found")
    return found


def listeners_of(live: Live, wanted: list[str], fields: Fields) -> list[Listener]:
    """Give the wanted listeners (all, if none), narrowed by Protocol and Port; InvalidParameter if one is unknown."""
    missing = [each for each in wanted if each not in live.model.listeners]
    if missing:
        raise ApiError("InvalidParameter", f"some ListenerId {missing} not found")
    found = list(live.model.listeners.values())
    protocol, port = fields.maybe_text("Protocol"), fields.maybe_number("Port", 1, 65535)
    return [
        each
        for each in found
        if (not wanted or each.spec.id in wanted) and protocol in (None, "TCP") and (port is None or each.port == port)
    ]
