"""How often an Envoy merges what it timed, read from its config dump. Pure."""

from __future__ import annotations

import re

from migrator.domain.model.manifests import Json, items, mapping, text

USUAL = 5.0
"""Seconds between two flushes where the bootstrap says nothing (Envoy's bootstrap.proto, `stats_flush_interval`)."""

_SECONDS = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)s")


def flush_of(dump: Json) -> float | None:
    """Give the seconds between two merges of a gateway's histograms; None: there is no bootstrap, or it merges when asked
    (`stats_flush_on_admin`)."""
    sections = (row for row in items(dump, "configs") if text(row, "@type").endswith(".BootstrapConfigDump"))
    bootstrap = next((mapping(row, "bootstrap") for row in sections), {})
    if not bootstrap or bootstrap.get("stats_flush_on_admin") is True:
        return None
    said = text(bootstrap, "stats_flush_interval")
    found = _SECONDS.fullmatch(said)
    if found is None:
        return None if said else USUAL
    return float(found[1]) or None
