"""The pod that is set apart, as a value, and what its own object says of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.messages.findings import Subject
from migrator.domain.model.actions import PodRef, pod_object
from migrator.domain.model.balancer import Pools, Weighted
from migrator.domain.model.decisions import Halt
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, items, number, text, uid_of
from migrator.domain.observation.sighting import Objects, Sighting
from migrator.domain.steps.step import Quiet, halt

HEARS = 5.0
"""Seconds that a gateway which was told something may take until its own state shows it."""


@dataclass(frozen=True, slots=True)
class Captive:
    """A pod, and its rows of the balancer with the weights that they have while it serves."""

    pod: PodRef
    rows: tuple[Weighted, ...]

    @property
    def ref(self) -> ObjectRef:
        """Give the pod's object."""
        return pod_object(self.pod)


class OfPod(Quiet):
    """The answers of a quiet step that is about one pod."""

    __slots__ = ()
    pod: PodRef

    @property
    def objects(self) -> tuple[ObjectRef, ...]:
        """Look at the pod."""
        return (pod_object(self.pod),)


def there(pod: PodRef, seen: Sighting) -> Manifest | None:
    """Give the pod's object as it is; None when it is gone, and for another pod of the same name."""
    found = seen[Objects].get(pod_object(pod))
    return found if found is not None and uid_of(found) == pod.uid else None


def is_controlled(pod: Json) -> bool:
    """Say whether a controller owns the pod."""
    return any(row.get("controller") is True for row in items(pod, "metadata", "ownerReferences"))


def is_ready(pod: Json) -> bool:
    """Say whether the kubelet calls the pod Ready."""
    rows = items(pod, "status", "conditions")
    return any(text(row, "type") == "Ready" and text(row, "status") == "True" for row in rows)


def listed_in(slices: Iterable[Manifest], pod: PodRef) -> list[str]:
    """Give the EndpointSlices, by name, that still list the pod."""
    return [
        text(each, "metadata", "name")
        for each in slices
        if any(text(row, "targetRef", "uid") == pod.uid for row in items(each, "endpoints"))
    ]


def answers_at(pod: Json) -> frozenset[str]:
    """Give the addresses at which a pod answers: its own, and its node's where it has told of a port of its node."""
    ports = [row for container in items(pod, "spec", "containers") for row in items(container, "ports")]
    on_node = any(number(row, "hostPort") for row in ports)
    return frozenset({text(pod, "status", "podIP"), text(pod, "status", "hostIP") if on_node else ""}) - {""}


def heavy(rows: Iterable[Weighted], seen: Sighting) -> tuple[str, ...]:
    """Give the rows that have weight now, whatever they had when the plan was made."""
    now = seen[Pools].weights()
    return tuple(str(row.backend) for row in rows if now.get(row.backend))


def gone(pod: PodRef) -> Halt:
    """Halt because the pod that all is about is not there any more."""
    subject: Subject = str(pod_object(pod))
    return halt("isolate.pod-gone", subject, pod=pod.name)
