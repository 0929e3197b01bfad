"""Making a plan: look at the world once, in parallel, and turn it into findings, manifests and steps. It changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import cast

from migrator.adapters.balancers import clouds, profile_of
from migrator.app.plan.anew import made_by
from migrator.app.plan.digest import digest
from migrator.app.plan.looking import balancer, clusters, listing
from migrator.app.plan.looking.old_gateways import as_merged, configurations, rate, second_opinion, warnings
from migrator.app.plan.looking.probe_ways import with_ways
from migrator.app.plan.precheck import Precheck
from migrator.domain.drift.recalled import lists_of
from migrator.domain.gateways import gateway_profile, gateway_profiles
from migrator.domain.messages.alone import only_looked as looked_only
from migrator.domain.messages.errors import PlanRefused, Refused, Unreachable
from migrator.domain.messages.findings import Finding, blocking
from migrator.domain.messages.message import Message, say, without
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.manifests import of_cluster, ref_of
from migrator.domain.model.refs import namespaces, place, source_ref, target_ref
from migrator.domain.model.samples import Reading, Silence
from migrator.domain.model.spec import Spec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.backends import dialled_nodes
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.checks.nodes.host_network import pod_to_try
from migrator.domain.planning.existing.handing import spared
from migrator.domain.planning.forwarding_rules import by_rule
from migrator.domain.planning.matrix import Audit, audit
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.policies import POLICY_GROUPS
from migrator.domain.planning.proposal import Proposal, propose
from migrator.domain.planning.resting.facts import facts, moved, resting_on
from migrator.domain.ports.balancer import HasRules
from migrator.domain.ports.clusters import each_of
from migrator.domain.ports.outside import ClusterReader, Readers, logins

AT_ONCE = 8
SAID = ("plan.silent", "plan.refused-to-look")
"""What says already that this was only a look."""

NOTHING_ASKED = Precheck()
Readings = tuple[list[Reading], list[Silence]]
Strange = tuple[tuple[str, str], ...]
Said = tuple[tuple[str, Message], ...]


def make_plan(spec: Spec, readers: Readers, at: datetime, by: str) -> Plan:
    """Look and plan. Raises Unreachable or Refused when the cluster or the balancer cannot be read at all."""
    with only_looking():
        return planning.make(look_before(spec, readers, at), at, by, digest)


def verified(spec: Spec, readers: Readers, at: datetime, first: Precheck = NOTHING_ASKED) -> tuple[Finding, ...]:
    """Give every preflight finding. Raises like `make_plan`."""
    with only_looking():
        return preflight(look_before(spec, readers, at, first))


def audited(
    spec: Spec, readers: Readers, at: datetime, first: Precheck = NOTHING_ASKED
) -> tuple[tuple[Finding, ...], Audit]:
    """Give every preflight finding, and who gets each resource that chooses pods. Raises like `make_plan`."""
    with only_looking():
        proposal = look_before(spec, readers, at, first)
        return preflight(proposal), audit(proposal)


def look_before(spec: Spec, readers: Readers, at: datetime, first: Precheck = NOTHING_ASKED) -> Proposal:
    """Look as `look` does, and ask what a run would find of itself: its own Lease, and its own connections."""
    proposal = look(spec, readers)
    return proposal.knowing(first.seen(proposal.world, spec, readers, at))


@contextmanager
def only_looking() -> Iterator[None]:
    """Say of what could not be seen that nothing was changed by looking."""
    try:
        yield
    except (Unreachable, Refused) as error:
        if error.message.code in SAID:
            raise
        raise _looked(error) from error


def _looked(error: Unreachable | Refused) -> Unreachable | Refused:
    if isinstance(error, Unreachable):
        return Unreachable(say("plan.silent", why=_plain(error.message)), error.retry_after)
    return Refused(say("plan.refused-to-look", why=_plain(error.message)))


def _plain(message: Message) -> Message:
    """Give the reason without what it says of a run: there is none yet, and what was changed is told once."""
    return looked_only(cast(Message, without(message, ("untouched",))))


def listeners_as_rules(spec: Spec, readers: Readers) -> Spec:
    """Give the spec with each layer-7 listener as its rules that lead to the gateway; most balancers have none."""
    if not isinstance(readers.balancer, HasRules):
        return spec
    readers.cluster.version()  # a cluster that is not there is told first, as by every other look
    return by_rule(look(spec, readers).world, spec) if balancer.rules(readers.balancer) else spec


def look(spec: Spec, readers: Readers, recorded: tuple[Weighted, ...] = ()) -> Proposal:
    """Look at all that a plan rests on, several systems at once; dry runs follow. `recorded`: an earlier plan's old side."""
    cluster, known_clouds = readers.cluster, clouds()
    here = clusters.of_side(cluster, spec, Side.OLD)
    version = cluster.version()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        old = pool.submit(cluster.workload, source_ref(spec))
        source = pool.submit(cluster.get, source_ref(spec))
        new = pool.submit(cluster.workload, target_ref(spec))
        nodes = pool.submit(clusters.of_side(cluster, spec, Side.NEW).nodes, spec.target.node_selector)
        lists = listing.submit(pool, here, namespaces(spec), lists_of(spec), known_clouds)
        beyond = clusters.submit(pool, spec, cluster, known_clouds)
        targets = pool.submit(balancer.targets, readers.balancer)
        findings = pool.submit(balancer.findings, readers.balancer)
        health = pool.submit(balancer.health, readers.balancer)
        steering = pool.submit(balancer.steering, readers.balancer)
        quotas = pool.submit(balancer.quotas, readers.balancer)
        rules = pool.submit(balancer.rules, readers.balancer)
        monitoring = pool.submit(balancer.monitoring, readers.balancer, spec)
        counted = pool.submit(second_opinion, readers, spec)
        known = pool.submit(_strange, spec, here)
        first = pool.submit(_readings, spec, old.result(), readers)
        configs = pool.submit(configurations, spec, old.result(), readers)
        merged = pool.submit(as_merged, spec, old.result(), readers)
        logs = pool.submit(warnings, readers, old.result(), new.result())
        strange, hidden = known.result()
        listed = listing.gathered(kind.result() for kind in lists)
        world = World(
            source.result(),
            old.result(),
            new.result(),
            nodes.result(),
            tuple((kind.key, kind.objects) for kind in listed),
            targets.result(),
            readers.balancer.capabilities(),
            findings.result(),
            version=version,
            unseen=(*(kind.key for kind in listed if kind.refused), *hidden),
            health=health.result(),
            quotas=quotas.result(),
            prometheus=counted.result().requests,
            prometheus_denied=counted.result().denied,
            prometheus_numbers=counted.result().numbers,
            rules=rules.result(),
            monitoring=monitoring.result(),
            driver=profile_of(spec.balancer.provider),
            clouds=known_clouds,
            strange=strange,
            configs=configs.result(),
            exposed=cluster.exposed(),
            logins=logins(*each_of(cluster), readers.balancer),
            steering=steering.result(),
            recorded=recorded,
            beyond=clusters.beyond(beyond),
            logs=logs.result(),
        )
    spec = merged.result()
    world = dialled_nodes(_with_settings(spec, world, cluster), spec)
    return _tried(propose(world, spec), readers, first.result())


