"""From a proposal to a plan: manifests, facts, forecast, route and findings. It neither looks nor asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from migrator.domain.balancers.profile import BalancerProfile
from migrator.domain.drift.in_two import reached_in
from migrator.domain.drift.standing import KUBE_SYSTEM, Rests, rests_on
from migrator.domain.gateways import gateway_profiles
from migrator.domain.messages.findings import Finding
from migrator.domain.model.balancer import Health, Pools, Row, Side, Target, Weighted
from migrator.domain.model.manifests import Json, Manifest, mapping, merged, of_cluster, ref_of, uid_of
from migrator.domain.model.refs import home, namespaces, place, source_ref, target_ref
from migrator.domain.model.spec import OnBreach, Spec
from migrator.domain.model.target import Existing
from migrator.domain.observation.detour import Detour
from migrator.domain.observation.world import World
from migrator.domain.planning.backends import doors_of
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.clusters.looking import recalled, recalled_there
from migrator.domain.planning.derive import marked
from migrator.domain.planning.detour.making import asks, detour_of, heard_inside
from migrator.domain.planning.detour.phases import over
from migrator.domain.planning.existing.handing import orders_of
from migrator.domain.planning.existing.taking_over import stands
from migrator.domain.planning.guards import KEDA
from migrator.domain.planning.hooking import hooked
from migrator.domain.planning.inplace import ways as in_place
from migrator.domain.planning.inplace.ground import in_turn, is_in_place
from migrator.domain.planning.inplace.loss import loss_of, waived
from migrator.domain.planning.isolating.keeping import aside
from migrator.domain.planning.plan import Forecast, Plan, Seen
from migrator.domain.planning.proposal import Proposal
from migrator.domain.planning.resting.facts import Digest, facts
from migrator.domain.planning.route import forward, shares
from migrator.domain.planning.timeline.ahead import windows_fit
from migrator.domain.planning.timeline.lasting import logins_last
from migrator.domain.planning.timeline.spans import timeline
from migrator.domain.steps.prepare import DIGEST
from migrator.domain.turn.journeys import FORWARD, IN_PLACE, IN_PLACE_LOSING
from migrator.domain.weights.planner import wanted
from migrator.domain.weights.playing import played

NAMESPACE: Manifest = {"apiVersion": "v1", "kind": "Namespace"}


def make(proposal: Proposal, at: datetime, by: str, digest: Digest) -> Plan:
    """Give the plan. `digest` gives a stable hash of any value; a plan with blocking findings is a plan all the same."""
    spec, guard = heard_inside(proposal), proposal.changes
    applied = manifests(proposal, digest)
    seen = _seen(proposal, digest)
    stand = stands(proposal)
    orders = orders_of(proposal)
    detour = _stamped_detour(proposal, digest)
    way, loss = FORWARD.name, None
    if is_in_place(spec):
        may_lose = waived(proposal)
        way, loss = (IN_PLACE_LOSING if may_lose else IN_PLACE).name, loss_of(proposal)
        route = in_place.forward(spec, seen, applied, guard, in_turn(proposal), may_lose)
    else:
        route = forward(spec, seen, applied, guard, coming_back(spec, digest), stand, orders, detour)
    steps = hooked(spec, route)
    seal = digest((spec, seen.facts, applied, guard, steps, at.isoformat()))
    differences, forecast = proposal.new.differences, _forecast(spec, over(seen, detour))
    plan = Plan(
        seal[:12], seal, at, by, spec, seen, applied, guard, differences, forecast, steps, (), way, detour, loss
    )
    plan = plan if is_in_place(spec) else replace(plan, aside=aside(proposal))
    lasting = (*logins_last(proposal.world.logins, timeline(plan).worst, at), *windows_fit(plan, at))
    return replace(plan, findings=preflight(proposal, lasting))


def manifests(proposal: Proposal, digest: Digest) -> tuple[Json, ...]:
    """Give the manifests that the new side needs, each stamped with its own digest; none for a workload that stands."""
    if isinstance(proposal.spec.target, Existing):
        return ()
    needed = [proposal.services.own, proposal.workload]
    there = place(proposal.spec, Side.NEW).at
    return tuple(_stamped(of_cluster(manifest, there), digest) for manifest in needed if manifest)


def coming_back(spec: Spec, digest: Digest) -> tuple[Json, ...]:
    """Give the manifests that come back once a workload that returns serves alone: what scales it."""
    there = place(spec, Side.NEW).at
    return tuple(_stamped(of_cluster(marked(companion), there), digest) for companion in spec.target.companions)


def _stamped_detour(proposal: Proposal, digest: Digest) -> Detour | None:
    detour = detour_of(proposal)
    return detour and replace(detour, service=_stamped(mapping(detour.service), digest))


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
        _strangers(proposal),
        _rests(proposal),
        world.ways,
        doors_of(sides.old, world, proposal.spec),
    )


def _rests(proposal: Proposal) -> Rests:
    world = proposal.world
    if proposal.source is None:
        return Rests()
    here, there = recalled(proposal), recalled_there(proposal)
    settings = world.health or (), world.steering
    stands = (proposal.workload,) if isinstance(proposal.spec.target, Existing) and proposal.workload else ()
    watched = (proposal.source, *proposal.services.leading, *proposal.companions, *stands)
    rests = rests_on(_identity(world), here.ground, reached_in(here, there), watched, settings)
    return rests if there is None else replace(rests, second=_identity(world.there))


def _identity(world: World) -> str:
    """Give the uid by which a cluster is known."""
    spaces = (row for row in world.all("Namespace") if ref_of({**row, **NAMESPACE}).name == KUBE_SYSTEM.name)
    return next(map(uid_of, spaces), "")


def _strangers(proposal: Proposal) -> tuple[Weighted, ...]:
    known = {slot.backend for slot in proposal.old} | {target.backend for target in proposal.sides.present}
    found = (target for target in proposal.world.targets if target.backend not in known)
    return tuple(Weighted(target.backend, target.weight) for target in found)


def _forecast(spec: Spec, seen: Seen) -> tuple[Forecast, ...]:
    """Play the shares through on the backends seen; weights are planned anew from what is there when the time comes."""
    rows = [Row(Target(row.backend, row.weight, Health.HEALTHY), Side.OLD) for row in seen.old]
    already = {row.backend: row.weight for row in seen.new_now}
    rows += [Row(Target(backend, already.get(backend, 0), Health.HEALTHY), Side.NEW) for backend in seen.coming]
    now = Pools(tuple(sorted(rows, key=lambda row: row.backend)), seen.capabilities)
    forecast = []
    for share in shares(spec) if seen.old and seen.coming and not is_in_place(spec) else ():
        split = wanted(now, seen.old, share)
        now, writes = played(now, split.rows)
        forecast.append(Forecast(share, split.achieved, split.rows, writes))
    return tuple(forecast)


def blocked_by(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Give the codes that findings block with, each once."""
    return tuple(dict.fromkeys(finding.code for finding in findings))


