"""A workload with a container of ours that gives its pod's row weight by itself."""

from __future__ import annotations

from migrator.domain.model.manifests import Json, Manifest, items, mapping, merged


def raising(found: Manifest) -> Manifest:
    """Give the workload with that container beside its own."""
    beside: list[Json] = [{"name": "off", "image": "m:1", "args": ["farewell", "--within", "20"]}]
    rows: list[Json] = [*items(found, "spec", "template", "spec", "containers"), *beside]
    return mapping(merged(found, {"spec": {"template": {"spec": {"containers": rows}}}}))