def _tried(proposal: Proposal, readers: Readers, first: Readings) -> Proposal:
    """Ask what needs the first look: permissions, dry runs, and the counters a second time."""
    world = proposal.world
    denied = _denied(readers.cluster, proposal)
    refused, hanging, untried = _dry_runs(proposal, readers.cluster)
    world = with_ways(proposal.knowing(clusters.with_referred(proposal, readers.cluster)), readers.prober)
    again = _readings(proposal.spec, world.old, readers)
    if again[1]:  # a busy moment is no finding: a run would halt at its first step
        again = _readings(proposal.spec, world.old, readers)
    more = replace(
        world,
        denied=denied,
        refused=refused,
        hanging=hanging,
        untried=untried,
        silent=tuple(again[1]),
        old_rate=rate(first[0], again[0]),
        slow_over=tuple(sorted({reading.slow_over for reading in again[0] if reading.slow_over is not None})),
    )
    return proposal.knowing(more)


def _strange(spec: Spec, cluster: ClusterReader) -> tuple[Strange, tuple[str, ...]]:
    """Give the kinds of the gateway's own API groups that this version does not know, and the groups that we may not see.

    Of the vendors' groups only their policies count: they choose pods, the rest is the network's own.
    """
    strange, hidden = list[tuple[str, str]](), list[str]()
    policies = POLICY_GROUPS
    own = {group: kinds for gateway in gateway_profiles(spec).each for group, kinds in gateway.understood.items()}
    for group, understood in (*own.items(), *policies.items()):
        try:
            kinds = [kind for kind in cluster.kinds(group) if kind not in understood]
            strange += [(group, kind) for kind in kinds if group in own or kind.endswith("Policy")]
        except Refused:
            hidden.append(group)
    return tuple(strange), tuple(hidden)


