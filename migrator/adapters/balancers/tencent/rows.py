"""What Tencent's rows are in our words: which pool a target belongs to, who it is, how it is named. Pure; it asks nothing.

A pool is what has targets and weights of its own: a layer-4 listener (`lbl-80`), or one forwarding rule of a layer-7
listener (`lbl-80/loc-1a2b`: its id, and the rule's). Everything else of the driver is the same for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.adapters.balancers.access.strict import port
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.manifests import Json, dig, items, text

LAYER_7 = ("HTTP", "HTTPS")
OF_A_RULE = "/"
PER_ELEMENT = 50
PER_READ = 20

Row = dict[str, Json]


def pool(listener: Row, rule: Row) -> str:
    """Give the pool of a rule. What DescribeTargetHealth nests under a layer-4 listener is no rule of it."""
    name, layer_7 = text(listener, "ListenerId"), text(listener, "Protocol") in LAYER_7
    return f"{name}{OF_A_RULE}{text(rule, 'LocationId')}" if layer_7 else name


def parts(listener: Row) -> Iterator[tuple[str, Row]]:
    """Give (pool, what it is described by): each rule of a layer-7 listener, or the layer-4 listener itself."""
    if text(listener, "Protocol") in LAYER_7:
        yield from ((pool(listener, rule), rule) for rule in items(listener, "Rules"))
    else:
        yield text(listener, "ListenerId"), listener


def listener_of(name: str) -> str:
    """Give the listener's id of a pool."""
    return name.partition(OF_A_RULE)[0]


def in_pool(name: str) -> Row:
    """Name a pool in a write: its listener, and its rule where it is one."""
    listener, _, rule = name.partition(OF_A_RULE)
    return {"ListenerId": listener, "LocationId": rule} if rule else {"ListenerId": listener}


def backend(name: str, row: Row) -> Backend | None:
    """Give a target's backend: bound by instance (its id is the ref) or by private IP."""
    address = dig(row, "PrivateIpAddresses", 0)
    if not isinstance(address, str):
        return None
    instance = text(row, "InstanceId") if text(row, "Type") == "CVM" else ""
    return Backend(name, address, port(row, "Port"), instance)


def named(target: Backend) -> Row:
    """Name a backend as it was bound: by InstanceId where it has one, else by its address."""
    name: Row = {"InstanceId": target.ref} if target.ref else {"EniIp": target.address}
    return {**name, "Port": target.port}


def elements(rows: Sequence[Weighted]) -> Iterator[tuple[str, Sequence[Weighted]]]:
    """Give the rows by pool, in their order, at most 50 in an element. All elements are one task of the vendor."""
    grouped: dict[str, list[Weighted]] = {}
    for row in rows:
        grouped.setdefault(row.backend.listener, []).append(row)
    for name, group in grouped.items():
        for start in range(0, len(group), PER_ELEMENT):
            yield name, group[start : start + PER_ELEMENT]


def by_reads(listeners: Sequence[str]) -> Iterator[list[Json]]:
    """Give the listeners in parts that one read takes."""
    for start in range(0, len(listeners), PER_READ):
        yield list(listeners[start : start + PER_READ])
