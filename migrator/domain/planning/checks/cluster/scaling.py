"""Checks of what others count: disruption budgets and autoscalers that take the new pods into their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.messages.findings import Finding
from migrator.domain.model.kubernetes import called, matches, namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, mapping, number, text
from migrator.domain.model.worded import info, listed, warn
from migrator.domain.planning.proposal import Proposal


def budgets_count_right(proposal: Proposal) -> Iterable[Finding]:
    """A budget over both sides lets too many old pods go; one in percent stops working once it meets a DaemonSet's pods."""
    if proposal.source is None:
        return
    old, new = proposal.old_labels, proposal.new_labels
    for budget in proposal.world.all("PodDisruptionBudget"):
        chosen = mapping(budget, "spec", "selector")
        if namespace_of(budget) == proposal.spec.cluster.namespace and matches(chosen, new):
            yield from _budget(budget, matches(chosen, old))


def _budget(budget: Manifest, both: bool) -> Iterator[Finding]:
    subject, spec = f"PodDisruptionBudget {called(budget)}", mapping(budget, "spec")
    if _needs_scale(spec):
        yield warn(
            "arithmetic.pdb-percentage",
            subject,
            "counts in percent or by maxUnavailable, which needs the scale of every controller, and a DaemonSet has none: it "
            "would allow no eviction at all, so no node with a gateway could be drained",
            _bounds(spec),
            "give it an integer minAvailable, or let its selector name the old pods only",
        )
    elif both:
        yield warn(
            "arithmetic.pdb-counts-both",
            subject,
            "counts old and new pods together: with the new ones Ready, every old pod may be evicted at once",
            _bounds(spec),
            "cordon no node of the old side during the run, or raise minAvailable by the number of new pods for it",
        )


def _needs_scale(spec: Json) -> bool:
    allowed = mapping(spec)
    return "maxUnavailable" in allowed or isinstance(allowed.get("minAvailable"), str)


def _bounds(spec: Json) -> str:
    return ", ".join(
        f"{key} {value}" for key, value in mapping(spec).items() if key in ("minAvailable", "maxUnavailable")
    )


def scalers_count_right(proposal: Proposal) -> Iterable[Finding]:
    """An HPA averages over every pod that its Deployment's selector matches, the idle new ones included."""
    if proposal.source is None or not matches(mapping(proposal.source, "spec", "selector"), proposal.new_labels):
        return
    for scaler in proposal.scalers:
        counted = [kind for row in items(scaler, "spec", "metrics") if (kind := text(row, "type")) in _AVERAGED]
        if counted or not items(scaler, "spec", "metrics"):
            yield warn(
                "arithmetic.hpa-averages-both",
                f"HorizontalPodAutoscaler {called(scaler)}",
                "averages over old and new pods, for the Deployment's selector matches both: Guard keeps it from shrinking the "
                "old side, but it will not grow it either while the new pods are idle",
                f"metrics {listed(counted or ['Resource cpu'])}, replicas {number(scaler, 'spec', 'minReplicas') or 1} "
                f"to {number(scaler, 'spec', 'maxReplicas')}",
                "start the run outside the peak, or raise minReplicas to what the peak needs first",
            )


_AVERAGED = frozenset({"Resource", "ContainerResource", "Pods"})


def scaled_objects_are_known(proposal: Proposal) -> Iterable[Finding]:
    """KEDA owns the HPA it made and resets what is patched there: the ScaledObject itself must be pinned."""
    for scaled in proposal.scaled:
        floor = number(scaled, "spec", "minReplicaCount")
        yield info(
            "arithmetic.keda",
            f"ScaledObject {called(scaled)}",
            "KEDA scales the old side; Guard pins it there, for KEDA writes its HPA anew"
            + ("" if floor else ". Unpinned it could scale to zero when its traffic has left"),
            f"minReplicaCount {floor}, maxReplicaCount {number(scaled, 'spec', 'maxReplicaCount') or 100}",
            "",
        )
