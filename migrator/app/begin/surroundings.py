"""What the cluster shows of a gateway that is to be moved: which workloads are gateways, what leads to one, which nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.adapters.balancers import DRIVERS, profile_of
from migrator.domain.gateways.recognise import kind_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import name_of
from migrator.domain.model.manifests import (
    Json,
    Manifest,
    ObjectRef,
    items,
    labels,
    mapping,
    number,
    ref_of,
    selects,
    text,
)
from migrator.domain.observation.nodes import REPELLING, TOLERATED
from migrator.domain.observation.world import template_labels
from migrator.domain.ports.outside import ClusterReader

NO_GATEWAY = "none"
KINDS = ("Deployment", "DaemonSet")
READY = {"Deployment": "readyReplicas", "DaemonSet": "numberReady"}
FREE_NAMES = {"Deployment": ("ds", "daemonset", "ds2", "ds3"), "DaemonSet": ("2", "3", "4", "next")}
"""What a free name ends in, by the kind of the old workload: a DaemonSet is moved to other nodes or ports."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A workload that looks like a gateway: of which kind, and how many of its pods are ready."""

    ref: ObjectRef
    kind: str
    ready: int

    @property
    def name(self) -> str:
        """Give it as people write it."""
        return f"{self.ref.namespace}/{self.ref.name}"


@dataclass(frozen=True, slots=True)
class Named:
    """A balancer that a Service's annotation names, and the provider whose controller reads that annotation."""

    provider: str
    id: str
    service: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The old workload, the Services that lead to it, the cluster's nodes, and the name that a DaemonSet can have."""

    candidate: Candidate
    services: tuple[Manifest, ...]
    nodes: tuple[Manifest, ...]
    free_name: str

    def chosen(self, wanted: Sequence[tuple[str, str]]) -> tuple[Manifest, ...]:
        """Give the nodes with these labels."""
        return tuple(node for node in self.nodes if dict(wanted).items() <= labels(node, "metadata", "labels").items())


def candidates(reader: ClusterReader) -> tuple[Candidate, ...]:
    """Give every Deployment and DaemonSet of the cluster that looks like a gateway, the largest first."""
    found = (_candidate(each, kind) for kind in KINDS for each in reader.list_objects("apps/v1", kind))
    return tuple(sorted((c for c in found if c.kind != NO_GATEWAY), key=lambda c: (-c.ready, c.name)))


def found_as(reader: ClusterReader, namespace: str, name: str, kind: str = "") -> ObjectRef:
    """Give the workload of that name, of whichever kind it is. UsageError for none, or one of each kind where none is named."""
    refs = [ObjectRef("apps/v1", each, namespace, name) for each in KINDS if kind in ("", each)]
    there = [ref for ref in refs if reader.get(ref) is not None]
    if not there:
        raise UsageError(say("init.no-source", refs=tuple(str(ref) for ref in refs)))
    if len(there) > 1:
        raise UsageError(say("init.which-kind", name=f"{namespace}/{name}"))
    return there[0]


def look(reader: ClusterReader, ref: ObjectRef, target_namespace: str = "") -> Surroundings:
    """Look at one workload and what is around it. UsageError where it is not there; "" is its own namespace."""
    manifest = reader.get(ref)
    if manifest is None:
        raise UsageError(say("init.no-source", refs=(str(ref),)))
    having = template_labels(manifest)
    services = reader.list_objects("v1", "Service", ref.namespace)
    return Surroundings(
        _candidate(manifest, ref.kind),
        tuple(each for each in services if selects(labels(each, "spec", "selector"), having)),
        tuple(reader.list_objects("v1", "Node", keep=_small)),
        _free_name(reader, ref, target_namespace or ref.namespace),
    )


def named_balancers(services: Iterable[Manifest]) -> tuple[Named, ...]:
    """Give the balancers that the Services' annotations name. Several providers may read the same cloud's annotations."""
    found = [
        Named(provider, value, name_of(service))
        for service in services
        for key, value in labels(service, "metadata", "annotations").items()
        for provider in DRIVERS
        if _names(provider, key, value)
    ]
    return tuple(dict.fromkeys(found))


def suggested_labels(nodes: Iterable[Manifest]) -> tuple[tuple[str, str], ...]:
    """Give a label by which somebody seems to have chosen nodes for gateways, none where nothing says so."""
    marks = re.compile(r"gateway|ingress|edge")
    found = sorted({pair for node in nodes for pair in labels(node, "metadata", "labels").items()})
    return tuple(pair for pair in found if marks.search(" ".join(pair)) and pair[1] != "false")[:1]


def tolerations(nodes: Iterable[Manifest]) -> tuple[Json, ...]:
    """Give what the new pods have to tolerate so that they run on these nodes."""
    taints = {
        (text(taint, "key"), text(taint, "value"), text(taint, "effect"))
        for node in nodes
        for taint in items(node, "spec", "taints")
        if text(taint, "effect") in REPELLING and text(taint, "key") not in TOLERATED
    }
    return tuple(_toleration(*taint) for taint in sorted(taints))


def _toleration(key: str, value: str, effect: str) -> Json:
    own: dict[str, Json] = {"operator": "Equal", "value": value} if value else {"operator": "Exists"}
    return {"key": key, **own, "effect": effect}


def _names(provider: str, key: str, value: str) -> bool:
    """Say whether an annotation names a balancer to a provider's controller."""
    cloud = profile_of(provider).cloud
    if cloud is None or not key.startswith(cloud.controller.prefixes):
        return False
    return re.fullmatch(cloud.controller.balancer_id, value) is not None


def _candidate(manifest: Manifest, of: str) -> Candidate:
    kind = kind_of(mapping(manifest, "spec", "template"))
    ref = ref_of(manifest)
    whole = ObjectRef("apps/v1", of, ref.namespace, ref.name)  # a list's items do not say what they are
    return Candidate(whole, kind, number(manifest, "status", READY[of]))


def _small(node: Manifest) -> Manifest:
    """Give of a node what is read here."""
    return {"metadata": mapping(node, "metadata"), "spec": mapping(node, "spec")}


def _free_name(reader: ClusterReader, ref: ObjectRef, namespace: str) -> str:
    """Give a name that no DaemonSet of the namespace has; of names that are all taken, the first: `plan` says so."""
    names = [f"{ref.name}-{end}" for end in FREE_NAMES[ref.kind]]
    taken = (reader.get(ObjectRef("apps/v1", "DaemonSet", namespace, name)) for name in names)
    return next((name for name, found in zip(names, taken, strict=False) if found is None), names[0])
