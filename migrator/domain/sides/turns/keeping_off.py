"""Nodes that a DaemonSet is kept off by its own template: its controller ends the pod there and makes no other. Pure."""

from __future__ import annotations

from collections.abc import Collection

from migrator.domain.model.manifests import Json, Manifest, dig, items, text

REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
TERMS = ("spec", "template", "spec", "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
_NAME = "metadata.name"


def kept_off(workload: Json) -> frozenset[str]:
    """Give the names of the nodes that every term of a workload's required affinity excludes."""
    terms = [_excluded(term) for term in items(workload, *TERMS)]
    return frozenset.intersection(*terms) if terms else frozenset()


def keeping_off(workload: Json, names: Collection[str]) -> Json:
    """Give the merge patch by which a workload's pods are kept off these nodes, and off no other that we have excluded."""
    fields: list[Json] = [{"key": _NAME, "operator": "NotIn", "values": [name]} for name in sorted(names)]
    terms: list[Json] = [
        {**term, "matchFields": [*(row for row in items(term, "matchFields") if not _is_exclusion(row)), *fields]}
        for term in items(workload, *TERMS) or [{}]
    ]
    required: Manifest = {REQUIRED: {"nodeSelectorTerms": terms}}
    return {"spec": {"template": {"spec": {"affinity": {"nodeAffinity": required}}}}}


def _excluded(term: Manifest) -> frozenset[str]:
    rows = (row for row in items(term, "matchFields") if _is_exclusion(row))
    return frozenset(str(dig(row, "values", 0)) for row in rows)


def _is_exclusion(row: Manifest) -> bool:
    """Say whether a requirement excludes a node by its name: the API takes one name in each."""
    return text(row, "key") == _NAME and text(row, "operator") == "NotIn"
