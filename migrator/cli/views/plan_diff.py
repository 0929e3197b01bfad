"""What the new workload's spec has that the old one's has not, as lines of a unified diff. No colour, no terminal."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import yaml

from migrator.domain.model.manifests import Json, mapping, merged

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan


def diff(plan: Plan) -> list[str]:
    """Return the diff of the old workload's spec against the new one's, without the header's file names."""
    kinds = plan.spec.source.kind, plan.spec.target.kind
    new = next((m for m in plan.manifests if isinstance(m, dict) and m.get("kind") == kinds[1]), None)
    if new is None:
        return []
    was, now = _yaml(mapping(plan.seen.source, "spec")), _yaml(mapping(new, "spec"))
    lines = difflib.unified_diff(was, now, *kinds, lineterm="", n=2)
    return list(lines)[2:]


def of_template(plan: Plan) -> list[str]:
    """Return the diff of the template that a restart writes against the former one, without the header's file names."""
    _, change = plan.changes
    was = mapping(plan.seen.source, "spec", "template")
    now = merged(was, mapping(change.patch, "spec", "template"))
    lines = difflib.unified_diff(_yaml(was), _yaml(now), "was", "now", lineterm="", n=2)
    return list(lines)[2:]


def _yaml(value: Json) -> list[str]:
    return yaml.safe_dump(value, sort_keys=True, allow_unicode=True, width=100).splitlines()
