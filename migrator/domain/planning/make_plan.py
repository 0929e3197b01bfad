"""From a spec and one look at the world to a plan: backends, manifests, changes, forecast, route, findings. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from migrator.domain.model.balancer import Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.balancer_profile import BalancerProfile
from migrator.domain.model.change import Difference, Node
from migrator.domain.model.findings import Finding
from migrator.domain.model.manifests import Json, Manifest, labels, mapping, merged, ref_of, uid_of
from migrator.domain.model.pod_targets import ON_NODES
from migrator.domain.model.spec import GatewayKind, Spec
from migrator.domain.planning.backends import new_backends, new_side, old_backends
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.derive import derived
from migrator.domain.planning.derive.live import injected
from migrator.domain.planning.derive.returning import marked
from migrator.domain.planning.guards import KEDA, changes, companion, companions, led, scaled_objects
from migrator.domain.planning.plan import Forecast, Plan, Seen
from migrator.domain.planning.route import forward, shares
from migrator.domain.planning.world import World
from migrator.domain.steps.prepare import DIGEST
from migrator.domain.weights.planner import next_chunk, pending, wanted

Digest = Callable[[object], str]
MOST_WRITES = 1000
NODES, WEIGHTS = "nodes", "backends and weights"
LISTED = (NODES, WEIGHTS)
"""The facts that are lists to be read; the others are uids and digests."""
APPEARED = "it has to do with this workload now, and the plan knows nothing of it"
VANISHED = "it is gone, or has nothing to do with this workload any more"
SHOWN = 6


def make(spec: Spec, world: World, at: datetime, by: str, digest: Digest) -> Plan:
    """Give the plan. `digest` gives a stable hash of any value; a plan with blocking findings is a plan all the same."""
    manifests, differences = made(spec, world, digest)
    guard = changes(world, spec)
    seen = _seen(spec, world, digest)
    findings = preflight(world, spec)
    steps = forward(spec, seen, manifests, guard, coming_back(spec, digest))
    whole = digest((spec, seen.facts, manifests, guard, steps, at.isoformat()))
    return Plan(
        whole[:12], whole, at, by, spec, seen, manifests, guard, differences, _forecast(spec, seen), steps, findings
    )


def made(spec: Spec, world: World, digest: Digest) -> tuple[tuple[Json, ...], tuple[Difference, ...]]:
    """Give the manifests the new side needs, each stamped with its own digest, and the DaemonSet's differences."""
    if world.source is None:
        return (), ()
    workload, differences = derived(world, spec)
    service = companion(world, world.source, spec) if spec.gateway.kind is GatewayKind.ISTIO else None
    manifests = [*([service] if service else []), workload]
    return tuple(_stamped(manifest, digest) for manifest in manifests), differences


def coming_back(spec: Spec, digest: Digest) -> tuple[Json, ...]:
    """Give the manifests that come back once a workload that returns serves alone: what scales it."""
    stored = spec.target.stored
    kept = (each for each in (stored.companions if stored else ()) if isinstance(each, dict))
    return tuple(_stamped(marked(each), digest) for each in kept)


def _nodes(world: World, spec: Spec) -> tuple[Node, ...]:
    """Give the nodes that must have a pod each; none where the scheduler places the pods."""
    return world.nodes if spec.target.stored is None else ()


def _stamped(manifest: Manifest, digest: Digest) -> Json:
    return merged(manifest, {"metadata": {"annotations": {DIGEST: digest(manifest)[:16]}}})


def _seen(spec: Spec, world: World, digest: Digest) -> Seen:
    old = old_backends(world, spec)
    return Seen(
        world.source,
        uid_of(world.source) if world.source else "",
        tuple(companions(world, spec)),
        old,
        new_backends(world, spec),
        _nodes(world, spec),
        world.capabilities,
        facts(spec, world, digest),
        tuple(Weighted(row.backend, row.weight) for row in new_side(world, spec)),
        spec.target.stored.scattered if spec.target.stored else ON_NODES,
    )


def facts(spec: Spec, world: World, digest: Digest) -> tuple[tuple[str, str], ...]:
    """Give what the plan rests on, by name: specs, selectors, backends, weights and nodes; never status or replicas."""
    source = world.source or {}
    template: Json = {
        "template": mapping(source, "spec", "template"),
        "selector": mapping(source, "spec", "selector"),
    }
    found = {
        f"{spec.source.kind} {spec.source.name} uid": uid_of(source),
        f"{spec.source.kind} {spec.source.name} template and selector": digest(template)[:16] if source else "",
        NODES: ", ".join(f"{node.name}={node.address}" for node in _nodes(world, spec)),
        WEIGHTS: ", ".join(
            f"{target.backend}={target.weight}" for target in sorted(world.targets, key=lambda t: t.backend)
        ),
    }
    if (live := injected(world, spec)) is not None:
        found["injected containers of the live pods"] = digest(live)[:16]
    for service in led(world, source, spec) if source else []:
        picked: Json = {"selector": dict(labels(service, "spec", "selector")), "ports": service.get("spec")}
        found[f"{ref_of(service)} selector and ports"] = f"{uid_of(service)} {digest(picked)[:16]}"
    for scaler in companions(world, spec):
        found[f"{ref_of(scaler)} bounds"] = f"{uid_of(scaler)} {digest(mapping(scaler, 'spec'))[:16]}"
    return tuple(sorted(found.items()))