def permissions(spec: Spec, driver: BalancerProfile) -> tuple[tuple[str, str, str, str], ...]:
    """Give every (verb, apiVersion, kind, namespace) that the route, the route back and the balancer's driver need."""
    old, new, spaces = source_ref(spec).namespace, target_ref(spec).namespace, namespaces(spec)
    made = ("get",) if isinstance(spec.target, Existing) else ("get", "create", "patch", "delete")
    need = [(verb, "apps/v1", spec.target.kind, new) for verb in made]
    need += [(verb, "apps/v1", spec.source.kind, old) for verb in ("get", "list", "delete")]
    back = [ref_of(companion) for companion in spec.target.companions]
    need += [(verb, ref.api_version, ref.kind, new) for ref in back for verb in ("create", "patch")]
    if asks(spec) or is_in_place(spec):  # a pod is patched to say which of them its controller ends first
        need += [("patch", "apps/v1", spec.source.kind, old), ("patch", "v1", "Pod", old)]
    need += [("get", "v1", "Node", ""), ("patch", "v1", "Node", "")] if is_in_place(spec) else []  # whose turn it is
    for space in spaces:
        need += [(verb, "v1", "Service", space) for verb in ("get", "list", "create", "patch", "delete")]
        need += [(verb, "v1", "Pod", space) for verb in ("get", "list")]
    need += [(verb, "autoscaling/v2", "HorizontalPodAutoscaler", old) for verb in ("get", "list", "patch", "delete")]
    kept = home(spec).namespace
    need += [(verb, "coordination.k8s.io/v1", "Lease", kept) for verb in ("get", "create", "update", "delete")]
    # The run's record, for when its store is lost.
    need += [(verb, "v1", "ConfigMap", kept) for verb in ("get", "create", "patch", "delete")]
    need += [("get", "v1", "ConfigMap", space) for space in spaces if space != kept]  # a freeze of the other namespace
    need += [("list", "v1", "Node", "")]
    for space in spaces:
        need += [("list", "apps/v1", "ReplicaSet", space), ("list", "v1", "Event", space)]
        need += [(*right, space) for gateway in gateway_profiles(spec).each for right in gateway.rights]
    need += [("get", "v1", "pods/log", old)] if spec.evidence.logs else []
    need += [("patch", "v1", "Pod", new)] if spec.on_breach is OnBreach.ISOLATE else []
    need += [
        (right.verb, right.api_version, right.kind, right.namespace or space)
        for space in spaces
        for right in driver.cluster_rights
    ]
    return tuple(dict.fromkeys(need))


def scaled_permissions(proposal: Proposal) -> tuple[tuple[str, str, str, str], ...]:
    """Give what is needed besides where KEDA scales the source; a cluster without KEDA would say no to the kind."""
    namespace, verbs = source_ref(proposal.spec).namespace, ("get", "patch", "delete")
    return tuple((verb, KEDA, "ScaledObject", namespace) for verb in verbs) if proposal.scaled else ()
