"""A plan's ground, recalled while its run goes on: what a gateway kind's own matrix must know, with the objects of now.

The matrix of a plan's own look is made from the same few values, so that the two differ only where an object does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.domain.drift.meaning import digest
from migrator.domain.gateways import gateway_profile, gateway_profiles
from migrator.domain.gateways.audit import Reached
from migrator.domain.model.balancer import Side
from migrator.domain.model.change import Node
from migrator.domain.model.kubernetes import container_named
from migrator.domain.model.manifests import Json, Manifest, mapping, ref_of
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import Listing, World

ALSO = (Listing("AuthorizationPolicy", ("security.istio.io/v1", "security.istio.io/v1beta1"), "AuthorizationPolicy"),)
"""What a plan lists for every gateway kind, and what reaches gateways too."""


def watched_kinds(spec: Spec) -> tuple[Listing, ...]:
    """Give the kinds that configure gateways, which the guard lists while a run goes on."""
    return (*lists_of(spec), *ALSO)


def lists_of(spec: Spec) -> tuple[Listing, ...]:
    """Give the kinds that both sides' gateways are configured by, each once."""
    return tuple(dict.fromkeys(kind for gateway in gateway_profiles(spec).each for kind in gateway.lists))


@dataclass(frozen=True, slots=True)
class Ground:
    """What tells both sides apart: their pods' labels, and the text of the settings that their gateways share."""

    old: tuple[tuple[str, str], ...] = ()
    new: tuple[tuple[str, str], ...] = ()
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a gateway kind's functions may read of a plan, from what was kept of it (a `Planned`). Pods are nobody's here."""

    spec: Spec
    source: Manifest | None
    workload: Manifest
    ground: Ground
    nodes: tuple[Node, ...] = ()
    new_ports: frozenset[int] = frozenset()
    objects: tuple[tuple[str, tuple[Json, ...]], ...] = ()

    @property
    def world(self) -> World:
        """Give the look: the objects of now, and neither side's pods."""
        old, new = Workload(source_ref(self.spec)), Workload(target_ref(self.spec))
        return World(self.source, old, new, self.nodes, self.objects)

    @property
    def old_pod(self) -> Manifest:
        """Give the spec of the old pods, by their template."""
        return mapping(self.source or {}, "spec", "template", "spec")

    @property
    def live_pod(self) -> Manifest:
        """Give the same: a live pod's own fields are not kept."""
        return self.old_pod

    @property
    def new_pod(self) -> Manifest:
        """Give the spec of the new pods."""
        return mapping(self.workload, "spec", "template", "spec")

    @property
    def container(self) -> Manifest:
        """Give the container of the new pods that answers requests."""
        said, profile = self.spec.gateway_of(Side.NEW), gateway_profile(self.spec, Side.NEW)
        return container_named(self.new_pod, (said.container, *profile.containers))

    @property
    def old_labels(self) -> Mapping[str, str]:
        """Give the labels that every old pod has."""
        return dict(self.ground.old)

    @property
    def new_labels(self) -> Mapping[str, str]:
        """Give the labels that every new pod has."""
        return dict(self.ground.new)

    @property
    def on_host(self) -> bool:
        """Say whether the new pods live in their node's network."""
        return self.new_pod.get("hostNetwork") is True

    @property
    def settings(self) -> str:
        """Give the text of the settings that the gateways share."""
        return self.ground.settings


def reached(planned: Recalled) -> tuple[tuple[Reached, str], ...]:
    """Give every object that reaches a side, with a digest of what it says now."""
    digests = {ref_of(thing): digest(thing) for _, rows in planned.objects for thing in rows if isinstance(thing, dict)}
    return tuple((row, digests.get(row.ref, "")) for row in gateway_profiles(planned.spec).matrix(planned))
