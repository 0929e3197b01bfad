"""What a plan works out of one look at the world, each part once: slots, the workload to be, Services, Guard's changes.

Checks, the plan and its facts read it. It judges nothing, and it neither looks nor asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from migrator.domain.drift.marking import markable
from migrator.domain.gateways import GatewayProfile, Profiles, gateway_profiles
from migrator.domain.gateways.written import with_written
from migrator.domain.hardening import Measure
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Change, Difference, Node
from migrator.domain.model.kubernetes import container_named
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec, Strategy
from migrator.domain.model.target import Derived, Existing, Kept, Network, TargetSpec
from migrator.domain.observation.world import World, template_labels
from migrator.domain.owners.owner import unowned
from migrator.domain.planning.backends import Sides, Slot, listening_ports, sides_of
from migrator.domain.planning.derive import (
    Derivation,
    derive,
    hardened,
    injected_pod,
    names_asked,
    needs_live,
    returning,
    second,
)
from migrator.domain.planning.existing.reading import resolved, stands_as
from migrator.domain.planning.guards import (
    Services,
    barred,
    changes_of,
    choose,
    companions,
    floors,
    for_clients,
    leave_weights,
    rests,
    scaled_objects,
    scalers,
    services_of,
)
from migrator.domain.planning.hardened import ground_of_new

Labels: TypeAlias = Mapping[str, str]
ADDED_BY_INJECTION = ("istio.io/", "service.istio.io/", "security.istio.io/", "networking.istio.io/")


@dataclass(frozen=True, slots=True)
class NewWorkload:
    """The workload to be, as it will be applied (but for its digest), and how it differs from the source.

    Both are empty without a source. `injected` is a Ready pod of the source that Istio's webhook has filled in, if there is
    one; `from_live` says whether the manifest was derived from it and not from the template. `hardened` are the measures by
    which it was given what it lacked so that its pods end without losing anything.
    """

    manifest: Manifest
    differences: tuple[Difference, ...] = ()
    injected: Manifest | None = None
    from_live: bool = False
    hardened: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One look (`world`), what the operator wants (`spec`), and everything that follows from both.

    `sides` are the slots of both sides; `old_labels` those that every live old pod has, `new_labels` those that every new
    pod will have; `scalers` and `scaled` (KEDA) are what scales the source; `changes` are those of step Guard, in order;
    `gateways` are both sides' profiles, `settings` the text of the settings that the old ones share, "" when it was not seen.
    """

    spec: Spec
    world: World
    gateways: Profiles
    sides: Sides
    new: NewWorkload
    old_labels: Labels
    new_labels: Labels
    services: Services
    scalers: tuple[Manifest, ...]
    scaled: tuple[Manifest, ...]
    changes: tuple[Change, ...]
    settings: str

    @property
    def source(self) -> Manifest | None:
        """Give the workload that serves today; None when it does not exist."""
        return self.world.source

    @property
    def old(self) -> tuple[Slot, ...]:
        """Give the old side's slots."""
        return self.sides.old

    @property
    def workload(self) -> Manifest:
        """Give the workload that the plan will apply; an empty one without a source."""
        return self.new.manifest

    @property
    def new_pod(self) -> Manifest:
        """Give the spec of the new pods."""
        return mapping(self.workload, "spec", "template", "spec")

    @property
    def old_pod(self) -> Manifest:
        """Give the spec of the old pods, by the source's template."""
        return mapping(self.source or {}, "spec", "template", "spec")

    @property
    def live_pod(self) -> Manifest:
        """Give the spec of a live old pod that a webhook filled in; the template's where there is none."""
        return mapping(self.new.injected or {}, "spec") or self.old_pod

    @property
    def container(self) -> Manifest:
        """Give the container of the new pods that answers requests: the one the plan names, one of the kind's, or the first."""
        return container_named(self.new_pod, (self.spec.gateway_of(Side.NEW).container, *self.gateways.new.containers))

    @property
    def new_ports(self) -> frozenset[int]:
        """Give the ports on which the balancer will dial the new side."""
        return frozenset(slot.backend.port for slot in self.sides.new)

    @property
    def on_host(self) -> bool:
        """Say whether the new pods live in their node's network."""
        return self.new_pod.get("hostNetwork") is True

    @property
    def was_on_host(self) -> bool:
        """Say whether the old pods live in their node's network already: no policy for pods means them."""
        return self.old_pod.get("hostNetwork") is True

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Give the nodes that must have a pod each; none where the scheduler places the pods."""
        return () if isinstance(self.spec.target, Kept) or self.spec.target.pod_targets.replicas else self.world.nodes

    @property
    def listening_ports(self) -> frozenset[int]:
        """Give the ports on which the old pods get the balancer's traffic."""
        return listening_ports(self.spec, self.old)

    @property
    def companions(self) -> tuple[Manifest, ...]:
        """Give what is removed with the source: what scales it, unless a controller makes it."""
        return companions(unowned(self.scalers), unowned(self.scaled))

    def knowing(self, world: World) -> Proposal:
        """Give this proposal with a look that has been told more: permissions, dry runs, counters.

        Everything else stays as it was worked out, so what it was worked out from must be the same in both looks.
        """
        return replace(self, world=world)


