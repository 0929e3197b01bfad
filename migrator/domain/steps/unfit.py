"""Why a side must not be given (more) traffic: pods that are missing, backends that are not healthy or lead nowhere."""

from __future__ import annotations

from migrator.domain.model.balancer import Health, Pools, Side
from migrator.domain.model.change import Node
from migrator.domain.model.findings import Finding, Severity
from migrator.domain.model.pod_targets import PodTargets, left_by, reached
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sighting import Sighting


def unfit(gaining: Workload, nodes: tuple[Node, ...], scattered: PodTargets, pools: Pools) -> list[Finding]:
    """Say why the new side must not be given (more) traffic: pods are missing, or its backends are not those of its pods."""
    return short(gaining, nodes, scattered) + astray(gaining, scattered, pools)


def short(gaining: Workload, nodes: tuple[Node, ...], scattered: PodTargets) -> list[Finding]:
    """Say which pods are missing: a node of the plan without a serving one, or fewer of them than the plan's replicas."""
    ready = [pod for pod in gaining.live if pod.ready]
    serving = {pod.ref.node for pod in ready}
    missing = [node.name for node in nodes if node.name not in serving]
    lacking = max(0, scattered.replicas - len(ready))
    if not missing and not lacking:
        return []
    wanted = len(nodes) or scattered.replicas
    problem = f"{wanted - len(missing) - lacking} of {wanted} new gateways are serving"
    remedy = "see `kubectl describe` for the others, then `migrator resume`; weights stay as they are"
    evidence = f"not Ready on: {', '.join(missing)}" if missing else f"{lacking} of the replicas are not Ready"
    return [Finding("gateway.short", Severity.BLOCK, str(gaining.ref), problem, evidence, remedy)]


def astray(gaining: Workload, scattered: PodTargets, pools: Pools) -> list[Finding]:
    """Say which rows on a pod's port lead to no Ready pod: it was replaced, and its successor is not on the balancer."""
    there = left_by(scattered.ports, (row.backend for row in pools.of(Side.NEW)))
    lost = sorted(there - set(reached((), scattered, gaining.pods)))
    return [
        Finding(
            "gateway.replaced",
            Severity.BLOCK,
            str(backend),
            "a new backend leads to no Ready pod any more: the pod was replaced after it had been registered",
            f"{len(gaining.live)} pods of {gaining.ref}",
            "`migrator rollback`, then plan again; find out who replaces the pods. Weights stay as they are",
        )
        for backend in lost
    ]


def unfit_to_return(pools: Pools) -> list[Finding]:
    """Say why nothing can go back to the old side: on some listener not one old backend is fit."""
    return [
        Finding(
            "old.nobody-fit",
            Severity.BLOCK,
            f"listener {listener}",
            "no old backend is healthy in the balancer's eyes, so traffic cannot go back to it",
            f"{len(pools.of(Side.OLD, listener))} old backends, {len(pools.of(Side.NEW, listener))} new ones",
            "mend one old gateway, then `migrator resume`; weights stay as they are",
        )
        for listener in pools.listeners
        if not any(row.target.health is not Health.UNHEALTHY for row in pools.of(Side.OLD, listener))
    ]


def never_healthy(seen: Sighting, patience: float) -> list[Finding]:
    """Say which weighted new backends the balancer does not call healthy, where it can see them at all."""
    return [
        Finding(
            "backend.not-healthy",
            Severity.BLOCK,
            str(row.backend),
            f"has weight {row.weight} but the balancer calls it {row.target.health}",
            f"patience is {patience:g} s",
            "see the balancer's health check, then `migrator resume`, or `migrator rollback`",
        )
        for row in seen[Pools].of(Side.NEW)
        if row.weight and row.target.health in (Health.UNHEALTHY, Health.PENDING)
    ]
