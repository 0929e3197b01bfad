"""What goes wrong on purpose, per balancer. Every fault is asked for by name; there is no random one."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.lab.balancer.settings import BadSpec, TargetSpec

_COUNTS = ("latency_s", "reply_latency_s", "drop_responses", "drop_requests", "fail_tasks", "partial")
_WINDOWS = {"throttle_s": "throttled_until", "busy_s": "busy_until", "error_s": "broken_until"}


@dataclass(frozen=True, slots=True)
class OutsideChange:
    """Somebody else's change, straight into the balancer after `after_s` seconds (a cloud controller, a colleague).

    `weights` maps "listener/address:port" to a weight, `every` is the weight of all targets that are there then.
    """

    after_s: float = 0.0
    weights: Mapping[str, int] = field(default_factory=dict)
    every: int | None = None
    register: tuple[TargetSpec, ...] = ()  # on every listener
    deregister: tuple[str, ...] = ()  # "address:port", on every listener


@dataclass(frozen=True, slots=True)
class Order:
    """A request for faults; None leaves a fault as it is. `*_s` of a window count from now, in seconds."""

    clear: bool = False  # first take back every fault in force
    latency_s: float | None = None
    reply_latency_s: float | None = None
    throttle_s: float | None = None
    busy_s: float | None = None
    error_s: float | None = None
    drop_responses: int | None = None
    drop_requests: int | None = None
    fail_tasks: int | None = None
    partial: int | None = None
    partial_listeners: tuple[str, ...] = ()
    denied: tuple[str, ...] | None = None  # actions that the account may not call any more; () allows all again
    health: Mapping[str, str] = field(default_factory=dict)  # "address:port" -> alive | dead | none (the real check)
    outside: OutsideChange | None = None


@dataclass(slots=True)
class Faults:
    """The faults of one balancer that are in force. Windows are monotonic times, counts go down to 0."""

    latency_s: float = 0.0  # before a call is looked at
    reply_latency_s: float = 0.0  # after its effect
    throttled_until: float = 0.0
    busy_until: float = 0.0
    broken_until: float = 0.0  # every call is answered with InternalError
    drop_responses: int = 0  # writes that take effect and are never answered
    drop_requests: int = 0  # calls that are lost before any effect
    fail_tasks: int = 0  # writes whose task fails without any effect
    partial: int = 0  # writes whose rows of `partial_listeners` have no effect
    partial_listeners: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()  # actions that the account has no permission for
    health: dict[str, bool] = field(default_factory=dict)  # "address:port" -> what the check answers

    def obey(self, order: Order) -> None:
        """Bring the faults of `order` into force, or none of them (`BadSpec`); its `outside` is not carried out here."""
        forced = {target: _answer(text) for target, text in order.health.items()}
        now = time.monotonic()
        if order.clear:
            self._clear()
        for name in _COUNTS:
            if (value := getattr(order, name)) is not None:
                setattr(self, name, value)
        for name, until in _WINDOWS.items():
            if (value := getattr(order, name)) is not None:
                setattr(self, until, now + value)
        self.partial_listeners = order.partial_listeners or self.partial_listeners
        self.denied = self.denied if order.denied is None else order.denied
        for target, good in forced.items():
            self.health.pop(target, None)
            if good is not None:
                self.health[target] = good

    def view(self) -> dict[str, object]:
        """Return what is in force as JSON values; windows as the seconds left."""
        now = time.monotonic()
        left = {name: max(0.0, getattr(self, until) - now) for name, until in _WINDOWS.items()}
        counts = {name: getattr(self, name) for name in _COUNTS}
        health = {target: "alive" if good else "dead" for target, good in self.health.items()}
        listed = {"partial_listeners": list(self.partial_listeners), "denied": list(self.denied)}
        return counts | left | listed | {"health": health}

    def _clear(self) -> None:
        for name in _COUNTS:
            setattr(self, name, 0)
        for until in _WINDOWS.values():
            setattr(self, until, 0.0)
        self.partial_listeners = self.denied = ()
        self.health.clear()

    def throttled(self) -> bool:
        """Return whether the throttle window is open."""
        return time.monotonic() < self.throttled_until

    def busy(self) -> bool:
        """Return whether the busy window is open."""
        return time.monotonic() < self.busy_until

    def broken(self) -> bool:
        """Return whether the window of internal errors is open."""
        return time.monotonic() < self.broken_until

    def take(self, name: str) -> bool:
        """Use up one of a count; return whether there was one."""
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        return True


def _answer(text: str) -> bool | None:
    """Return what a check of a target answers from now on; None: the real answer."""
    known = {"alive": True, "dead": False, "none": None}
    if text not in known:
        raise BadSpec(f"$.health: {', '.join(known)} is needed, not {text!r}")
    return known[text]
