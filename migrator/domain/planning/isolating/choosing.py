"""Which labels a pod loses so that nothing chooses it any more: as few as do. Pure.

A gateway's own configuration may choose by labels, too (`configured.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.domain.model.kubernetes import matches
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, selects, text
from migrator.domain.planning.isolating.ground import Ground, owner_labels


@dataclass(frozen=True, slots=True)
class Chooser:
    """An object that chooses pods by labels: a LabelSelector, in the namespace of the pod."""

    name: str
    selector: Json

    def chooses(self, having: Mapping[str, str]) -> bool:
        """Say whether it chooses a pod with these labels."""
        return matches(self.selector, having)

    def keys(self, having: Mapping[str, str]) -> frozenset[str]:
        """Give the labels of the pod that it looks at and that may be taken."""
        named = {
            *labels(self.selector, "matchLabels"),
            *(text(r, "key") for r in items(self.selector, "matchExpressions")),
        }
        return frozenset(named & having.keys())


def choosers(ground: Ground) -> tuple[Chooser, ...]:
    """Give who chooses the pod now: its workload's controller, Services, disruption budgets."""
    having = owner_labels(ground)
    found = [Chooser(str(ground.workload.ref), dig(ground.manifest, "spec", "selector"))]
    for service in ground.services:
        chosen = labels(service, "spec", "selector")
        if selects(chosen, having):
            found.append(Chooser(_named("Service", service), {"matchLabels": dict(chosen)}))
    found += [
        Chooser(_named("PodDisruptionBudget", each), dig(each, "spec", "selector"))
        for each in ground.budgets
        if matches(dig(each, "spec", "selector"), having)
    ]
    return tuple(found)


def _named(kind: str, thing: Manifest) -> str:
    return f"{kind} {text(thing, 'metadata', 'name')}"


def taken(
    who: Iterable[Chooser], having: Mapping[str, str], kept: frozenset[str] = frozenset()
) -> tuple[str, ...] | None:
    """Give the labels to take and none of those `kept`, the one first by which most choose; None where no label that may be
    taken frees the pod."""
    left, gone = dict(having), []
    every = tuple(who)
    while busy := [each for each in every if each.chooses(left)]:
        counted: dict[str, int] = {}
        for key in (key for each in busy for key in each.keys(left) - kept):
            counted[key] = counted.get(key, 0) + 1
        if not counted:
            return None
        key = min(counted, key=lambda name: (-counted[name], name))
        gone.append(key)
        del left[key]
    return tuple(gone)