def _with_settings(spec: Spec, world: World, cluster: ClusterReader) -> World:
    """Add the object with the settings that the gateways share; nothing where there is none or we may not read it."""
    ref = gateway_profile(spec, Side.OLD).settings_ref(world)
    if ref is None:
        return world
    try:
        settings = clusters.of_side(cluster, spec, Side.OLD).get(ref)
    except Refused:
        return replace(world, unseen=(*world.unseen, str(ref)))
    return replace(world, objects=(*world.objects, (ref.kind, (settings,)))) if settings is not None else world


def _denied(cluster: ClusterReader, proposal: Proposal) -> tuple[str, ...]:
    whole = (*planning.permissions(proposal.spec, proposal.world.driver), *planning.scaled_permissions(proposal))
    return clusters.denied(spared(whole, proposal.source, proposal.spec), cluster, proposal.spec)


def _dry_runs(proposal: Proposal, cluster: ClusterReader) -> tuple[Said, Said, tuple[str, ...]]:
    """Dry-run what will be applied, and a Pod of the DaemonSet's template: a DaemonSet is admitted where its pods are not.

    Give what is refused, what got no answer (once that is so, nothing more is asked), and what may not be tried: the dry run
    of a pod needs what making one needs.
    """
    spec = proposal.spec
    applied = (*planning.manifests(proposal, digest), *planning.coming_back(spec, digest))
    manifests = [manifest for manifest in applied if isinstance(manifest, dict)]
    made = [manifest for manifest in manifests if manifest.get("kind") == "DaemonSet"]
    pods = [of_cluster(pod_to_try(manifest), ref_of(manifest).cluster) for manifest in made]
    there = clusters.of_side(cluster, spec, Side.NEW)
    may = all(there.allowed(verb, "v1", "Pod", place(spec, Side.NEW).namespace) for verb in ("create", "patch"))
    tried = [*manifests, *(pods if may else [])]
    refused: list[tuple[str, Message]] = []
    hanging: list[tuple[str, Message]] = []
    for each in tried:
        try:
            words = None if hanging else cluster.dry_run(each)
        except Unreachable as error:
            hanging.append((str(ref_of(each)), error.message))
        else:
            refused += [(str(ref_of(each)), words)] if words else []
    untried = () if may else tuple(str(ref_of(pod)) for pod in pods)
    return tuple(refused), tuple(hanging), untried


def _readings(spec: Spec, old: Workload, readers: Readers) -> Readings:
    if spec.judge.scrape is None or not gateway_profile(spec, Side.OLD).counts:
        return [], []
    pods = [pod.ref for pod in old.live if pod.ready]
    return readers.gateways.readings(Side.OLD, pods) if pods else ([], [])


def require_runnable(
    plan: Plan, readers: Readers, by: Callable[[Sequence[Message]], Message | None] | None = None
) -> tuple[Weighted, ...]:
    """Give the weights that its run begins with: the old side's rows, whoever's they are by now.

    PlanRefused when a finding blocks, or when the world has moved in what the digest covers; `by` gives which of our own runs
    did that, where one did.
    """
    if blocks := blocking(plan.findings, plan.spec.waivers):
        raise PlanRefused(
            say(
                "plan.blocked",
                plan=plan.id,
                findings=len(blocks),
                codes=planning.blocked_by(blocks),
            ),
            blocks,
        )
    with only_looking():
        now = look(plan.spec, readers, plan.seen.old)
    if differs := moved(resting_on(plan), facts(now, digest)):
        whose = by(differs) if by else None
        whose = whose or say("moved.by-others", again=made_by(plan))
        raise PlanRefused(say("plan.world-moved", plan=plan.id, moved=differs, by=whose))
    return tuple(slot.row for slot in now.old)
