"""EnvoyFilter: which of its patches meet which side, and the same patch for the other side. Pure.

Sources: networking/v1alpha3/envoy_filter.proto (`EnvoyConfigObjectMatch`) and pilot/pkg/networking/core/envoyfilter: a
listener is matched by the port of its address and by its name `0.0.0.0_8080` (listener_patch.go); a route configuration by
its name `http.8080`, which holds the listening port, while its `portNumber` means the port of a Service or of the Gateway's
server, which does not move (rc_patch.go, `anyPortMatches`); `https.…` and virtual hosts are named by the Gateway's port.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence

from migrator.domain.gateways.audit import Widening, operation, operations
from migrator.domain.gateways.istio.attach import by_filter_selector
from migrator.domain.gateways.istio.proxy import Proxy, Sides
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping, number, text

_PORT_IN_NAME = re.compile(r"^(0\.0\.0\.0_|\[?::\]?_|http\.)(\d{1,5})(?=$|\.)")
NAMES = (("listener", "name"), ("routeConfiguration", "name"))


def by_filter(thing: Manifest, proxy: Proxy) -> bool:
    """Say whether a filter selects this side, and at least one of its patches meets a gateway of it."""
    return by_filter_selector(thing, proxy) and any(meets(patch, proxy) for patch in patches(thing))


def patches(thing: Manifest) -> list[Manifest]:
    """Give a filter's patches."""
    return items(thing, "spec", "configPatches")


def meets(patch: Manifest, proxy: Proxy) -> bool:
    """Say whether one patch can meet a gateway of this side: its context, its port, and what the proxy says of itself."""
    if text(patch, "match", "context") not in ("", "ANY", "GATEWAY"):
        return False
    asked = labels(patch, "match", "proxy", "metadata")
    return (
        not (named_ports(mapping(patch, "match")) & proxy.foreign_ports)
        and all(proxy.may_be(key, value) for key, value in asked.items())
        and of_version(text(patch, "match", "proxy", "proxyVersion"), proxy.version)
    )


def of_version(pattern: str, version: str) -> bool:
    """Say whether a version matches `proxyVersion`; an unknown version may, and a pattern that is none is nobody's."""
    if not pattern or not version:
        return True
    try:
        return re.search(pattern, version) is not None
    except re.error:
        return True


def named_ports(match: Json) -> frozenset[int]:
    """Give the listening ports that a match names: by number, by listener (`0.0.0.0_8080`) or by route (`http.8080`)."""
    ports = {number(match, "listener", "portNumber")}
    names = (text(match, *path) for path in NAMES)
    found = (_PORT_IN_NAME.match(name) for name in names)
    return frozenset({*ports, *(int(each[2]) for each in found if each)} - {0})


def one_sided(thing: Manifest, between: Sides) -> Iterator[int]:
    """Give the places of the patches that only one side meets, of a filter that selects both."""
    for index, patch in enumerate(patches(thing)):
        if meets(patch, between.old) is not meets(patch, between.new):
            yield index


def why(patch: Manifest, index: int, between: Sides) -> Message:
    """Return by what a patch means one side alone."""
    place = f"configPatches[{index}]"
    asked = labels(patch, "match", "proxy", "metadata")
    apart = [
        f"{key}={value}"
        for key, value in asked.items()
        if between.old.may_be(key, value) is not between.new.may_be(key, value)
    ]
    if apart:
        return say("reach.by-proxy", patch=place, metadata=tuple(apart))
    if named_ports(mapping(patch, "match")) & (between.old.foreign_ports | between.new.foreign_ports):
        return say("reach.by-port", patch=place)
    return say("reach.by-version", patch=place, pattern=text(patch, "match", "proxy", "proxyVersion"))


def mirrored(patch: Manifest, between: Sides) -> Manifest | None:
    """Give the patch that means the other side as this one means its own; None where nobody can name the other side yet."""
    towards_new = meets(patch, between.old)
    here, there = (between.old, between.new) if towards_new else (between.new, between.old)
    ports = between.moved if towards_new else {new: old for old, new in between.moved.items()}
    made = copy.deepcopy(patch)
    match = mapping(made, "match")
    _move(match, ports)
    if not _renamed(mapping(match, "proxy", "metadata"), there):
        return None
    pattern = text(match, "proxy", "proxyVersion")
    if not of_version(pattern, there.version):
        mapping(match, "proxy")["proxyVersion"] = f"^{re.escape(there.version)}"
    return made if meets(made, there) and here != there else None


def _move(match: Manifest, ports: Mapping[int, int]) -> None:
    listener = mapping(match, "listener")
    port = number(listener, "portNumber")
    if port in ports:
        listener["portNumber"] = ports[port]
    for part, key in NAMES:
        found = _PORT_IN_NAME.match(text(match, part, key))
        if found and int(found[2]) in ports:
            holder = mapping(match, part)
            holder[key] = f"{found[1]}{ports[int(found[2])]}{text(holder, key)[found.end() :]}"


def _renamed(asked: Manifest, there: Proxy) -> bool:
    """Let metadata name the other side; say whether that can be done."""
    for key, value in asked.items():
        if isinstance(value, str) and not there.may_be(key, value):
            known = there.metadata.get(key, frozenset())
            if len(known) != 1:
                return False
            asked[key] = next(iter(known))
    return True


def has_twin(patch: Manifest, filters: list[Manifest], between: Sides) -> bool:
    """Say whether the other side gets the same by a patch of its own, in this filter or in another."""
    here, there = (between.old, between.new) if meets(patch, between.old) else (between.new, between.old)
    wanted = mirrored(patch, between)
    others = (each for row in filters if by_filter_selector(row, there) for each in patches(row))
    return any(
        each == wanted or (meets(each, there) and not meets(each, here) and mirrored(each, between) == patch)
        for each in others
    )


def widening(thing: Manifest, alone: Sequence[int], between: Sides) -> Widening | None:
    """Give the operations that add a twin for each of these patches; None where one of them cannot be made yet."""
    made = [mirrored(patches(thing)[index], between) for index in alone]
    twins = [each for each in made if each is not None]
    if len(twins) < len(made):
        return None
    return operations(*(operation("add", twin, "spec", "configPatches", "-") for twin in twins))


def settled(thing: Manifest, between: Sides) -> list[Json]:
    """Give a filter's patches with the ports of the new side, so that two filters can be compared."""
    made = copy.deepcopy(patches(thing))
    for patch in made:
        _move(mapping(patch, "match"), between.moved)
    return [*made]