def propose(world: World, spec: Spec) -> Proposal:
    """Work everything out. What cannot be worked out is empty, and the checks tell of it."""
    world, spec = resolved(world, spec)
    gateways, sides = gateway_profiles(spec), sides_of(world, spec)
    spec = with_written(spec, gateways.old.written(world))
    listening = listening_ports(spec, sides.old)
    spec = _labelled(world, spec, listening)
    new = _new_workload(world, spec, gateways.new, sides)
    old_labels = _old_labels(world)
    services = services_of(world, spec, gateways.new.follows_services, old_labels, new.manifest, listening)
    hpas, scaled = scalers(world, spec), scaled_objects(world, spec)
    changes: list[Change] = []
    if world.source is not None:
        # The cloud controllers come first: any change of a Service makes them write its weights again.
        changes += leave_weights(unowned(services.leading), world, spec.after)
        changes += changes_of(world.source, spec, services, template_labels(new.manifest))
        changes += _pinned(world, spec, unowned(hpas), unowned(scaled))
    return Proposal(
        spec,
        world,
        gateways,
        sides,
        new,
        old_labels,
        _new_labels(spec, old_labels, new.manifest),
        services,
        hpas,
        scaled,
        (*markable(changes), *(barred(world, spec) if world.source is not None else ())),
        gateways.old.settings(world),
    )


def _pinned(world: World, spec: Spec, hpas: Iterable[Manifest], scaled: Iterable[Manifest]) -> list[Change]:
    """Give what keeps scalers from taking pods away, or, where the run itself takes them one by one, from doing anything."""
    return rests(hpas, scaled) if spec.strategy is Strategy.IN_PLACE else floors(hpas, scaled, world.old.wanted)


def workload_of(proposal: Proposal, target: TargetSpec) -> Manifest:
    """Give the workload that the same look would give with another target; the proposal's own is `workload`."""
    spec = replace(proposal.spec, target=target)
    return _new_workload(proposal.world, spec, proposal.gateways.new, sides_of(proposal.world, spec)).manifest


def _new_workload(world: World, spec: Spec, gateway: GatewayProfile, sides: Sides) -> NewWorkload:
    """Give the new workload: from a live injected pod where the template alone would not do.

    A workload that returns was kept by an earlier run, one that stands is somebody else's: nothing is derived.
    """
    if world.source is None:
        return NewWorkload({})
    live = injected_pod(world)
    if isinstance(spec.target, Existing):
        return NewWorkload(stands_as(world, spec), injected=live)
    from_live = live is not None and needs_live(world.source, spec, gateway)
    manifest, differences = _derived(world, world.source, spec, sides, live if from_live else None)
    if not spec.target.harden:
        return NewWorkload(manifest, differences, live, from_live)
    safe, said, measures = hardened(ground_of_new(world, spec, gateway, manifest, sides), spec.target.patch)
    return NewWorkload(safe, (*differences, *said), live, from_live, measures)


def _derived(world: World, source: Manifest, spec: Spec, sides: Sides, live: Manifest | None) -> Derivation:
    if isinstance(spec.target, Kept):
        services = world.services_of(template_labels(mapping(spec.target.workload)), target_ref(spec).namespace)
        return returning(spec.target, names_asked(services))
    dialled = frozenset(slot.backend.port for slot in sides.new)
    addresses = [name for cloud in world.clouds for name in cloud.pod_addresses]
    gates = [gate for cloud in world.clouds for gate in cloud.readiness_gates]
    named = names_asked(world.services_of(template_labels(source), source_ref(spec).namespace))
    if isinstance(spec.target, Derived) and spec.target.is_placed:
        return second(source, spec, gates, named)
    return derive(source, spec, live, dialled, addresses, gates, named)


def _old_labels(world: World) -> Labels:
    """Give the labels that every live old pod has (its template's when none lives): injection adds some."""
    live = [dict(pod.labels) for pod in world.old.live]
    if not live:
        return template_labels(world.source) if world.source is not None else {}
    return {k: v for k, v in live[0].items() if all(others.get(k) == v for others in live[1:])}


def _new_labels(spec: Spec, old: Labels, workload: Manifest) -> Labels:
    """Give the labels that the new pods will have: their template's, and with injection what the webhook adds."""
    own = template_labels(workload)
    if spec.target.network is Network.HOST:
        return own
    added = {k: v for k, v in old.items() if k.startswith(ADDED_BY_INJECTION) and k not in own}
    return {**added, **own}


def _labelled(world: World, spec: Spec, listening: frozenset[int]) -> Spec:
    """Give the spec with the labels that tell the new pods apart: the plan file's own, or chosen where it names none."""
    source, target = world.source, spec.target
    if source is None or isinstance(target, Kept | Existing) or target.labels:
        return spec
    found = world.services_of(template_labels(source), source_ref(spec).namespace)
    clients = [service for service in found if for_clients(service, source, world, listening)]
    return replace(spec, target=replace(target, labels=choose(source, world, clients)))
