"""From a proposal to a plan: manifests, facts, forecast, route and findings. It neither looks nor asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.findings import Finding
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.balancer import Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.manifests import Json, Manifest, labels, mapping, merged, ref_of, uid_of
from migrator.domain.model.spec import Spec
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.derive import injected, marked
from migrator.domain.planning.guards import KEDA
from migrator.domain.planning.plan import Forecast, Plan, Seen
from migrator.domain.planning.proposal import Proposal
from migrator.domain.planning.route import forward, shares
from migrator.domain.steps.prepare import DIGEST
from migrator.domain.weights.planner import next_chunk, pending, wanted

Digest = Callable[[object], str]
MOST_WRITES = 1000
NODES, WEIGHTS = "nodes", "backends and weights"
LISTED = (NODES, WEIGHTS)
"""The facts that are lists to be read; the others are uids and digests."""
UID, TEMPLATE, SELECTOR, BOUNDS = " uid", " template and selector", " selector and ports", " bounds"
"""How the names of the other facts end, after the object: plans on disk have them so."""

LIVE = "injected containers of the live pods"


def make(proposal: Proposal, at: datetime, by: str, digest: Digest) -> Plan:
    """Give the plan. `digest` gives a stable hash of any value; a plan with blocking findings is a plan all the same."""
    spec, guard = proposal.spec, proposal.changes
    applied = manifests(proposal, digest)
    seen = _seen(proposal, digest)
    findings = preflight(proposal)
    steps = forward(spec, seen, applied, guard, coming_back(spec, digest))
    seal = digest((spec, seen.facts, applied, guard, steps, at.isoformat()))
    differences, forecast = proposal.new.differences, _forecast(spec, seen)
    return Plan(seal[:12], seal, at, by, spec, seen, applied, guard, differences, forecast, steps, findings)


def manifests(proposal: Proposal, digest: Digest) -> tuple[Json, ...]:
    """Give the manifests that the new side needs, each stamped with its own digest."""
    needed = [proposal.services.own, proposal.workload]
    return tuple(_stamped(manifest, digest) for manifest in needed if manifest)


def coming_back(spec: Spec, digest: Digest) -> tuple[Json, ...]:
    """Give the manifests that come back once a workload that returns serves alone: what scales it."""
    return tuple(_stamped(marked(companion), digest) for companion in spec.target.companions)


def _stamped(manifest: Manifest, digest: Digest) -> Json:
    return merged(manifest, {"metadata": {"annotations": {DIGEST: digest(manifest)[:16]}}})


def _seen(proposal: Proposal, digest: Digest) -> Seen:
    world, sides = proposal.world, proposal.sides
    return Seen(
        world.source,
        uid_of(world.source) if world.source else "",
        tuple(proposal.companions),
        tuple(slot.row for slot in sides.old),
        tuple(slot.backend for slot in sides.new),
        proposal.nodes,
        world.capabilities,
        facts(proposal, digest),
        tuple(Weighted(target.backend, target.weight) for target in sides.present),
        proposal.spec.target.pod_targets,
    )


def facts(proposal: Proposal, digest: Digest) -> tuple[tuple[str, str], ...]:
    """Give what the plan rests on, by name: specs, selectors, backends, weights and nodes; never status or replicas."""
    spec, world, source = proposal.spec, proposal.world, proposal.source or {}
    template: Json = {
        "template": mapping(source, "spec", "template"),
        "selector": mapping(source, "spec", "selector"),
    }
    rests_on = {
        f"{spec.source.kind} {spec.source.name}{UID}": uid_of(source),
        f"{spec.source.kind} {spec.source.name}{TEMPLATE}": digest(template)[:16] if source else "",
        NODES: ", ".join(f"{node.name}={node.address}" for node in proposal.nodes),
        WEIGHTS: ", ".join(
            f"{target.backend}={target.weight}" for target in sorted(world.targets, key=lambda t: t.backend)
        ),
    }
    if proposal.new.from_live and proposal.new.injected is not None:
        rests_on[LIVE] = digest(injected(source, proposal.new.injected))[:16]
    for service in proposal.services.changed:
        picked: Json = {"selector": dict(labels(service, "spec", "selector")), "ports": service.get("spec")}
        rests_on[f"{ref_of(service)}{SELECTOR}"] = f"{uid_of(service)} {digest(picked)[:16]}"
    for scaler in proposal.companions:
        rests_on[f"{ref_of(scaler)}{BOUNDS}"] = f"{uid_of(scaler)} {digest(mapping(scaler, 'spec'))[:16]}"
    return tuple(sorted(rests_on.items()))


def moved(planned: tuple[tuple[str, str], ...], now: tuple[tuple[str, str], ...]) -> tuple[Message, ...]:
    """Return what has changed in the world since the plan was made; nothing when the plan still holds."""
    was, then = dict(planned), dict(now)
    return tuple(
        say("moved", fact=_fact(name), difference=_difference(name, was.get(name, ""), then.get(name, "")))
        for name in sorted(was.keys() | then.keys())
        if was.get(name) != then.get(name)
    )


def _fact(name: str) -> Message:
    """Return a fact as people call it; its name is a key of plans on disk."""
    named = {NODES: say("fact.nodes"), WEIGHTS: say("fact.weights"), LIVE: say("fact.live")}
    if name in named:
        return named[name]
    if name.endswith(UID):
        return say("fact.uid", object=name.removesuffix(UID))
    if name.endswith(TEMPLATE):
        return say("fact.template", object=name.removesuffix(TEMPLATE))
    if name.endswith(SELECTOR):
        return say("fact.selector", object=name.removesuffix(SELECTOR))
    return say("fact.bounds", object=name.removesuffix(BOUNDS)) if name.endswith(BOUNDS) else verbatim(name)


def _difference(name: str, was: str, now: str) -> Message:
    """Return what is different: the entries of a list, the whole of a uid; a digest is nothing to read."""
    if name in LISTED:
        before, after = set(was.split(", ")) - {""}, set(now.split(", ")) - {""}
        gone, come = tuple(sorted(before - after)), tuple(sorted(after - before))
        if before & after:
            return say("moved.entries", gone=gone or say("moved.nothing"), come=come or say("moved.nothing"))
        return say("moved.all-entries", gone=gone or say("moved.nothing"), come=come or say("moved.nothing"))
    if not was or not now:
        return say("moved.appeared") if now else say("moved.vanished")
    if name.endswith(UID):
        return say("moved.replaced", was=was, now=now)
    return say("moved.changed")


def _forecast(spec: Spec, seen: Seen) -> tuple[Forecast, ...]:
    """Play the shares through on the backends seen; weights are planned anew from what is there when the time comes."""
    rows = [Row(Target(row.backend, row.weight, Health.HEALTHY), Side.OLD) for row in seen.old]
    already = {row.backend: row.weight for row in seen.new_now}
    rows += [Row(Target(backend, already.get(backend, 0), Health.HEALTHY), Side.NEW) for backend in seen.coming]
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
        weights = {row.backend: row.weight for row in next_chunk(now, rows)}
        now = Pools(
            tuple(Row(replace(r.target, weight=weights.get(r.backend, r.weight)), r.side) for r in now.rows),
            now.capabilities,
        )
    return now, MOST_WRITES


def blocked_by(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Give the codes that findings block with, each once."""
    return tuple(dict.fromkeys(finding.code for finding in findings))


def permissions(spec: Spec, driver: BalancerProfile) -> tuple[tuple[str, str, str, str], ...]:
    """Give every (verb, apiVersion, kind, namespace) that the route, the route back and the balancer's driver need."""
    namespace = spec.cluster.namespace
    need = [(verb, "apps/v1", spec.target.kind, namespace) for verb in ("get", "create", "patch", "delete")]
    need += [(verb, "apps/v1", spec.source.kind, namespace) for verb in ("get", "list", "delete")]
    back = [ref_of(companion) for companion in spec.target.companions]
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
    need += [(*right, namespace) for right in gateway_profile(spec).rights]
    need += [
        (right.verb, right.api_version, right.kind, right.namespace or namespace) for right in driver.cluster_rights
    ]
    return tuple(need)


def scaled_permissions(proposal: Proposal) -> tuple[tuple[str, str, str, str], ...]:
    """Give what is needed besides where KEDA scales the source; a cluster without KEDA would say no to the kind."""
    namespace, verbs = proposal.spec.cluster.namespace, ("get", "patch", "delete")
    return tuple((verb, KEDA, "ScaledObject", namespace) for verb in verbs) if proposal.scaled else ()
