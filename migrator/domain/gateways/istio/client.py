"""Istio's configuration that means the client's address: rules that name addresses, and filters for PROXY protocol."""

from __future__ import annotations

from migrator.domain.gateways.istio.configuration import sides
from migrator.domain.gateways.istio.reach import by_filter, by_selector
from migrator.domain.gateways.profile import Planned
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, dig, items, mapping

PROXY_FILTER = "envoy.filters.listener.proxy_protocol"


def rules_by_client(planned: Planned) -> list[str]:
    """Give the policies of the old gateways that name client addresses."""
    old, _ = sides(planned)
    return [
        called(policy)
        for policy in planned.world.all("AuthorizationPolicy")
        if by_selector(policy, old)
        and any(_names_addresses(row) for rule in items(policy, "spec", "rules") for row in items(rule, "from"))
    ]


def _names_addresses(row: Manifest) -> bool:
    source = mapping(row, "source")
    return any(key in source for key in ("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks"))


def wants_proxy_protocol(planned: Planned) -> list[str]:
    """Give the filters of the old gateways that expect PROXY protocol."""
    old, _ = sides(planned)
    return [
        f"EnvoyFilter {called(row)}"
        for row in planned.world.all("EnvoyFilter")
        if by_filter(row, old) and _adds_filter(row)
    ]


def _adds_filter(thing: Manifest) -> bool:
    names = [dig(patch, "patch", "value", "name") for patch in items(thing, "spec", "configPatches")]
    return PROXY_FILTER in names
