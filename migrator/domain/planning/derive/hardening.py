"""A derived DaemonSet that is safe from its first rolling update: what is missing, or surely too short, is added. Pure.

What the plan's own patch says is never touched: the checks tell when it is too short.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.hardening import Ground, Measure, What, harden
from migrator.domain.messages.message import say
from migrator.domain.model.change import Difference
from migrator.domain.model.manifests import Json, Manifest, items
from migrator.domain.planning.derive.compare import differences
from migrator.domain.planning.derive.strategic import patched

Hardened = tuple[Manifest, tuple[Difference, ...], tuple[Measure, ...]]

NOT_HERE = frozenset({What.ROLLING})
"""What the route sets itself: step Confirm restores a rolling update of one node at a time."""


def hardened(ground: Ground, own: Json) -> Hardened:
    """Give the workload with what it lacks, the differences with their reasons, and the measures. `own` is the plan's patch."""
    made = ground.workload
    said: list[Difference] = []
    taken: list[Measure] = []
    for measure in harden(ground).measures:
        if measure.what in NOT_HERE or speaks_of(own or {}, measure.patch):
            continue
        after = patched(made, measure.patch)
        said += differences(made, after, say("derived.hardened", numbers=measure.numbers, why=measure.reason), depth=9)
        taken.append(measure)
        made = after
    return made, tuple(said), tuple(taken)


def speaks_of(own: Json, ours: Json) -> bool:
    """Say whether a patch says anything of what another one would set; lists of named things are compared by name."""
    if isinstance(own, dict) and isinstance(ours, dict):
        return any(speaks_of(own[key], value) for key, value in ours.items() if key in own and key != "name")
    if isinstance(own, list) and isinstance(ours, list):
        return any(speaks_of(row, wanted) for row, wanted in _pairs(items(own), items(ours)))
    return True


def _pairs(own: Iterable[Manifest], ours: Iterable[Manifest]) -> list[tuple[Manifest, Manifest]]:
    wanted = {str(row.get("name")): row for row in ours}
    return [(row, wanted[name]) for row in own if (name := str(row.get("name"))) in wanted]