def moved(planned: tuple[tuple[str, str], ...], now: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Say what has moved in the world since the plan was made; nothing when it still holds."""
    was, found = dict(planned), dict(now)
    return tuple(
        f"{name}: {_difference(name, was.get(name, ''), found.get(name, ''))}"
        for name in sorted(was.keys() | found.keys())
        if was.get(name) != found.get(name)
    )


def _difference(name: str, was: str, now: str) -> str:
    """Say what is different: the entries of a list, the whole of a uid; a digest is nothing to read."""
    if name in LISTED:
        before, after = set(was.split(", ")) - {""}, set(now.split(", ")) - {""}
        others = " (the others are as they were)" if before & after else ""
        return f"planned with {_entries(before - after)}, found {_entries(after - before)}{others}"
    if not was or not now:
        return APPEARED if now else VANISHED
    if name.endswith(" uid"):
        return f"another object of that name: planned with {was}, found {now}"
    return "was changed"


def _entries(found: set[str]) -> str:
    shown = ", ".join(sorted(found)[:SHOWN])
    return f"{shown} and {len(found) - SHOWN} more" if len(found) > SHOWN else shown or "nothing"


def _forecast(spec: Spec, seen: Seen) -> tuple[Forecast, ...]:
    """Play the shares through on the backends seen; weights are planned anew from what is there when the time comes."""
    rows = [Row(Target(row.backend, row.weight, Health.HEALTHY), Side.OLD) for row in seen.old]
    already = {row.backend: row.weight for row in seen.new_now}
    rows += [Row(Target(each, already.get(each, 0), Health.HEALTHY), Side.NEW) for each in seen.coming]
    now = Pools(tuple(sorted(rows, key=lambda row: row.backend)), seen.capabilities)
    forecast = []
    for share in shares(spec) if seen.old and seen.coming else ():
        split = wanted(now, seen.old, share)
        now, writes = played(now, split.rows)
        forecast.append(Forecast(share, split.achieved, split.rows, writes))
    return tuple(forecast)


def played(now: Pools, rows: tuple[Weighted, ...]) -> tuple[Pools, int]:
    """Apply chunk after chunk in thought, and count them."""
    for writes in range(MOST_WRITES):
        if not pending(now, rows):
            return now, writes
        given = {row.backend: row.weight for row in next_chunk(now, rows)}
        now = Pools(
            tuple(Row(replace(r.target, weight=given.get(r.backend, r.weight)), r.side) for r in now.rows),
            now.capabilities,
        )
    return now, MOST_WRITES


def blocked_by(findings: tuple[Finding, ...]) -> str:
    """Give the codes that findings block with, for a message."""
    return ", ".join(dict.fromkeys(finding.code for finding in findings))


def permissions(spec: Spec, driver: BalancerProfile) -> tuple[tuple[str, str, str, str], ...]:
    """Give every (verb, apiVersion, kind, namespace) that the route, the route back and the balancer's driver need."""
    namespace = spec.cluster.namespace
    need = [(verb, "apps/v1", spec.target.kind, namespace) for verb in ("get", "create", "patch", "delete")]
    need += [(verb, "apps/v1", spec.source.kind, namespace) for verb in ("get", "list", "delete")]
    back = [
        ref_of(each) for each in (spec.target.stored.companions if spec.target.stored else ()) if isinstance(each, dict)
    ]
    need += [(verb, ref.api_version, ref.kind, namespace) for ref in back for verb in ("create", "patch")]
    need += [(verb, "v1", "Service", namespace) for verb in ("get", "list", "create", "patch", "delete")]
    need += [(verb, "v1", "Pod", namespace) for verb in ("get", "list")]
    need += [
        (verb, "autoscaling/v2", "HorizontalPodAutoscaler", namespace) for verb in ("get", "list", "patch", "delete")
    ]
    need += [(verb, "coordination.k8s.io/v1", "Lease", namespace) for verb in ("get", "create", "update")]
    need += [
        ("list", "apps/v1", "ReplicaSet", namespace),
        ("list", "v1", "Node", ""),
        ("list", "v1", "Event", namespace),
    ]
    if spec.gateway.kind in (GatewayKind.ISTIO, GatewayKind.ENVOY):
        need += [(verb, "v1", "pods/portforward", namespace) for verb in ("get", "create")]
    need += [
        (right.verb, right.api_version, right.kind, right.namespace or namespace) for right in driver.cluster_rights
    ]
    return tuple(need)


def scaled_permissions(world: World, spec: Spec) -> tuple[tuple[str, str, str, str], ...]:
    """Give what is needed besides where KEDA scales the source; a cluster without KEDA would say no to the kind."""
    namespace, verbs = spec.cluster.namespace, ("get", "patch", "delete")
    return tuple((verb, KEDA, "ScaledObject", namespace) for verb in verbs) if scaled_objects(world, spec) else ()
