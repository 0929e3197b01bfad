"""What a workload needs so that its pods end without losing anything: of a plan, of the cluster, or of a manifest in a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.adapters.balancers import profile_of
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.gateways import PROFILES, GatewayProfile
from migrator.domain.gateways.recognise import kind_of
from migrator.domain.hardening import Ground, Hardening, harden
from migrator.domain.hardening.removal import removal_of
from migrator.domain.messages.errors import MigratorError, Refused, UsageError
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import name_of, namespace_of
from migrator.domain.model.manifests import Manifest, ObjectRef, items, labels, mapping, ref_of, selects, text
from migrator.domain.model.refs import lease_ref, source_ref, target_ref
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec import (
    BalancerSpec,
    ClusterSpec,
    GatewaySpec,
    SourceSpec,
    Spec,
)
from migrator.domain.model.target import Derived
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World, target_port, template_labels
from migrator.domain.planning.clusters.typed import kubectl
from migrator.domain.planning.hardened import BUDGET, ground

if TYPE_CHECKING:
    from migrator.domain.planning.proposal import Proposal
    from migrator.domain.ports.outside import ClusterReader

KINDS = {"deployment": "Deployment", "deploy": "Deployment", "daemonset": "DaemonSet", "ds": "DaemonSet"}
"""How kubectl lets one name the kind of a workload."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says besides. `check` None: the balancer's own health check, or what is assumed where nobody can say.

    `companion`: the container of ours that is wanted beside the gateway, `plan` what names the balancer whose weights it sets.
    """

    gateway: str = ""
    ports: tuple[int, ...] = ()
    check: HealthCheck | None = None
    longest: float = 5.0
    companion: CompanionSpec | None = None
    plan: Spec | None = None


def of_plan(proposal: Proposal, said: Said) -> Hardening:
    """Give the hardening of a plan's source. UsageError when it does not exist."""
    if proposal.source is None:
        spec = proposal.spec
        raise UsageError(
            say("harden.missing", what=f"{spec.source.kind} {source_ref(spec).namespace}/{spec.source.name}")
        )
    seen = ground(
        proposal.world, proposal.spec, proposal.gateways.old, proposal.source, sorted(proposal.listening_ports)
    )
    found = _hardened(seen, replace(said, plan=said.plan or proposal.spec))
    return replace(found, kubectl=kubectl(proposal.spec, source_ref(proposal.spec).namespace))


def of_cluster(reader: ClusterReader, ref: ObjectRef, said: Said) -> Hardening:
    """Give the hardening of a workload in the cluster. UsageError when it does not exist; raises as the reader does."""
    workload = reader.get(ref)
    if workload is None:
        raise UsageError(say("harden.missing", what=str(ref)))
    budgets = _listed(reader, "policy/v1", BUDGET, ref.namespace)
    services = _listed(reader, "v1", "Service", ref.namespace) or []
    world = _world(workload, [*services, *(budgets or [])], () if budgets is not None else (BUDGET,), reader.version())
    profile = _profile(workload, said)
    shared = profile.settings_ref(world)
    settings = _settings(reader, shared) if shared is not None else []
    world = replace(world, objects=(*world.objects, *(("ConfigMap", (row,)) for row in settings)))
    return _hardened(_ground(world, workload, profile), said)


def of_manifests(objects: Sequence[Manifest], said: Said, path: str) -> Hardening:
    """Give the hardening of the one workload in a file; budgets and Services beside it count. UsageError unless it is one."""
    workloads = [thing for thing in objects if thing.get("kind") in ("Deployment", "DaemonSet")]
    if not workloads:
        raise UsageError(say("harden.none", path=path))
    if len(workloads) > 1:
        names = tuple(f"{text(thing, 'kind')} {name_of(thing)}" for thing in workloads)
        raise UsageError(say("harden.which", path=path, names=names))
    budgets = [thing for thing in objects if thing.get("kind") == BUDGET]
    services = [thing for thing in objects if thing.get("kind") == "Service"]
    world = _world(workloads[0], [*services, *budgets], () if budgets else (BUDGET,), "")
    return _hardened(_ground(world, workloads[0], _profile(workloads[0], said)), said)


def is_workload(what: str) -> bool:
    """Say whether what was asked for is a workload's name, as kubectl has it (deployment/NAME, ds/NAME)."""
    kind, slash, name = what.partition("/")
    return bool(slash and name) and kind.lower() in KINDS and "/" not in name


