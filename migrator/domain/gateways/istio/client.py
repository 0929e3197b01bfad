"""Istio's configuration that means the client's address: rules that name addresses, and filters for PROXY protocol."""

from __future__ import annotations

from migrator.domain.gateways.istio import rules
from migrator.domain.gateways.istio.attach import by_selector
from migrator.domain.gateways.istio.filters import by_filter, patches
from migrator.domain.gateways.istio.proxy import sides
from migrator.domain.gateways.profile import Planned
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import Manifest, items, mapping, text

PROXY_FILTERS = frozenset({"envoy.filters.listener.proxy_protocol", "envoy.listener.proxy_protocol"})
"""The names of Envoy's listener filter for PROXY protocol, today's and the one before 1.14."""


def rules_by_client(planned: Planned) -> list[str]:
    """Give the policies of the old gateways that name client addresses."""
    old = sides(planned).old
    return [
        called(policy)
        for policy in planned.world.all("AuthorizationPolicy")
        if by_selector(policy, old) and any(rules.sources(policy))
    ]


def wants_proxy_protocol(planned: Planned) -> list[str]:
    """Give the filters of the old gateways that expect PROXY protocol."""
    old = sides(planned).old
    return [
        f"EnvoyFilter {called(row)}"
        for row in planned.world.all("EnvoyFilter")
        if by_filter(row, old) and _adds_filter(row)
    ]


def _adds_filter(thing: Manifest) -> bool:
    """Say whether a patch brings the filter: by itself, or in the list of a listener that it merges."""
    values = [mapping(patch, "patch", "value") for patch in patches(thing)]
    lists = ("listener_filters", "listenerFilters")
    brought = [*values, *(row for value in values for key in lists for row in items(value, key))]
    return any(text(row, "name") in PROXY_FILTERS for row in brought)
