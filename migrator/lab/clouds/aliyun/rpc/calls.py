"""What every action has in common: the call itself, the balancer it is about, and the API it belongs to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.lab.clouds.aliyun.rpc.parameters import Parameters
from migrator.lab.clouds.aliyun.rpc.rates import Quota
from migrator.lab.clouds.fleet import Fleet
from migrator.lab.clouds.live import Live

Json = dict[str, Any]  # Any: JSON values


@dataclass(frozen=True, slots=True)
class Call:
    """One verified call. `id` becomes its RequestId; `body` is what a client token stands for."""

    id: str
    fleet: Fleet
    parameters: Parameters
    body: bytes
    action: str


Action = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One API: its actions and quota, which balancer a call is about, its word for busy, and a write's rows.

    `denied` is its code for a call without permission; `busy` raises while the balancer, or what the call would change, is
    not free; rows are for the record only.
    """

    reads: Mapping[str, Action]
    writes: Mapping[str, Action]
    quota: Quota
    meant: Callable[[Call], Live | None]
    busy: Callable[[Call, Live], None]
    rows: Callable[[Call], list[Json]]
    denied: str = "Forbidden.RAM"
