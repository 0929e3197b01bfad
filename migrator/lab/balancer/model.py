"""What a balancer is: listeners with targets. This is the truth the APIs show; the data plane follows it later.

It checks nothing: limits and refusals belong to the API of each cloud.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from migrator.lab.balancer.settings import BalancerSpec, ListenerSpec, RuleSpec


class Health(StrEnum):
    """What the health checker thinks of a target."""

    ALIVE = "alive"
    DEAD = "dead"
    UNKNOWN = "unknown"  # not checked often enough yet
    OFF = "off"  # checks are switched off


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Who a target is, on one listener: the address and port the balancer dials."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"{self.address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Target:
    """One target as the API shows it. `instance_id` is None for a target bound by address."""

    key: Key
    weight: int
    registered_at: datetime
    instance_id: str | None = None
    tag: str | None = None


@dataclass(slots=True)
class Listener:
    """What has targets of its own: a port of the balancer, or one forwarding rule of a port (then `spec.id` is its name)."""

    spec: ListenerSpec
    port: int  # the real one, where the spec says 0 (any)
    created_at: datetime
    targets: dict[Key, Target] = field(default_factory=dict)
    rule: RuleSpec | None = None


def rule_name(listener: str, rule: str) -> str:
    """Return the name under which a rule stands among the listeners of its balancer."""
    return f"{listener}/{rule}"


@dataclass(slots=True)
class Balancer:
    """One balancer by id."""

    spec: BalancerSpec
    created_at: datetime
    listeners: dict[str, Listener] = field(default_factory=dict)

    def find(self, address: str, port: int) -> list[tuple[Listener, Target]]:
        """Return every listener's target at address:port."""
        key = Key(address, port)
        return [(listener, listener.targets[key]) for listener in self.listeners.values() if key in listener.targets]


class Verb(StrEnum):
    """What a change does to its target."""

    REGISTER = "register"  # or overwrite, where it is registered already
    WEIGH = "weigh"
    DEREGISTER = "deregister"


@dataclass(frozen=True, slots=True)
class Change:
    """One absolute change of one target on one listener. Doing it twice is doing it once."""

    verb: Verb
    listener: str
    key: Key
    weight: int = 0
    instance_id: str | None = None
    tag: str | None = None


def apply(balancer: Balancer, changes: Iterable[Change], now: datetime) -> list[Change]:
    """Make `changes` visible in `balancer`; give those that had an effect (a target gone meanwhile has none)."""
    return [change for change in changes if _applied(balancer.listeners[change.listener].targets, change, now)]


def _applied(targets: dict[Key, Target], change: Change, now: datetime) -> bool:
    there = targets.get(change.key)
    if change.verb is Verb.DEREGISTER:
        return targets.pop(change.key, None) is not None
    if change.verb is Verb.WEIGH and there is None:
        return False
    kept = there or Target(change.key, 0, now, change.instance_id, change.tag)
    tag = change.tag if change.verb is Verb.WEIGH and change.tag is not None else kept.tag
    targets[change.key] = Target(kept.key, change.weight, kept.registered_at, kept.instance_id, tag)
    return True
