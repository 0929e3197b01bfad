"""The plan as lines of plain text: the template's diff, durations for people. No colour, no terminal."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import yaml

from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Json, mapping
from migrator.domain.planning.plan import Plan

SHORTEST = 60.0


def duration(seconds: float) -> str:
    """Give seconds as people say them: `8s`, `2m30s`, `1h05m`."""
    whole = round(seconds)
    if whole < SHORTEST:
        return f"{whole}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}m{rest:02d}s" if rest else f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m" if minutes else f"{hours}h"


def diff(found: Plan) -> list[str]:
    """Give the unified diff of the old workload's spec against the new one's, without the header's file names."""
    kinds = found.spec.source.kind, found.spec.target.kind
    made = next((m for m in found.manifests if isinstance(m, dict) and m.get("kind") == kinds[1]), None)
    if made is None:
        return []
    was, now = _yaml(mapping(found.seen.source, "spec")), _yaml(mapping(made, "spec"))
    lines = difflib.unified_diff(was, now, *kinds, lineterm="", n=2)
    return list(lines)[2:]


def placed(found: Plan) -> str:
    """Say where the new pods will be."""
    replicas = found.seen.scattered.replicas
    return f"{replicas} replicas, wherever there is room" if replicas else f"on {len(found.seen.nodes)} nodes"


def _yaml(value: Json) -> list[str]:
    return yaml.safe_dump(value, sort_keys=True, allow_unicode=True, width=100).splitlines()


def reasons(found: Sequence[Difference]) -> list[tuple[str, list[str]]]:
    """Give each reason with the paths it is for, in the order in which they first stand."""
    grouped: dict[str, list[str]] = {}
    for difference in found:
        grouped.setdefault(difference.reason, []).append(difference.path.removeprefix("spec.template."))
    return list(grouped.items())
