"""How a balancer is set up, read from JSON. Unknown keys and wrong types are refused, never guessed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class BadSpec(ValueError):
    """A description of a balancer that cannot be used; the text names the key."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. A change accepted at t is visible at t + task_s and steers connections at t + propagation_s ± jitter_s."""

    task_s: float = 0.2
    propagation_s: float = 0.5
    jitter_s: float = 0.1
    delay_up_s: float = 0.0  # one way, client to balancer, per chunk; connects, FIN and RST travel with it
    delay_down_s: float = 0.0  # one way, balancer to client
    monitor_period_s: float = 60.0  # what one figure of the cloud's monitoring is about
    monitor_delay_s: float = 60.0  # from the end of a period until its figures are there


@dataclass(frozen=True, slots=True)
class HealthSpec:
    """How targets are checked: `http` (GET path on `port`), `tcp` (connect to the target's own port) or `off`."""

    kind: str = "http"
    port: int = 15021  # 0: the target's own port
    path: str = "/healthz/ready"
    interval_s: float = 0.5
    timeout_s: float = 0.5
    rise: int = 2
    fall: int = 2


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """A target that is there from the start, its weight in effect at once."""

    address: str
    port: int
    weight: int = 10
    instance_id: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One forwarding rule of an HTTP listener: which requests it takes, and targets of its own.

    `domain` is a host, `*.` and the end of one, or "" for any; `url` is how the path begins. What is only shown of a
    listener is only shown of a rule.
    """

    id: str
    domain: str = ""
    url: str = "/"
    scheduler: str = "WRR"
    session_expire_s: int = 0
    target_type: str = "NODE"
    fail_open: bool = True
    health: HealthSpec | None = None  # None: the balancer's
    targets: tuple[TargetSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class ListenerSpec:
    """One listener. `scheduler`, `session_expire_s` and `target_type` are shown, the data plane always does WRR.

    With `rules` it is an HTTP listener (layer 7): the rules have the targets, and what the listener says of them is void.
    """

    id: str
    port: int  # 0: any free one
    name: str = ""
    scheduler: str = "WRR"
    session_expire_s: int = 0
    target_type: str = "NODE"
    deregister_rst: bool = False  # reset the connections of a removed target
    reschedule_zero_weight: bool = False  # reset the connections of a target whose weight became 0
    reschedule_interval_s: float = 0.0  # how long after the change
    fail_open: bool = True  # no healthy target: use all weighted ones
    health: HealthSpec | None = None  # None: the balancer's
    group: str = ""  # Aliyun: the server group, which listeners may share; "": one of its own
    targets: tuple[TargetSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    keepalive: bool = False  # layer 7: connections to targets are kept and used again


@dataclass(frozen=True, slots=True)
class BalancerSpec:
    """One balancer: what its API shows and how its data plane behaves. `seed` fixes every random number."""

    id: str
    vip: str
    listeners: tuple[ListenerSpec, ...]
    name: str = ""
    region: str = "ap-guangzhou"
    timings: Timings = Timings()
    health: HealthSpec = HealthSpec()
    bind_quota: int = 2000  # targets of one listener, which Tencent sets per account (200 unless it was raised)
    instances: Mapping[str, str] = field(default_factory=dict)  # instance id -> private address
    pooled: bool = False  # AWS: weights belong to target groups, and a listener changes in one moment
    tags: Mapping[str, str] = field(default_factory=dict)  # AWS: of the balancer
    seed: int = 1


def read(kind: type[T], raw: object, where: str = "$") -> T:
    """Make a `kind` (one of the dataclasses above) of parsed JSON; `BadSpec` says where it is wrong."""
    if not isinstance(raw, Mapping):
        raise BadSpec(f"{where}: an object is needed, not {type(raw).__name__}")
    hints = get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]  # T is a dataclass
    if unknown := sorted(set(raw) - set(fields)):
        raise BadSpec(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(fields)}")
    missing = [n for n, f in fields.items() if n not in raw and _required(f)]
    if missing:
        raise BadSpec(f"{where}: {missing[0]!r} is missing")
    return kind(**{name: _value(hints[name], value, f"{where}.{name}") for name, value in raw.items()})


def _required(field: "dataclasses.Field[Any]") -> bool:  # Any: a field of any type
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _value(hint: Any, raw: object, where: str) -> object:  # Any: type hints have no common type
    origin = get_origin(hint)
    if origin is UnionType:
        return None if raw is None else _value(get_args(hint)[0], raw, where)
    if origin is tuple:
        if not isinstance(raw, list):
            raise BadSpec(f"{where}: a list is needed, not {type(raw).__name__}")
        return tuple(_value(get_args(hint)[0], item, f"{where}[{at}]") for at, item in enumerate(raw))
    if origin is not None:
        return _mapping(get_args(hint)[1], raw, where)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return read(hint, raw, where)
    return _scalar(hint, raw, where)


def _mapping(hint: type, raw: object, where: str) -> dict[str, object]:
    if not isinstance(raw, Mapping):
        raise BadSpec(f"{where}: an object is needed, not {type(raw).__name__}")
    return {str(name): _scalar(hint, value, f"{where}.{name}") for name, value in raw.items()}


def _scalar(hint: type, raw: object, where: str) -> object:
    if type(raw) is not hint and not (hint is float and type(raw) is int):
        raise BadSpec(f"{where}: {hint.__name__} is needed, not {raw!r}")
    if isinstance(raw, int | float) and raw < 0:
        raise BadSpec(f"{where}: {raw!r} is negative")
    return float(raw) if hint is float and isinstance(raw, int) else raw