def named(what: str, namespace: str) -> ObjectRef:
    """Give the reference of a workload that is named as kubectl has it."""
    kind, _, name = what.partition("/")
    return ObjectRef("apps/v1", KINDS[kind.lower()], namespace, name)


def _listed(reader: ClusterReader, version: str, kind: str, namespace: str) -> list[Manifest] | None:
    """Give the objects of a kind; None when we may not list them."""
    try:
        return reader.list_objects(version, kind, namespace)
    except Refused:
        return None


def _settings(reader: ClusterReader, ref: ObjectRef) -> list[Manifest]:
    try:
        found = reader.get(ref)
    except MigratorError:
        return []
    return [found] if found is not None else []


def _profile(workload: Manifest, said: Said) -> GatewayProfile:
    kind = said.gateway or kind_of(mapping(workload, "spec", "template"))
    if kind not in PROFILES:
        raise UsageError(say("gateway.kind-unknown", kind=kind, known=tuple(PROFILES)))
    return PROFILES[kind]


def _world(workload: Manifest, objects: Sequence[Manifest], unseen: tuple[str, ...], server: str) -> World:
    own = Workload(ref_of(workload))
    kinds = dict.fromkeys(text(thing, "kind") for thing in objects)
    listed = tuple((kind, tuple(thing for thing in objects if thing.get("kind") == kind)) for kind in kinds)
    return World(workload, own, own, (), objects=listed, unseen=unseen, version=server)


def _ground(world: World, workload: Manifest, profile: GatewayProfile) -> Ground:
    spec = Spec(
        name=name_of(workload),
        cluster=ClusterSpec(namespace_of(workload)),
        source=SourceSpec(text(workload, "kind"), name_of(workload)),
        target=Derived(name_of(workload)),
        gateway=GatewaySpec(profile.kind),
        balancer=BalancerSpec("", "", ()),
    )
    found = ground(world, spec, profile, workload, _ports(world, workload, profile))
    desired = mapping(workload, "status").get("desiredNumberScheduled")
    pods = desired if isinstance(desired, int) else None
    return replace(found, pods=pods) if workload.get("kind") == "DaemonSet" else found


def _ports(world: World, workload: Manifest, profile: GatewayProfile) -> list[int]:
    """Give the ports that Services lead clients to; those that the gateway opens for itself are none."""
    having, own = template_labels(workload), {*profile.reserved, profile.readiness.port}
    led = {
        target_port(workload, port)
        for service in world.all("Service")
        if namespace_of(service) == namespace_of(workload) and selects(labels(service, "spec", "selector"), having)
        for port in items(service, "spec", "ports")
    }
    return sorted(port for port in led - own if port)


def _hardened(seen: Ground, said: Said) -> Hardening:
    removal = removal_of([said.check]) if said.check is not None else seen.removal
    ports = said.ports or seen.ports
    known = replace(seen, companion=said.companion, removal=removal, longest=said.longest, ports=ports)
    seen = known if said.plan is None else replace(known, balancer=said.plan.balancer, lease=_lease(said.plan, seen))
    if said.companion is None or said.companion.by is not By.BALANCER:
        return harden(seen)
    policy = _policy(seen)
    found = harden(seen)
    return replace(found, remarks=(*found.remarks, policy)) if policy else found


def _lease(plan: Spec, seen: Ground) -> ObjectRef:
    """Give the gateway's Lease in the workload's own cluster."""
    is_new = ref_of(seen.workload).name == target_ref(plan).name
    return lease_ref(plan, Side.NEW if is_new else Side.OLD)


def _policy(seen: Ground) -> Message | None:
    """Give the least policy of the container's credential; None where no cloud grants anything.

    UsageError for a container that could not know its rows, or that has no weight to set.
    """
    if seen.balancer is None:
        raise UsageError(say("harden.companion-no-balancer"))
    if not seen.ports:
        raise UsageError(say("harden.no-port"))
    driver = profile_of(seen.balancer.provider)
    if driver.new_groups or driver.steers_controller or (driver.rights and not driver.rights.weighs):
        raise UsageError(say("farewell.no-weight"))
    if driver.rights is None:
        return None
    return say("harden.companion-policy", policy=json.dumps(driver.rights.least_to_weigh(seen.balancer)))
