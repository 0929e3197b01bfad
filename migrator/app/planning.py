"""Making a plan: look at the world once, in parallel, and turn it into findings, manifests and steps. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from migrator.app.digest import digest
from migrator.domain import planning
from migrator.domain.checks import preflight
from migrator.domain.errors import PlanRefused, Refused
from migrator.domain.findings import Finding, blocking
from migrator.domain.guards import KEDA
from migrator.domain.manifests import Json, ObjectRef, ref_of
from migrator.domain.plan import Plan
from migrator.domain.pools import Side
from migrator.domain.ports import ClusterReader, Readers
from migrator.domain.spec import GatewayKind, Spec
from migrator.domain.world import World

AT_ONCE = 8


def kinds(namespace: str) -> dict[str, tuple[str, str, str]]:
    """Give what is listed, by kind: apiVersion, kind, and the namespace or "" for all of them."""
    return {
        "Service": ("v1", "Service", namespace),
        "Pod": ("v1", "Pod", ""),
        "Node": ("v1", "Node", ""),
        "HorizontalPodAutoscaler": ("autoscaling/v2", "HorizontalPodAutoscaler", namespace),
        "PodDisruptionBudget": ("policy/v1", "PodDisruptionBudget", namespace),
        "ScaledObject": (KEDA, "ScaledObject", namespace),
    }


def make_plan(spec: Spec, readers: Readers, at: datetime, by: str) -> Plan:
    """Look and plan. Raises Unreachable or Refused when the cluster or the balancer cannot be read at all."""
    return planning.make(spec, look(spec, readers), at, by, digest)


def look(spec: Spec, readers: Readers) -> World:
    """Look at everything a plan rests on, several systems at once; the dry run follows, for it needs the manifests."""
    cluster, namespace = readers.cluster, spec.cluster.namespace
    version = cluster.version()
    source_ref = ObjectRef("apps/v1", spec.source.kind, namespace, spec.source.name)
    target_ref = ObjectRef("apps/v1", "DaemonSet", namespace, spec.target.name)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        source = pool.submit(cluster.get, source_ref)
        old = pool.submit(cluster.workload, source_ref)
        new = pool.submit(cluster.workload, target_ref)
        nodes = pool.submit(cluster.nodes, spec.target.node_selector)
        lists = {kind: pool.submit(_listed, cluster, *where) for kind, where in kinds(namespace).items()}
        targets = pool.submit(readers.balancer.targets)
        findings = pool.submit(readers.balancer.findings)
        denied = pool.submit(_denied, cluster, planning.permissions(spec))
        world = World(
            source.result(),
            old.result(),
            new.result(),
            nodes.result(),
            tuple((kind, tuple(found.result())) for kind, found in lists.items()),
            targets.result(),
            readers.balancer.capabilities(),
            findings.result(),
            denied.result(),
            version=version,
        )
    more = _denied(cluster, planning.scaled_permissions(world, spec))
    refused, silent = _refused(spec, world, cluster), _silent(spec, world, readers)
    return replace(world, denied=(*world.denied, *more), refused=refused, silent=silent)


def _listed(cluster: ClusterReader, api_version: str, kind: str, namespace: str) -> list[Json]:
    try:
        return list(cluster.list_objects(api_version, kind, namespace))
    except Refused:  # not allowed to list it: the permission check names what the route really needs
        return []


def _denied(cluster: ClusterReader, asked: tuple[tuple[str, str, str, str], ...]) -> tuple[str, ...]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda need: cluster.allowed(*need), asked))
    return tuple(
        f"{verb} {kind} in {namespace or 'the cluster'}"
        for (verb, _, kind, namespace), allowed in zip(asked, answers, strict=True)
        if not allowed
    )


def _refused(spec: Spec, world: World, cluster: ClusterReader) -> tuple[tuple[str, str], ...]:
    manifests, _ = planning.made(spec, world, digest)
    said = [(str(ref_of(m)), cluster.dry_run(m)) for m in manifests if isinstance(m, dict)]
    return tuple((subject, words) for subject, words in said if words)


def _silent(spec: Spec, world: World, readers: Readers) -> tuple[tuple[str, str], ...]:
    if spec.judge.scrape is None or spec.gateway.kind in (GatewayKind.NGINX, GatewayKind.NONE):
        return ()
    pods = [pod.ref for pod in world.old.live if pod.ready]
    return tuple(readers.gateways.readings(Side.OLD, pods)[1]) if pods else ()


def checks(plan: Plan, readers: Readers) -> Callable[[], tuple[Finding, ...]]:
    """Give the preflight checks of a saved plan, to be run again on the world as it is then."""
    return lambda: preflight(look(plan.spec, readers), plan.spec)


def require_runnable(plan: Plan, readers: Readers) -> None:
    """Raise PlanRefused when a finding blocks, or when the world has moved in what the digest covers."""
    if found := blocking(plan.findings, plan.spec.waivers):
        raise PlanRefused(
            f"Plan {plan.id} has {len(found)} blocking findings ({planning.blocked_by(found)}). Nothing was changed. "
            "Mend them and plan again, or waive a code with a reason in the plan file.",
            found,
        )
    now = planning.facts(plan.spec, look(plan.spec, readers), digest)
    if moved := planning.moved(plan.seen.facts, now):
        raise PlanRefused(
            f"The world has moved since plan {plan.id} was made. Nothing was changed.\n  "
            + "\n  ".join(moved)
            + "\nMake a new plan with `migrator plan`."
        )
