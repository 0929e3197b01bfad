"""The selector audit as one value: every resource that chooses pods, against the old and the new side's. It judges nothing.

Kubernetes' own kinds come first, whatever the gateway is; then what the gateway's kind knows of its own resources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrator.domain.gateways.audit import (
    ONE_SIDED,
    Reach,
    Reached,
    merge_at,
    reach,
    widened_selector,
)
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import matches, namespace_of
from migrator.domain.model.manifests import Json, Manifest, labels, mapping, ref_of, selects, text
from migrator.domain.model.refs import here, source_ref, target_ref
from migrator.domain.model.subjects import pairs
from migrator.domain.planning.checks.cluster.mesh import entry_reach
from migrator.domain.planning.proposal import Proposal

BY_SELECTOR = (
    ("NetworkPolicy", "podSelector"),
    ("PodDisruptionBudget", "selector"),
    ("PodMonitor", "selector"),
)
"""Kinds that choose pods by a LabelSelector, and the field; an empty selector chooses every pod."""

OF_ONE_SIDE = frozenset({"PodDisruptionBudget"})
"""Kinds that count pods: one that counts both sides would let all old pods go at once (`scaling.py`)."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The matrix, and what is missing from it: kinds that we may not list, and kinds that this version does not know."""

    rows: tuple[Reached, ...] = ()
    unseen: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()


def audit(proposal: Proposal) -> Audit:
    """Give the whole audit."""
    strange = tuple(f"{kind}.{group}" for group, kind in proposal.world.strange)
    return Audit(matrix(proposal), tuple(proposal.world.unseen), strange)


def matrix(proposal: Proposal) -> tuple[Reached, ...]:
    """Give a row for every resource that was listed and can choose pods; none without a source."""
    if proposal.source is None:
        return ()
    return (
        *_services(proposal),
        *_entries(proposal),
        *_by_selector(proposal),
        *proposal.gateways.matrix(proposal),
    )


def _services(proposal: Proposal) -> Iterator[Reached]:
    """Services: who catches both is narrowed by Guard, and Retire leads them all to the new pods."""
    for service in proposal.world.all("Service"):
        old, new = here(service, proposal.spec)
        if old or new:
            wanted = labels(service, "spec", "selector")
            by_old, by_new = selects(wanted, proposal.old_labels), selects(wanted, proposal.new_labels)
            cell = reach(old and by_old, new and by_new)
            yield _meant(service, cell, pairs(wanted))


def _entries(proposal: Proposal) -> Iterator[Reached]:
    for entry in proposal.world.all("ServiceEntry"):
        wanted = labels(entry, "spec", "workloadSelector", "labels")
        yield _meant(entry, entry_reach(entry, proposal), pairs(wanted))
    old = {pod.ref.ip for pod in proposal.world.old.live}
    new = {node.address for node in proposal.nodes} if proposal.on_host else set[str]()
    for entry in proposal.world.all("WorkloadEntry"):
        address = text(entry, "spec", "address")
        yield _meant(entry, reach(address in old, address in new), (address,))


def _by_selector(proposal: Proposal) -> Iterator[Reached]:
    old, new = proposal.old_labels, proposal.new_labels
    for kind, field in BY_SELECTOR:
        for thing in proposal.world.all(kind):
            chosen = mapping(thing, "spec", field)
            sides = source_ref(proposal.spec), target_ref(proposal.spec)
            at_old, at_new = (_means_namespace(thing, side.namespace) for side in sides)
            if not (at_old or at_new):
                continue
            cell = reach(at_old and matches(chosen, old), at_new and matches(chosen, new))
            if kind in OF_ONE_SIDE:
                yield _meant(thing, cell, _words(chosen))
            else:
                wider = merge_at(widened_selector(chosen, old, new), "spec", field) if cell in ONE_SIDED else None
                yield Reached(ref_of(thing), cell, _by(_words(chosen)), wider, steers=True)


def _means_namespace(thing: Manifest, namespace: str) -> bool:
    chosen = mapping(thing, "spec", "namespaceSelector")
    named = chosen.get("matchNames")
    if chosen.get("any") is True:
        return True
    return namespace in named if isinstance(named, list) else namespace_of(thing) == namespace


def _words(selector: Json) -> tuple[str, ...]:
    rows = mapping(selector).get("matchExpressions")
    more = (str(rows),) if rows else ()
    return (*pairs(labels(selector, "matchLabels")), *more)


def _meant(thing: Manifest, cell: Reach, wanted: tuple[str, ...]) -> Reached:
    """Give a row of what leads to pods or counts them: while a run goes on it should mean the old ones alone."""
    return Reached(ref_of(thing), cell, _by(wanted), meant=cell is Reach.OLD)


def _by(wanted: tuple[str, ...]) -> Message | None:
    return say("reach.selector", labels=wanted) if wanted else None
