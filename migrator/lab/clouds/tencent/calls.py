"""What every action has in common: the call itself, and finding the balancer, the listener and the rule it names."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from migrator.lab.balancer.model import Listener, rule_name
from migrator.lab.balancer.settings import ListenerSpec
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live
from migrator.lab.clouds.tencent.errors import ApiError
from migrator.lab.clouds.tencent.fields import Fields


@dataclass(frozen=True, slots=True)
class Call:
    """One verified call. `id` becomes its RequestId and, for a write, its TaskId."""

    id: str
    fleet: Fleet
    fields: Fields


Action = Callable[[Call], Awaitable[dict[str, Any]]]  # Any: JSON values


def balancer_of(call: Call, name: str = "LoadBalancerId") -> Live:
    """Return the balancer the call names; `ApiError` LBIdNotFound."""
    return known(call, call.fields.text(name))


def known(call: Call, balancer: str) -> Live:
    """Return the balancer with that id; `ApiError` LBIdNotFound."""
    if (live := call.fleet.get(balancer)) is None:
        raise ApiError("InvalidParameter.LBIdNotFound", f"LoadBalancerId `{balancer}` not found")
    return live


@dataclass(frozen=True, slots=True)
class Shown:
    """A listener as the API has it. `parts` have the targets: the listener itself, or (layer 7) each of its rules."""

    spec: ListenerSpec
    parts: tuple[Listener, ...]

    @property
    def protocol(self) -> str:
        """Return TCP, or HTTP where there are rules."""
        return "HTTP" if self.spec.rules else "TCP"

    @property
    def port(self) -> int:
        """Return the real port."""
        return self.parts[0].port


def shown(live: Live) -> list[Shown]:
    """Return every listener of a balancer, in the order in which it was set up."""
    model = live.model
    return [
        Shown(spec, tuple(model.listeners[rule_name(spec.id, rule.id)] for rule in spec.rules))
        if spec.rules
        else Shown(spec, (model.listeners[spec.id],))
        for spec in model.spec.listeners
    ]


def part_of(live: Live, fields: Fields) -> Listener:
    """Return what has the targets: the listener, or its rule by LocationId, or by Domain and Url.

    `ApiError` ListenerIdNotFound or LocationNotFound: a rule is named where there is none, or none where there is one.
    """
    name = fields.text("ListenerId")
    listener = next((known for known in shown(live) if known.spec.id == name), None)
    if listener is None:
        raise ApiError("InvalidParameter.ListenerIdNotFound", f"ListenerId `{name}` not found")
    names = {key: fields.maybe_text(key) for key in ("LocationId", "Domain", "Url") if fields.has(key)}
    for part in listener.parts:
        if _is(part, names):
            return part
    raise ApiError(
        "InvalidParameter.LocationNotFound", f"listener {name} ({listener.protocol}) has no rule {names or ''}"
    )


def _is(part: Listener, names: dict[str, str | None]) -> bool:
    if part.rule is None:
        return not names
    if "LocationId" in names:
        return names["LocationId"] == part.rule.id
    return names == {"Domain": part.rule.domain, "Url": part.rule.url}


def listeners_of(live: Live, wanted: list[str], fields: Fields) -> list[Shown]:
    """Return the wanted listeners (all, if none), narrowed by Protocol and Port; InvalidParameter if one is unknown."""
    every = shown(live)
    if missing := [name for name in wanted if name not in {listener.spec.id for listener in every}]:
        raise ApiError("InvalidParameter", f"some ListenerId {missing} not found")
    protocol, port = fields.maybe_text("Protocol"), fields.maybe_number("Port", 1, 65535)
    return [
        listener
        for listener in every
        if (not wanted or listener.spec.id in wanted)
        and protocol in (None, listener.protocol)
        and (port is None or listener.port == port)
    ]
