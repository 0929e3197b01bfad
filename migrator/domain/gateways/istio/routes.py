"""VirtualService: the Gateways through which it goes, by every way to write their names, and its matches that tell proxies
apart. Pure.

Sources: `resolveGatewayName` in pilot/pkg/model/virtualservice.go (`edge`, `./edge`, `ns/edge`, `edge.ns`,
`edge.ns.svc.cluster.local`; `mesh` is the sidecars); `sourceMatchHTTP` in pilot/pkg/networking/core/route: a match that
names gateways does not look at `sourceLabels`; networking/v1alpha3/virtual_service.proto (`gateways` of a match override
those of the service; `delegate`). A match's `port` is the port of the Gateway's server, which does not move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from migrator.domain.gateways.audit import Reach, Widening, operation, operations, reach, shared
from migrator.domain.gateways.istio.proxy import Sides
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, text

PARTS = ("http", "tls", "tcp")
MESH = "mesh"

Place = tuple[str, int, int]
"""Where a match stands: http, tls or tcp; the route; the match."""


def resolved(name: str, own: str) -> str:
    """Give `namespace/name` for a Gateway's name as a VirtualService of the namespace `own` writes it."""
    where, slash, short = name.partition("/")
    if slash:
        return f"{own if where == '.' else where}/{short}"
    short, dot, rest = name.partition(".")
    return f"{rest.partition('.')[0]}/{short}" if dot else f"{own}/{name}"


def gateways_of(thing: Manifest, own: str) -> tuple[str, ...]:
    """Give the Gateways that a VirtualService or one of its matches names, in full; `mesh` is none."""
    named = dig(thing, "gateways")
    names = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    return tuple(resolved(name, own) for name in names if name != MESH)


def roots(routes: Sequence[Manifest]) -> dict[str, list[str]]:
    """Give, for each delegate (`namespace/name`), the Gateways of the VirtualServices that delegate to it."""
    found: dict[str, list[str]] = {}
    for route in routes:
        own = namespace_of(route)
        for part in items(route, "spec", "http"):
            if name := text(part, "delegate", "name"):
                key = f"{text(part, 'delegate', 'namespace') or own}/{name}"
                found.setdefault(key, []).extend(gateways_of(mapping(route, "spec"), own))
    return found


def through(route: Manifest, delegated: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Give the Gateways through which a VirtualService is reached: its own, or those of who delegates to it."""
    own = namespace_of(route)
    inherited = delegated.get(f"{own}/{name_of(route)}", [])
    return (*gateways_of(mapping(route, "spec"), own), *inherited)


def by_gateways(names: Sequence[str], reaches: Mapping[str, Reach]) -> tuple[bool, bool]:
    """Say whether the old and the new side have one of these Gateways."""
    cells = [reaches.get(name, Reach.NONE) for name in names]
    return (
        any(cell in (Reach.BOTH, Reach.OLD) for cell in cells),
        any(cell in (Reach.BOTH, Reach.NEW) for cell in cells),
    )


def apart(route: Manifest, reaches: Mapping[str, Reach], between: Sides) -> Iterator[tuple[Place, Reach]]:
    """Give the matches that one side alone passes, each with the side, of a VirtualService that both have."""
    own = namespace_of(route)
    for part in PARTS:
        for index, row in enumerate(items(route, "spec", part)):
            for number, match in enumerate(items(row, "match")):
                cell = reach(*_passes(match, own, reaches, between))
                if cell in (Reach.OLD, Reach.NEW):
                    yield (part, index, number), cell


def _passes(match: Manifest, own: str, reaches: Mapping[str, Reach], between: Sides) -> tuple[bool, bool]:
    if dig(match, "gateways"):
        return by_gateways(gateways_of(match, own), reaches)
    asked = labels(match, "sourceLabels").items()
    return asked <= between.old.having.items(), asked <= between.new.having.items()


def why(route: Manifest, place: Place) -> Message:
    """Return by what a match means one side alone."""
    part, index, number = place
    field = f"{part}[{index}].match[{number}]"
    match = _match(route, place)
    if dig(match, "gateways"):
        return say("reach.by-match", match=f"{field}.gateways")
    return say("reach.by-match", match=f"{field}.sourceLabels")


def _match(route: Manifest, place: Place) -> Manifest:
    part, index, number = place
    return items(items(route, "spec", part)[index], "match")[number]


def widening(route: Manifest, places: Sequence[Place], between: Sides) -> Widening | None:
    """Give the operations that let these matches mean both sides; none where a Gateway has to be widened instead."""
    both = shared(between.old.having, between.new.having)
    rows: list[Json] = []
    for place in places:
        match = _match(route, place)
        if dig(match, "gateways"):
            return None
        kept: Json = {k: v for k, v in labels(match, "sourceLabels").items() if both.get(k) == v}
        part, index, number = place
        rows.append(operation("replace", kept, "spec", part, index, "match", number, "sourceLabels"))
    return operations(*rows)
