"""WasmPlugin and TrafficExtension: which traffic of a gateway they are for, by `match`: mode and ports. Pure.

Sources: `TrafficSelector` in extensions/v1alpha1/wasm.proto and extension_filter.proto ("for the gateway, the field should
be CLIENT or CLIENT_AND_SERVER"), TrafficExtension in traffic_extension.proto (Istio 1.30, alpha; supersedes WasmPlugin);
`matchTrafficSelectors` in pilot/pkg/model/extensions.go: one selector of the list is enough, and a gateway's port is the
one on which its listener listens.
"""

from __future__ import annotations

from migrator.domain.gateways.audit import Widening, operation, operations
from migrator.domain.gateways.istio.attach import by_selector, meaning
from migrator.domain.gateways.istio.proxy import Proxy, Sides
from migrator.domain.model.manifests import Json, Manifest, items, number, text

GATEWAY_MODES = frozenset({"", "UNDEFINED", "CLIENT", "CLIENT_AND_SERVER"})


def by_plugin(thing: Manifest, proxy: Proxy) -> bool:
    """Say whether a plugin selects this side, and is for some of its traffic."""
    return by_selector(thing, proxy) and _meets(thing, proxy)


def _meets(thing: Manifest, proxy: Proxy) -> bool:
    rows = items(thing, "spec", "match")
    return not rows or any(_for_gateways(row) and _on_ports(row, proxy) for row in rows)


def _for_gateways(row: Manifest) -> bool:
    return text(row, "mode") in GATEWAY_MODES


def _on_ports(row: Manifest, proxy: Proxy) -> bool:
    ports = ports_of(row)
    return not ports or bool(ports - proxy.foreign_ports)


def ports_of(row: Manifest) -> frozenset[int]:
    """Give the ports that a traffic selector names; none means any."""
    return frozenset(number(port, "number") for port in items(row, "ports")) - {0}


def partial(thing: Manifest, between: Sides) -> list[tuple[int, int]]:
    """Give (place of the selector, port to add) for each moving port that is named without its partner on the other side."""
    pairs = {**between.moved, **{new: old for old, new in between.moved.items()}}
    rows = items(thing, "spec", "match")
    if any(_for_gateways(row) and not ports_of(row) for row in rows):
        return []
    named = frozenset().union(*(ports_of(row) for row in rows if _for_gateways(row))) if rows else frozenset[int]()
    foreign = between.old.foreign_ports | between.new.foreign_ports
    return [
        (index, pairs[port])
        for index, row in enumerate(rows)
        for port in sorted(ports_of(row) & foreign & pairs.keys())
        if _for_gateways(row) and pairs[port] not in named
    ]


def means_old(thing: Manifest, between: Sides) -> bool:
    """Say whether it is the old side that a partial plugin means: the port that is missing is the new side's."""
    return partial(thing, between)[0][1] in between.old.foreign_ports


def widened_ports(thing: Manifest, between: Sides) -> Widening:
    """Give the operations that add the other side's ports beside those that are there."""
    rows: list[Json] = [
        operation("add", {"number": port}, "spec", "match", index, "ports", "-")
        for index, port in partial(thing, between)
    ]
    return operations(*rows)


def settled(thing: Manifest, between: Sides) -> Manifest:
    """Give what a plugin does, with the ports of the new side, so that two plugins can be compared."""
    made = meaning(thing)
    rows: list[Json] = []
    for row in items(thing, "spec", "match"):
        ports: list[Json] = [*sorted({between.moved.get(port, port) for port in ports_of(row)})]
        rows.append({**row, "ports": ports})
    return {**made, "match": rows} if rows else made
