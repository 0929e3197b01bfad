"""The Services of both sides in one look: which lead to the old pods, and what a run makes of each. It judges nothing.

A Service selects pods of its own namespace alone: where the sides are in two, none of the old side's can lead to the new pods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.refs import apart, source_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Existing, Kept
from migrator.domain.observation.world import World, template_labels
from migrator.domain.owners.owner import unowned
from migrator.domain.planning.backends import declared_ports
from migrator.domain.planning.guards.companion import companion
from migrator.domain.planning.guards.returning import kept_services, repointed
from migrator.domain.planning.guards.services import Treatment, guarded, telling, treatments


@dataclass(frozen=True, slots=True)
class Services:
    """The Services of the old pods. `leading` select them; `changed` are those that the run changes; `treated` says of each
    Service of either side what becomes of it (nothing on a plan back, where every one is led to the returning pods).

    `telling` is the label of the old template that every old pod has and no new one will, if there is one. `own` is the
    headless Service that the new pods get of their own, where they need one. `declared` are the ports that the template or a
    Service names.
    """

    leading: tuple[Manifest, ...] = ()
    changed: tuple[Manifest, ...] = ()
    telling: tuple[str, str] | None = None
    own: Manifest | None = None
    declared: frozenset[int] = frozenset()
    treated: tuple[tuple[Manifest, Treatment], ...] = ()


def services_of(
    world: World,
    spec: Spec,
    followed: bool,
    old_labels: Mapping[str, str],
    workload: Manifest,
    listening: frozenset[int],
) -> Services:
    """Give the Services of a look and what becomes of each. `followed`: gateways listen where their Services say."""
    if world.source is None:
        return Services()
    source, target, here = world.source, spec.target, source_ref(spec).namespace
    own, new = template_labels(source), template_labels(workload)
    by_template = world.services_of(own, here)
    label = telling(source, world.old.live, spec.target.labels)
    leading = world.services_of({**old_labels, **own}, here)
    stands = isinstance(target, Existing)
    beside = companion(spec, source, by_template, new) if followed and not stands else None
    own_one = None if isinstance(target, Kept) else beside  # what returns elsewhere finds its Services there
    if spec.second is not None:  # no Service selects pods of another cluster
        return Services(tuple(leading), (), label, own_one, declared_ports(source, by_template))
    if apart(spec):
        rows = tuple((row, Treatment.ELSEWHERE) for row in leading)
        return Services(tuple(leading), (), label, own_one, declared_ports(source, by_template), rows)
    if isinstance(target, Kept):
        kept = kept_services(unowned(by_template), target)
        return Services(tuple(leading), kept, label, beside, declared_ports(source, by_template))
    # What leads to a workload that stands, and to no old pod, is its own.
    met = [*leading, *(row for row in world.services_of(new, here) if row not in leading and not stands)]
    treated = treatments(met, source, new, world, listening, label is not None, spec.guard)
    changed = tuple(row for row, what in treated if what in (Treatment.APART, Treatment.NARROWED))
    return Services(tuple(leading), changed, label, beside, declared_ports(source, by_template), treated)


def changes_of(source: Manifest, spec: Spec, services: Services, new: dict[str, str]) -> list[Change]:
    """Give the changes of the Services that the run changes, in their order."""
    if isinstance(spec.target, Kept):
        return repointed(source, services.changed, spec, spec.target, new, services.telling)
    return guarded(source, services.treated, spec, new, services.telling)
