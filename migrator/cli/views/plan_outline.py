"""A plan as lines that can be compared with another plan's: what was wanted, what was seen, and what follows from both.

Only what a reviewer decides on is in it, no ids and no times of day. Durations are seconds, as in JSON.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from migrator.cli.views.as_yaml import as_yaml
from migrator.cli.views.said import texts
from migrator.domain.model.manifests import ref_of
from migrator.wording import subject

if TYPE_CHECKING:
    from migrator.domain.planning.plan import Plan

AS_IN_THE_FILE = {"balancer": "loadBalancer", "waivers": "waive"}
"""Parts that the plan file calls otherwise."""


def apart(plan: Plan, other: Plan) -> list[str]:
    """Return how `plan` differs from `other`, as the lines of a unified diff without the header's names; none: not at all."""
    lines = difflib.unified_diff(_outline(other), _outline(plan), lineterm="", n=2)
    return list(lines)[2:]


def _outline(plan: Plan) -> list[str]:
    seen = plan.seen
    outline = {
        "spec": _camel(asdict(plan.spec)),
        "nodes": {node.name: node.address for node in sorted(seen.nodes, key=lambda node: node.name)},
        "old": {str(row.backend): row.weight for row in sorted(seen.old, key=lambda row: str(row.backend))},
        "new": sorted(str(backend) for backend in seen.coming),
        "findings": sorted(f"{row.severity.value} {row.code} {subject(row)}" for row in plan.findings),
        "shares": [{"share": row.share, "achieved": row.achieved, "writes": row.writes} for row in plan.forecast],
        "steps": texts(step.title for step in plan.steps),
        "changes": {str(change.ref): change.patch for change in plan.changes},
        "manifests": {str(ref_of(each)): each for each in plan.manifests if isinstance(each, dict)},
    }
    return as_yaml(outline).splitlines()


def _camel(value: Any) -> Any:
    """Return a part of the spec with its keys as the plan file has them."""
    if isinstance(value, dict):
        return {_key(key): _camel(inner) for key, inner in value.items()}
    return [_camel(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _key(name: str) -> str:
    return AS_IN_THE_FILE.get(name) or re.sub(r"_(\w)", lambda found: found[1].upper(), name)
