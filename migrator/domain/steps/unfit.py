"""Why a side must not be given (more) traffic: pods that are missing, backends that are not healthy or lead nowhere."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Health, Pools, Side, Weighted
from migrator.domain.model.change import Node
from migrator.domain.model.pod_targets import PodTargets, left_by, reached
from migrator.domain.model.workload import Workload
from migrator.domain.observation.sides import Sides
from migrator.domain.observation.sighting import Sighting, Stale, Workloads
from migrator.domain.sides.fitness import why_not_ready


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
    there, name = wanted - len(missing) - lacking, str(gaining.ref)
    if missing:
        return [block("gateway.short", name, serving=there, wanted=wanted, nodes=tuple(missing))]
    return [block("gateway.short:replicas", name, serving=there, wanted=wanted, lacking=lacking)]


def astray(gaining: Workload, scattered: PodTargets, pools: Pools) -> list[Finding]:
    """Say which rows on a pod's port lead to no Ready pod: it was replaced, and its successor is not on the balancer."""
    there = left_by(scattered.ports, (row.backend for row in pools.of(Side.NEW)))
    lost = sorted(there - set(reached((), scattered, gaining.pods)))
    return [
        block("gateway.replaced", str(backend), pods=len(gaining.live), workload=str(gaining.ref)) for backend in lost
    ]


def unfit_to_return(pools: Pools, listeners: Iterable[str]) -> list[Finding]:
    """Say why nothing can go back to the old side: on some of these listeners not one old backend is fit."""
    return [
        block(
            "old.nobody-fit",
            say("subject.listener", listener=listener),
            old=len(pools.of(Side.OLD, listener)),
            new=len(pools.of(Side.NEW, listener)),
        )
        for listener in listeners
        if listener in bare_of_old(pools)
    ]


def bare_of_old(pools: Pools) -> tuple[str, ...]:
    """Give the listeners on which not one old backend is fit."""
    fit = {
        row.backend.listener
        for row in pools.of(Side.OLD)
        if row.target.health is not Health.UNHEALTHY and not row.deserted
    }
    return tuple(name for name in pools.listeners if name not in fit)


def kept_by_new(rows: Iterable[Weighted], seen: Sighting) -> tuple[Weighted, ...]:
    """Give the wanted rows that would take weight from Ready new pods on a listener where no old pod with weight is Ready.

    The cluster knows of a crash before the balancer's checks do. Its last word from before it fell silent is no such proof, and
    where it calls nobody Ready on either side, the balancer's word is all there is.
    """
    if Workloads in seen[Stale]:
        return ()
    now, sides = seen[Pools].weights(), seen[Sides]
    carried = {slot.backend.listener for slot in sides.old if slot.weight and why_not_ready(slot) is None}
    ready = {slot.backend for slot in sides.new if why_not_ready(slot) is None}
    bare = {backend.listener for backend in ready} - carried
    new = {slot.backend for slot in sides.new}
    return tuple(
        row
        for row in rows
        if row.backend in new and row.backend.listener in bare and row.weight < now.get(row.backend, 0)
    )


def never_healthy(seen: Sighting, patience: float) -> list[Finding]:
    """Say which weighted new backends the balancer does not call healthy, where it can see them at all."""
    return [
        block(
            "backend.not-healthy",
            str(row.backend),
            weight=row.weight,
            health=row.target.health.value,
            patience=patience,
        )
        for row in seen[Pools].of(Side.NEW)
        if row.weight and row.target.health in (Health.UNHEALTHY, Health.PENDING)
    ]
