"""The driver's calls as lines for Tencent's command line (TencentCloud/tencentcloud-cli: objects are given as JSON)."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.adapters.balancers.shell import batches, host, line, option, packed
from migrator.adapters.balancers.tencent.rows import elements, in_pool, listener_of, named
from migrator.domain.balancers.by_hand import ByHand, Write
from migrator.domain.model.actions import Deregister, Register, SetWeights
from migrator.domain.model.balancer import Backend
from migrator.domain.model.manifests import Json
from migrator.domain.model.spec import BalancerSpec

BATCH = 100


def look(spec: BalancerSpec) -> tuple[str, ...]:
    """Show targets with their weights, and their health."""
    listeners = list[Json](dict.fromkeys(listener_of(row.id) for row in spec.listeners))
    return (
        _call(spec, "DescribeTargets", "--LoadBalancerId", spec.id, "--ListenerIds", packed(listeners)),
        _call(spec, "DescribeTargetHealth", "--LoadBalancerIds", packed([spec.id])),
    )


def write(spec: BalancerSpec, action: Write) -> tuple[str, ...]:
    """Write what the driver would write."""
    match action:
        case SetWeights(rows):
            return tuple(_weights(spec, SetWeights(tuple(part))) for part in batches(rows, BATCH))
        case Register():
            return tuple(_named(spec, "BatchRegisterTargets", part, {"Weight": 0}) for part in _parts(action))
        case Deregister():
            return tuple(_named(spec, "BatchDeregisterTargets", part, {}) for part in _parts(action))


def _parts(action: Register | Deregister) -> tuple[Sequence[Backend], ...]:
    return tuple(batches(action.backends, BATCH))


def _weights(spec: BalancerSpec, action: SetWeights) -> str:
    changes: list[Json] = [
        {**in_pool(name), "Targets": [{**named(row.backend), "Weight": row.weight} for row in rows]}
        for name, rows in elements(action.rows)
    ]
    return _call(spec, "BatchModifyTargetWeight", "--LoadBalancerId", spec.id, "--ModifyList", packed(changes))


def _named(spec: BalancerSpec, call: str, backends: Sequence[Backend], more: dict[str, Json]) -> str:
    rows: list[Json] = [{**named(each), **in_pool(each.listener), **more} for each in backends]
    return _call(spec, call, "--LoadBalancerId", spec.id, "--Targets", packed(rows))


def _call(spec: BalancerSpec, call: str, *words: str) -> str:
    return line("tccli", "clb", call, "--region", spec.region, *option("--endpoint", host(spec.endpoint)), *words)


BY_HAND = ByHand(look, write)
