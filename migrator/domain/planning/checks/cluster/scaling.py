"""Checks of what others count: disruption budgets and autoscalers that take the new pods into their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrator.domain.hardening.rollout import needs_scale
from migrator.domain.messages.findings import Finding, info, warn
from migrator.domain.model.kubernetes import called, matches, namespace_of
from migrator.domain.model.manifests import Json, Manifest, items, mapping, number, text
from migrator.domain.model.refs import here, source_ref
from migrator.domain.planning.proposal import Proposal


def budgets_count_right(proposal: Proposal) -> Iterable[Finding]:
    """A budget over both sides lets too many old pods go; one in percent stops working once it meets a DaemonSet's pods."""
    if proposal.source is None:
        return
    old, new = proposal.old_labels, proposal.new_labels
    for budget in proposal.world.all("PodDisruptionBudget"):
        chosen = mapping(budget, "spec", "selector")
        at_old, at_new = here(budget, proposal.spec)
        if at_new and matches(chosen, new):
            yield from _budget(budget, at_old and matches(chosen, old))


def _budget(budget: Manifest, both: bool) -> Iterator[Finding]:
    subject, spec = f"PodDisruptionBudget {called(budget)}", mapping(budget, "spec")
    if needs_scale(budget):
        yield warn("arithmetic.pdb-percentage", subject, bounds=_bounds(spec))
    elif both:
        yield warn("arithmetic.pdb-counts-both", subject, bounds=_bounds(spec))


def _bounds(spec: Json) -> tuple[str, ...]:
    return tuple(f"{key} {value}" for key, value in mapping(spec).items() if key in ("minAvailable", "maxUnavailable"))


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
                metrics=tuple(counted or ["Resource cpu"]),
                least=number(scaler, "spec", "minReplicas") or 1,
                most=number(scaler, "spec", "maxReplicas"),
            )


_AVERAGED = frozenset({"Resource", "ContainerResource", "Pods"})


def vertical_scalers_rest(proposal: Proposal) -> Iterable[Finding]:
    """A VerticalPodAutoscaler evicts pods to change what they ask for, and sets nothing for the new workload."""
    spec = proposal.spec
    for scaler in proposal.world.all("VerticalPodAutoscaler"):
        target = mapping(scaler, "spec", "targetRef")
        ours = (text(target, "kind"), text(target, "name")) == (spec.source.kind, spec.source.name)
        mode = text(scaler, "spec", "updatePolicy", "updateMode") or "Auto"
        if ours and namespace_of(scaler) == source_ref(spec).namespace and mode != "Off":
            yield warn("arithmetic.vpa", f"VerticalPodAutoscaler {called(scaler)}", mode=mode)


def scaled_objects_are_known(proposal: Proposal) -> Iterable[Finding]:
    """KEDA owns the HPA it made and resets what is patched there: the ScaledObject itself must be pinned."""
    for scaled in proposal.scaled:
        floor = number(scaled, "spec", "minReplicaCount")
        yield info(
            "arithmetic.keda" if floor else "arithmetic.keda:to-zero",
            f"ScaledObject {called(scaled)}",
            least=floor,
            most=number(scaled, "spec", "maxReplicaCount") or 100,
        )
