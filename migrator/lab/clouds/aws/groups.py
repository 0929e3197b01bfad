"""Target groups over the balancer's model: which listener forwards to which, with what weight, and who is in them.

A group's members stand on every listener that forwards to it, tagged with its name; an unattached group keeps its own
and nobody checks them. Each listener begins with a group of what stands on it, and an empty, unattached one beside it.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from migrator.lab.balancer.model import Change, Key, Listener, Verb
from migrator.lab.clouds.aws.errors import ApiError
from migrator.lab.clouds.live import Live

ACCOUNT = "123456789012"
USUAL = 1  # the weight of a group that is given none


@dataclass(slots=True)
class Group:
    """A target group. `waiting` are members while no listener forwards to it; `draining` says until when (monotonic)."""

    name: str
    arn: str
    port: int
    attributes: dict[str, str]
    kind: str = "ip"
    waiting: dict[Key, str | None] = field(default_factory=dict)
    draining: dict[Key, float] = field(default_factory=dict)


class State:
    """The groups of one balancer and the forward action of each of its listeners."""

    def __init__(self, live: Live) -> None:
        """Begin with two groups for each listener; the one that is attached holds what stands there."""
        self.live = live
        self.groups: dict[str, Group] = {}
        self.forward: dict[str, dict[str, int]] = {}
        self.sticky: dict[str, bool] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        for listener in live.model.listeners.values():
            name = listener.spec.id
            old = self._add(listener, listener.spec.group or f"{live.model.spec.id}-{name}-old")
            self._add(listener, f"{live.model.spec.id}-{name}-new")
            weights = [target.weight for target in listener.targets.values()]
            self.forward[name] = {old.arn: max(weights, default=USUAL)}
            self.attributes[name] = {"tcp.idle_timeout.seconds": "350"}
            self.sticky[name] = listener.spec.session_expire_s > 0

    def _add(self, listener: Listener, name: str) -> Group:
        spec = listener.spec
        there = next((group for group in self.groups.values() if group.name == name), None)
        attributes = {
            "stickiness.enabled": str(spec.session_expire_s > 0).lower(),
            "stickiness.type": "source_ip",
            "deregistration_delay.timeout_seconds": "300",
            "deregistration_delay.connection_termination.enabled": str(spec.deregister_rst).lower(),
            "target_health_state.unhealthy.connection_termination.enabled": "true",
            "preserve_client_ip.enabled": "false",
            "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
        }
        kind = "ip" if spec.target_type == "NODE" else spec.target_type
        group = there or Group(name, self.arn("targetgroup", name), listener.port, attributes, kind)
        return self.groups.setdefault(group.arn, group)

    def arn(self, kind: str, name: str = "") -> str:
        """Return the ARN of a target group, a listener or (no name) the balancer itself."""
        here = f"arn:aws:elasticloadbalancing:{self.live.model.spec.region}:{ACCOUNT}"
        balancer = f"net/{self.live.model.spec.id}/{_hash(self.live.model.spec.id)}"
        if kind == "targetgroup":
            return f"{here}:targetgroup/{name}/{_hash(self.live.model.spec.id + name)}"
        return f"{here}:{kind}/{balancer}" + (f"/{_hash(name)}" if name else "")

    def listener(self, arn: str) -> Listener | None:
        """Return a listener by its ARN."""
        return next(
            (known for name, known in self.live.model.listeners.items() if self.arn("listener", name) == arn), None
        )

    def group(self, arn: str) -> Group:
        """Return a group by its ARN; `ApiError` TargetGroupNotFound."""
        if (known := self.groups.get(arn)) is None:
            raise ApiError(400, "TargetGroupNotFound", f"One or more target groups not found: {arn}")
        return known

    def at(self, group: Group) -> list[Listener]:
        """Return the listeners that forward to a group."""
        return [listener for name, listener in self.live.model.listeners.items() if group.arn in self.forward[name]]

    def on(self, listener: Listener, group: Group) -> dict[Key, str | None]:
        """Return a group's members on a listener that forwards to it, with their instance ids."""
        tag = self.tag(group)
        return {key: target.instance_id for key, target in listener.targets.items() if target.tag == tag}

    def members(self, group: Group) -> dict[Key, str | None]:
        """Return every target of a group, wherever it stands."""
        return next((self.on(listener, group) for listener in self.at(group)), group.waiting)

    def weights(self, listener: Listener) -> dict[str, int]:
        """Return weight by group of a listener. A weight that was changed on one member counts for its group."""
        by_group = {}
        for arn, weight in self.forward[listener.spec.id].items():
            seen = [listener.targets[key].weight for key in self.on(listener, self.groups[arn])]
            by_group[arn] = max(seen, default=weight)
        return by_group

    def forwarding(self, listener: Listener, wanted: dict[str, int]) -> list[Change]:
        """Return what a new forward action changes on its listener."""
        name, changes = listener.spec.id, list[Change]()
        for arn in self.forward[name].keys() - wanted.keys():
            changes += [Change(Verb.DEREGISTER, name, key) for key in self.on(listener, self.groups[arn])]
        for arn, weight in wanted.items():
            group = self.groups[arn]
            if arn in self.forward[name]:
                changes += [Change(Verb.WEIGH, name, key, weight) for key in self.on(listener, group)]
            else:
                changes += self.standing(listener, group, self.members(group), weight)
        return changes

    def follow(self, listener: Listener, wanted: dict[str, int]) -> None:
        """Forward as wanted from now on; a group that nobody forwards to any more keeps its members to itself."""
        gone = [self.groups[arn] for arn in self.forward[listener.spec.id].keys() - wanted.keys()]
        kept = {group.arn: self.members(group) for group in gone}
        changes = self.forwarding(listener, wanted)
        self.forward[listener.spec.id] = dict(wanted)
        for group in gone:
            group.waiting = {} if self.at(group) else kept[group.arn]
        self.live.change(changes)

    def standing(
        self, listener: Listener, group: Group, keys: dict[Key, str | None] | Iterable[Key], weight: int
    ) -> list[Change]:
        """Return the changes that put members of a group on a listener; its checks begin with that."""
        named = keys if isinstance(keys, dict) else dict.fromkeys(keys)
        tag, name = self.tag(group), listener.spec.id
        return [Change(Verb.REGISTER, name, key, weight, instance, tag) for key, instance in named.items()]

    def drained(self, group: Group) -> list[Key]:
        """Return the members that were deregistered and still drain."""
        group.draining = {key: until for key, until in group.draining.items() if until > time.monotonic()}
        return list(group.draining)

    def tag(self, group: Group) -> str | None:
        """Return how a group's members are marked; what stood there from the start has no mark."""
        return group.name if group.name.endswith("-new") else None


class States:
    """The state of every balancer of the process, made when it is first asked for."""

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: WeakKeyDictionary[Live, State] = WeakKeyDictionary()

    def of(self, live: Live) -> State:
        """Return a balancer's state."""
        if live not in self._kept:
            self._kept[live] = State(live)
        return self._kept[live]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
