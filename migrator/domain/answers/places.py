"""Where each side answers: its backends with the pods behind them. A side's living pods are meant, not those of plan time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from migrator.domain.answers.trial import Place
from migrator.domain.model.balancer import Backend, ProbeWay, Side
from migrator.domain.model.spec import ListenerSpec
from migrator.domain.model.workload import Workload

NO_WAYS: Mapping[str, ProbeWay] = {}
"""Nothing was found out about the listeners: what the plan says of each holds."""


def places(
    side: Side,
    listeners: Sequence[ListenerSpec],
    backends: Iterable[Backend],
    workload: Workload,
    ways: Mapping[str, ProbeWay] = NO_WAYS,
) -> tuple[Place, ...]:
    """Give a place for each backend of the plan's listeners; one that is dialled at a pod's own address knows its pod.

    `ways` says how our own requests ask a listener's backends: one that speaks no HTTP, or that nobody may ask, has no place.
    """
    ports = {row.id: row.port for row in listeners if ways.get(row.id, row.probe) not in (ProbeWay.TCP, ProbeWay.NONE)}
    spoken = {row.id: ways.get(row.id, row.probe).introduced for row in listeners}
    pods = {pod.ref.ip: pod.ref for pod in workload.live if pod.ref.ip}
    return tuple(
        Place(side, at.listener, ports[at.listener], at.address, at.port, pods.get(at.address), spoken[at.listener])
        for at in sorted(set(backends))
        if at.listener in ports
    )


def living(rows: Sequence[Backend], workload: Workload) -> tuple[Backend, ...]:
    """Give a side's backends as they are now: where they are pods' own addresses, every Ready pod on every port of them."""
    ready = [pod for pod in workload.live if pod.ready and pod.ref.ip]
    addresses = {pod.ref.ip for pod in workload.pods}
    if not any(row.address in addresses for row in rows):
        return tuple(rows)
    doors = dict.fromkeys((row.listener, row.port) for row in rows)
    return tuple(Backend(listener, pod.ref.ip, port) for listener, port in doors for pod in ready)
