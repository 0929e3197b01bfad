"""Where each side's workload is, as one value, and the one name of the gateway that they both are. It asks nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import namespace_of
from migrator.domain.model.manifests import Manifest, ObjectRef
from migrator.domain.model.spec import ClusterSpec, Spec
from migrator.domain.model.target import Kept


@dataclass(frozen=True, slots=True)
class Place:
    """The place of one side. `cluster` says how its API is reached, and the namespace in it that is this side's; `at` is the
    cluster's name in references, "" at the gateway's home."""

    cluster: ClusterSpec
    kind: str
    name: str
    at: str = ""

    @property
    def namespace(self) -> str:
        """Give the namespace of the side's workload, and so of everything that is the side's by its namespace."""
        return self.cluster.namespace

    @property
    def ref(self) -> ObjectRef:
        """Give the workload as an object of its cluster."""
        return ObjectRef("apps/v1", self.kind, self.namespace, self.name, self.at)


def place(spec: Spec, side: Side) -> Place:
    """Give where a side's workload is, or will be. A side that names no namespace of its own is in the plan's."""
    told = spec.source if side is Side.OLD else spec.target
    namespace = told.namespace or spec.cluster.namespace
    if spec.second is None or side is home_side(spec):
        return Place(replace(spec.cluster, namespace=namespace), told.kind, told.name)
    return Place(replace(spec.second, namespace=namespace), told.kind, told.name, spec.second.context or "")


def home_side(spec: Spec) -> Side:
    """Give the side at the gateway's home: the old one; on a plan back, which leads to it, the new one."""
    return Side.NEW if isinstance(spec.target, Kept) else Side.OLD


def home(spec: Spec) -> Place:
    """Give the place by which the gateway is known whichever way it is moved: there are the run's Lease and its record."""
    return place(spec, home_side(spec))


def namespaces(spec: Spec) -> tuple[str, ...]:
    """Give the namespaces of both sides, the old one's first; one where they share it."""
    return tuple(dict.fromkeys(place(spec, side).namespace for side in (Side.OLD, Side.NEW)))


def contexts(spec: Spec) -> tuple[str, str] | None:
    """Give the contexts of the old and the new side's cluster; None where both are in one."""
    if spec.second is None:
        return None
    old, new = (place(spec, side).cluster.context or "" for side in (Side.OLD, Side.NEW))
    return old, new


def apart(spec: Spec) -> bool:
    """Say whether the sides are in two namespaces."""
    return len(namespaces(spec)) > 1


def here(thing: Manifest, spec: Spec) -> tuple[bool, bool]:
    """Say of an object that means its own namespace alone whether that is the old side's, and whether it is the new side's."""
    space = namespace_of(thing)
    return space == source_ref(spec).namespace, space == target_ref(spec).namespace


def source_ref(spec: Spec) -> ObjectRef:
    """Give where the workload is that serves today."""
    return place(spec, Side.OLD).ref


def target_ref(spec: Spec) -> ObjectRef:
    """Give where the workload will be that serves when the run is over."""
    return place(spec, Side.NEW).ref


def lease_ref(spec: Spec, side: Side | None = None) -> ObjectRef:
    """Give the Lease of the gateway: one run at a time, whichever way and whichever store it belongs to. With two clusters each
    has one of that name; `side` None: the home's."""
    there = home(spec) if side is None or spec.second is None else place(spec, side)
    return ObjectRef("coordination.k8s.io/v1", "Lease", there.namespace, f"migrator-{gateway_name(spec)}")


def gateway_name(spec: Spec) -> str:
    """Give the name by which the gateway is known whichever way it is moved: the old workload's."""
    return home(spec).name
