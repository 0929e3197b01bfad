"""EnvoyFilters, as far as a lab needs them: HTTP filters that are put before the others on the gateways they select.

Every other patch is passed over: what it would change is beyond the lab.
"""

from __future__ import annotations

from migrator.lab.controllers.api.matching import has_labels
from migrator.lab.controllers.api.objects import age_key, labels_of, namespace_of
from migrator.lab.controllers.api.resources import ENVOY_FILTERS, Json
from migrator.lab.controllers.api.writes import World

ROOT = "istio-system"
_BEFORE = frozenset({"INSERT_BEFORE", "INSERT_FIRST"})
_CONTEXTS = frozenset({"", "ANY", "GATEWAY"})


def http_filters(pod: Json, world: World) -> list[Json]:
    """Return the HTTP filters that EnvoyFilters give a pod, those of the oldest one first."""
    chosen = [item for item in world.all(ENVOY_FILTERS) if _selects(item, pod)]
    return [
        patch["patch"]["value"]
        for item in sorted(chosen, key=age_key)
        for patch in item["spec"].get("configPatches") or []
        if _inserts(patch)
    ]


def _selects(item: Json, pod: Json) -> bool:
    wanted = ((item.get("spec") or {}).get("workloadSelector") or {}).get("labels") or {}
    return namespace_of(item) in (namespace_of(pod), ROOT) and has_labels(wanted, labels_of(pod))


def _inserts(patch: Json) -> bool:
    what = patch.get("patch") or {}
    context = (patch.get("match") or {}).get("context", "")
    return patch.get("applyTo") == "HTTP_FILTER" and what.get("operation") in _BEFORE and context in _CONTEXTS
